"""Invented forms: a new 认购书 with two mistakes, a decision, a password, a refusal."""

from __future__ import annotations

from markupsafe import Markup

from app.kernel.screens import page as p
from tests.look.doc_samples import TRAIL
from tests.look.shell_samples import T, money

BUYER = p.FormField(
    "customer",
    "客户",
    "ajax",
    required=True,
    value="1",
    shown="张丽华　138****8888",
    url="/find",
    hint="只列出你名下的客户",
)
FORM = p.FormPage(
    title="新增认购书",
    crumbs=(p.Crumb("交易"), p.Crumb("认购书", "/reservations"), p.Crumb("新增")),
    sections=(
        p.FormSection(
            "",
            (
                BUYER,
                p.FormField(
                    "unit", "房源", "select", required=True, options=(p.Option("1", "3栋1单元1102"),), value="1"
                ),
                p.FormField(
                    "deposit",
                    "定金",
                    "money",
                    required=True,
                    value="3,000.00",
                    suffix="元",
                    errors=("不能低于最低定金 5,000.00 元",),
                ),
                p.FormField(
                    "due",
                    "应签约日",
                    "date",
                    required=True,
                    value="2026-11-20",
                    errors=("不能早于认购日期 2026-11-24",),
                ),
                p.FormField("number", "认购书编号", value="提交时生成", readonly=True),
                p.FormField("area", "建筑面积", "number", value="89.53", suffix="㎡"),
                p.FormField("shown_at", "看房时间", "datetime", value="2026-11-24T10:30"),
                p.FormField(
                    "way",
                    "付款方式",
                    "radio",
                    required=True,
                    value="loan",
                    options=(p.Option("once", "一次性"), p.Option("loan", "商业按揭")),
                ),
                p.FormField(
                    "gifts",
                    "赠送",
                    "multi",
                    value=("ac",),
                    options=(p.Option("ac", "空调"), p.Option("park", "车位券")),
                ),
                p.FormField("note", "备注", "textarea", hint="客户看得到这一段"),
                p.FormField("paper", "附件", "file", multiple=True, accept=".pdf,.jpg"),
                p.FormField("agree", "客户已阅读并同意个人信息告知书", "checkbox", required=True, wide=True),
            ),
        ),
        p.FormSection(
            "贷款",
            (
                p.FormField("bank", "贷款银行", "select", options=(p.Option("a", "江城银行"),)),
                p.FormField("years", "年限", "number", value="30", suffix="年"),
            ),
        ),
    ),
    submit_label="提交审核",
    other_submits=(("draft", "存草稿"),),
    back_url="/reservations",
    card_title="认购内容",
    key="k-1",
    version="7",
)
DECISION = p.FormPage(
    title="审批：特殊优惠折扣单 ZK-2026-0057",
    tag=T("剩 12 分钟，限 30 分钟", "warn"),
    crumbs=(p.Crumb("待我审批", "/inbox"), p.Crumb("特殊优惠折扣单 ZK-2026-0057")),
    stepbar=(
        p.StepMark("申请", "陈佳　今日 14:14", "done"),
        p.StepMark("甲方负责人", "直达　沈国栋（你）", "now"),
        p.StepMark("已批", "本房源、本客户"),
        p.StepMark("已使用", "提交认购书时"),
    ),
    card_title="你的意见",
    warning=Markup("额外让利 <b>2.19 %</b>，超过甲方现场负责人的 2 %，由你一人决定。"),
    sections=(
        p.FormSection(
            "",
            (
                p.FormField(
                    "decision",
                    "决定",
                    "choice",
                    value="yes",
                    options=(
                        p.Option(
                            "yes", "同意", "审批结束，陈佳可提交认购书", ask="同意这份特殊优惠？", verb="同意并提交"
                        ),
                        p.Option("back", "退回修改", "回到陈佳，可再提交"),
                        p.Option("no", "不同意", "申请结束", ask="不同意这份特殊优惠？", verb="不同意并提交"),
                    ),
                ),
                p.FormField(
                    "opinion",
                    "审批意见",
                    "textarea",
                    required=True,
                    hint="意见会写入审批轨迹，提交后不能修改。",
                    phrases=("同意，限本周签约", "请补竞品比价", "请改为付款方式优惠"),
                ),
                p.FormField(
                    "price",
                    "核定总价",
                    "money",
                    required=True,
                    value="1,390,312.00",
                    suffix="元",
                    hint="不低于申请总价 1,390,312.00",
                ),
                p.FormField("until", "有效至", "date", required=True, value="2026-11-29"),
            ),
        ),
    ),
    submit_label="提交意见",
    back_url="/inbox",
    side=(
        p.Card(
            "申请内容",
            facts=(
                p.Fact("房源", "3栋1单元1104　C 户型"),
                p.Fact("客户", "赵雅婷　159****3340"),
                p.Fact("额外让利", money("−31,058.17 元")),
            ),
            more=p.Link("打开单据", "/doc"),
        ),
        p.Card("审批轨迹", kind="timeline", timeline=TRAIL),
    ),
)
PASSWORD = p.FormPage(
    title="修改密码",
    sections=(
        p.FormSection(
            "",
            (
                p.FormField("old", "现在的密码", "password", required=True, wide=True),
                p.FormField("new", "新密码", "password", required=True),
                p.FormField("again", "再写一遍新密码", "password", required=True),
            ),
        ),
    ),
    submit_label="修改密码",
    back_url="/",
)
STALE = p.ErrorPage(
    409,
    "这份单据刚被改过",
    "周敏 于 14:21 已将它审核通过。你看到的是旧页面，没有任何改动被保存。",
    kept=(("审批意见", "同意。老业主介绍，\n限 11 月 29 日前提交认购书。"), ("核定总价", "1,390,312.00")),
    links=(p.Link("打开最新内容", "/latest", tone="primary"), p.Link("返回列表", "/list")),
)
LOST = p.ErrorPage(
    404, "没有这个页面", "地址可能写错了，或者你没有权限查看。", links=(p.Link("去登录", "/login", tone="primary"),)
)
