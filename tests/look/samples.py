"""Invented records in Chinese, one page model of every kind, for the preview and its tests."""

from __future__ import annotations

from markupsafe import Markup

from app.kernel.screens import page as p

T = p.Tag
SHELL = p.Shell(
    user_name="周敏",
    post="销售主管",
    project="江畔云庐",
    projects=(p.ProjectChoice(1, "江畔云庐", True), p.ProjectChoice(2, "翠湖壹号")),
    switch_url="/project",
    unread=6,
    password_url="/password",
    profile_url="/me",
    logout_url="/logout",
    help_url="/help",
    counts={"Inbox": 4},
)


def money(text: str) -> p.Html:
    return Markup('<span class="neg">{}</span>').format(text) if text.startswith("−") else text


def tag(label: str, tone: str) -> Markup:
    return Markup('<span class="tag {}">{}</span>').format(tone, label)


def _customer(n: int, name: str, phone: str, grade: str, state: tuple[str, str]) -> p.Row:
    return p.Row(
        id=str(n),
        url=f"/customers/{n}",
        name=name,
        cells=(
            p.Cell(name),
            p.Cell(phone),
            p.Cell(Markup('<span class="grade {}">{}</span>').format(grade, grade)),
            p.Cell("自住改善 · 三房 · 110—130 万"),
            p.Cell("朋友介绍"),
            p.Cell("林晓"),
            p.Cell(tag(*state)),
            p.Cell("今日 10:42"),
            p.Cell(None),
        ),
        ops=(
            p.Link("跟进", "/follow"),
            p.Link("查看", f"/customers/{n}"),
            p.Link("编辑", "/edit"),
            p.Link("移入公海", "/drop", tone="risk", method="post", confirm="该客户将不再属于林晓。"),
        ),
    )


CUSTOMERS = p.ListPage(
    title="客户列表",
    crumbs=(p.Crumb("客户"), p.Crumb("客户列表")),
    acts=(
        p.Link("导入", "/import", icon="up"),
        p.Link("导出", "/export", icon="down"),
        p.Link("新增客户", "/add", tone="primary", icon="plus"),
    ),
    chips=(
        p.Chip("我组全部", "?f=1", True, 312),
        p.Chip("今日应跟进", "?f=2", count=11),
        p.Chip("跟进逾期", "?f=3", count=2),
        p.Chip("A/B 级意向", "?f=4", count=47),
        p.Chip("7 天内掉保护", "?f=5", count=9),
    ),
    save_filter_url="/filters",
    search_placeholder="姓名、拼音、手机全号或尾号 4 位",
    filters=(
        p.FilterField("grade", "等级", options=(p.Option("A", "A"), p.Option("B", "B"))),
        p.FilterField("state", "状态", options=(p.Option("new", "新客"),)),
        p.FilterField("owner", "归属顾问", options=(p.Option("1", "林晓"),)),
    ),
    more_filters=(p.FilterField("since", "登记自", kind="date"), p.FilterField("channel", "渠道", kind="text")),
    reset_url="?",
    bulk=(p.BulkStep("transfer", "转顾问"), p.BulkStep("grade", "改等级"), p.BulkStep("send", "报送甲方")),
    bulk_url="/bulk",
    columns=(
        p.Column("name", "姓名", sort_url="?o=name", phone="hd"),
        p.Column("phone", "手机"),
        p.Column("grade", "等级", sort_url="?o=grade"),
        p.Column("wish", "意向", phone="lo"),
        p.Column("channel", "认知途径", phone="lo"),
        p.Column("owner", "归属顾问"),
        p.Column("state", "状态", phone="badge"),
        p.Column("last", "最近跟进", sort_url="?o=last", sort="descending", phone="lo"),
        p.Column("next", "下次跟进", sort_url="?o=next"),
    ),
    rows=(
        _customer(1, "张丽华", "138****8888", "A", ("跟进", "info")),
        _customer(2, "刘建国", "139****2106", "A", ("跟进", "info")),
        _customer(3, "陈思远", "186****7731", "B", ("跟进", "info")),
        _customer(4, "黄淑芬", "137****0452", "B", ("认筹", "cyan")),
        _customer(5, "吴志强", "135****9917", "C", ("公海", "mute")),
        _customer(6, "周慧敏", "136****1180", "D", ("认购", "warn")),
    ),
    pager=p.Pager(
        "共 312 位",
        page=2,
        pages=21,
        size=15,
        sizes=(15, 50),
        prev_url="?page=1",
        next_url="?page=3",
        numbers=(
            p.PageNumber("1", "?page=1"),
            p.PageNumber("2", current=True),
            p.PageNumber("3", "?page=3"),
            p.PageNumber("…"),
            p.PageNumber("21", "?page=21"),
        ),
        kept=(("f", "1"),),
    ),
)
NO_CUSTOMERS = p.ListPage(
    title="跟进记录",
    columns=CUSTOMERS.columns,
    rows=(),
    pager=p.Pager("共 0 条"),
    search_placeholder="客户、顾问",
    empty_title="还没有跟进记录",
    empty_hint="写下第一次沟通，系统会按等级提醒下次时间。",
    empty_link=p.Link("写跟进", "/add", tone="primary"),
)

