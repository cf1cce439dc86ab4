"""An invented 认购书 with its cards, on screen and on paper."""

from __future__ import annotations

from markupsafe import Markup

from app.kernel.screens import page as p
from tests.look.shell_samples import T, tag

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