RECEIVABLES = p.Table(
    columns=(
        p.Column("item", "款项", phone="hd"),
        p.Column("due", "应收日"),
        p.Column("amount", "应收（元）", numeric=True),
        p.Column("paid", "已收（元）", numeric=True),
        p.Column("wait", "待确认（元）", numeric=True),
        p.Column("state", "状态", phone="badge"),
    ),
    rows=(
        p.Row(
            "1",
            "",
            "定金",
            (
                p.Cell("定金"),
                p.Cell("2026-11-24"),
                p.Cell("20,000.00"),
                p.Cell("0.00"),
                p.Cell("20,000.00"),
                p.Cell(tag("待甲方财务确认", "warn")),
            ),
        ),
        p.Row(
            "2",
            "",
            "首付款",
            (
                p.Cell("首付款"),
                p.Cell("2026-12-01"),
                p.Cell("316,834.00"),
                p.Cell("0.00"),
                p.Cell("0.00"),
                p.Cell(tag("未到期", "mute")),
            ),
        ),
    ),
    totals=(p.Cell("合计"), p.Cell(), p.Cell("336,834.00"), p.Cell("0.00"), p.Cell("20,000.00"), p.Cell()),
)
STEPS = (
    p.StepMark("草稿", "11-24 10:15　林晓", "done"),
    p.StepMark("销控锁定", "11-24 10:20　林晓", "done"),
    p.StepMark("审核中", "等待 周敏 审核", "now"),
    p.StepMark("待定金", "甲方财务确认"),
    p.StepMark("有效", "应签约 12-01"),
    p.StepMark("已转签约"),
)
TRAIL = (
    p.TimelineItem("提交", "ok", "林晓", "置业顾问", "11-24 10:42", "客户已看样板房两次，本周内可签约。"),
    p.TimelineItem(
        "退回",
        "back",
        "沈国栋",
        "甲方负责人",
        "今日 13:41",
        "补竞品比价再报。",
        (T("代录，待周敏核", "warn"),),
        "微信批复，方芳登记",
    ),
    p.TimelineItem("知会", "info", "周敏、吴越、谭明", note="销售主管、案场经理、项目经理"),
    p.TimelineItem("主管审核", "now", "周敏", when="剩 3 小时 28 分"),
    p.TimelineItem("定金确认", "todo", "宋岚", "甲方财务"),
)
PRICE = p.Card(
    "价格",
    kind="calc",
    total="1,106,834.00",
    total_unit="元",
    words="人民币壹佰壹拾万零陆仟捌佰叁拾肆元整",
    lines=(
        p.CalcLine("表价 89.53 × 12,800.00", "1,145,984.00"),
        p.CalcLine("公开优惠　按揭 98 折", "−22,919.68", "neg"),
        p.CalcLine("公开折后总价", "1,106,834.00", "sum"),
        p.CalcLine("成交总价", "1,106,834.00", "sum"),
    ),
)
POINTS = p.Card(
    "要点",
    facts=(
        p.Fact("房源", Markup('<a href="/units/1">3栋1单元1102</a>　B 户型')),
        p.Fact("买方", Markup('<a href="/customers/1">张丽华</a>　100 % 单独所有')),
        p.Fact("建筑面积", "89.53 ㎡"),
        p.Fact("手机", "138****8888", reveal_url="/reveal"),
        p.Fact("备注", "", wide=True),
    ),
    more=p.Link("3栋1单元1102 在销控表中", "/board"),
)
FILES = p.Card(
    "附件",
    kind="files",
    note="必备 2 件，缺 1 件",
    files=(
        p.FileItem("认购书签字件.pdf", "/f/1", "PDF", "1.2 MB", "林晓", "10:40"),
        p.FileItem("身份证正反面.jpg", "/f/2", "JPG", "860 KB", "林晓", "10:38"),
        p.FileItem("婚姻状况证明", who="签约前补齐"),
    ),
    more=p.Link("上传", "/upload", icon="clip"),
)
HISTORY = p.Card(
    "变更历史",
    kind="history",
    history=(
        p.HistoryItem("11-24 10:42:07", "林晓", "状态", "销控锁定", "审核中"),
        p.HistoryItem("11-24 10:31:22", "林晓", "应签约日", None, "2026-12-01"),
    ),
)
RESERVATION = p.DetailPage(
    title="认购书",
    number="RG-2026-0318",
    tag=T("审核中", "info"),
    crumbs=(p.Crumb("交易"), p.Crumb("认购书", "/reservations"), p.Crumb("RG-2026-0318")),
    acts=(
        p.Link("打印", "/print", icon="print"),
        p.Link(
            "退回修改",
            "/return",
            tone="risk",
            method="post",
            confirm="认购书回到草稿，林晓可修改后再提交。",
            confirm_title="退回认购书 RG-2026-0318？",
        ),
        p.Link("审核通过", "/approve", tone="primary"),
    ),
    more_acts=(p.Link("复制", "/copy"), p.Link("作废", "/void", tone="risk")),
    stepbar=STEPS,
    note="定金确认要等甲方财务；到账前不能转签约。",
    main=(POINTS, FILES),
    side=(PRICE, p.Card("审批轨迹", kind="timeline", timeline=TRAIL)),
    tabs=(
        p.Tab("plan", "付款计划", 3, p.Card("付款计划", kind="table", table=RECEIVABLES)),
        p.Tab("money", "收款", 1, url="/pane"),
        p.Tab("log", "变更历史", 2, HISTORY),
    ),
)

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
