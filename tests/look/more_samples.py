"""Further invented pages: home, board, inbox, search, notices, print, import."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from app.kernel.screens import page as p
from tests.look.samples import CUSTOMERS, FILES, POINTS, PRICE, RECEIVABLES, TRAIL, T, tag

HOME = p.HomePage(
    greeting="下午好，周敏",
    lead=Markup(
        '今天 8 项职责，已完成 3 项，<span class="todo-dot">1 项逾期</span>；另有 4 件待你审批。2026年11月24日 星期二'
    ),
    acts=(p.Link("登记来访", "/visit", icon="users"), p.Link("写工作日志", "/log", icon="cal")),
    stats=(
        p.Stat("来电", "18", "组", "昨日 15", "▲ 3", "up", "/calls"),
        p.Stat("来访（首访 / 复访）", "12", "/ 7 组", "昨日 14 / 5", "▼ 2", "down", "/visits"),
        p.Stat("今日认购", "2", "套", "226.40 万元　另锁定 5 套"),
        p.Stat("今日签约", "1", "套", "142.36 万元"),
        p.Stat("今日到账", "86.50", "万元", "甲方财务待确认 2 笔"),
        p.Stat("本月认购完成率", "71.4", "%", "2,499 / 3,500 万元"),
    ),
    duty_groups=(
        p.DutyGroup(
            "今日",
            (
                p.Duty(
                    "客户投诉首次回复：2栋1单元0803 王先生",
                    "/c",
                    "late",
                    "S1.5.1　客户投诉 · 今日 09:10 受理，承诺 2 小时内首次回复",
                    "逾期 3 小时 20 分",
                    p.Link("去回复", "/c"),
                ),
                p.Duty(
                    "销控核对：与甲方现场、甲方财务三方确认",
                    "/s",
                    "soon",
                    "S1.4.2　日清核对 · 2 处差异待说明",
                    "今日 18:30 前",
                    p.Link("去核对", "/s"),
                ),
                p.Duty(
                    "确认各顾问当日业绩",
                    "/o",
                    "open",
                    "S2.5　日清 · 9 人中已确认 4 人",
                    "今日 18:30 前",
                    p.Link("去确认", "/o"),
                ),
                p.Duty("主持每日例会并发出纪要", "/m", "done", "S2.4　会议纪要 · 9 人已签收", "08:45 完成"),
            ),
            3,
            8,
        ),
        p.DutyGroup(
            "本周",
            (p.Duty("周报上报销售经理", "/w", "open", "S2.3　周报", "下周一 09:30 前", p.Link("去填写", "/w")),),
            3,
            5,
            "11月23日—29日",
        ),
    ),
    duty_views=(p.Link("待办", "?v=1", tone="primary"), p.Link("全部 52", "?v=2")),
    duty_more=p.Link("按岗位职责书查看", "/duties"),
    feeds=(
        p.Feed(
            "待我审批",
            (
                p.FeedItem(
                    "特殊优惠 · 2栋1单元0902", "/a", "何涛 · 额外让利 0.42 %，你可终批", tag=T("剩 18 分", "warn")
                ),
                p.FeedItem("认购书 RG-2026-0318", "/b", "林晓 · 1,106,834.00 元", tag=T("今日", "info")),
            ),
            4,
            p.Link("全部", "/inbox"),
        ),
        p.Feed(
            "提醒",
            (p.FeedItem("3 套保留今日到期，到期自动释放", "/h", "3栋1单元0903、1204", "mark"),),
            more=p.Link("设置", "/set"),
        ),
    ),
)
SOON = (datetime.now(UTC) + timedelta(minutes=11, seconds=30)).isoformat()

LETTERS = (
    ("wait", "未", "未推"),
    ("free", "可", "可售"),
    ("hold", "留", "保留"),
    ("lock", "锁", "锁定"),
    ("book", "订", "小订"),
    ("order", "购", "认购"),
    ("draft", "草", "草签"),
    ("sign", "签", "签约"),
    ("hand", "交", "交付"),
    ("stop", "停", "停售"),
)


def cell(section: int, floor: int, position: int, code: int | None = None) -> p.BoardCell:
    """A unit whose state follows from its place, so that every state is on the board."""
    state, key, label = LETTERS[(section * 3 + floor * 7 + position) % 10 if code is None else code]
    room = f"{floor:02d}{position:02d}"
    return p.BoardCell(
        unit_id=section * 10000 + floor * 100 + position,
        room=room,
        state_code=state,
        key=key,
        aria_label=f"{section}单元{room} {label} 145.2万",
        price_text="145.2",
        mine=(floor + position) % 7 == 0,
        badge="意 5" if state == "wait" and position == 1 else "",
        until=SOON if state == "lock" and position == 2 else "",
    )


COLUMNS = tuple(
    p.BoardColumn(f"{n:02d}", t, a)
    for n, t, a in ((1, "A", "128.60㎡"), (2, "B", "89.53㎡"), (3, "B", "89.53㎡"), (4, "C", "108.20㎡"))
)
LEGEND = tuple(p.LegendEntry(code, letter, label, 14) for code, letter, label in LETTERS)
BOARD = p.BoardPage(
    title="销控表　3栋",
    buildings=tuple(p.BoardBuilding(n, f"{n}栋", f"?b={n}", n == 3) for n in (1, 2, 3, 5)),
    sections=(p.BoardSection("1单元", COLUMNS), p.BoardSection("2单元", COLUMNS)),
    floors=tuple(
        p.BoardRow(
            f"{f}层", tuple(tuple(None if f == 1 and n == 4 else cell(s, f, n) for n in range(1, 5)) for s in (1, 2))
        )
        for f in range(18, 0, -1)
    ),
    legend=LEGEND,
    version="v1",
    cells_url="/board/cells",
    drawer_url="/board/unit/{id}",
    facts=Markup("推出 128 套　已售 62 套　去化率 <b>48.44 %</b>"),
    clock="14:32:05",
    crumbs=(p.Crumb("房源"), p.Crumb("销控表")),
    acts=(
        p.Link("打印", "/print", icon="print"),
        p.Link("导出", "/x", icon="down"),
        p.Link("销控核对", "/check", tone="primary"),
    ),
    filters=(
        p.BoardFilter("type", "全部户型", (p.Option("A", "A 四房"),)),
        p.BoardFilter("price", "总价不限", (p.Option("1", "120 万以下"),)),
    ),
    mine_only=False,
    mine_label="只看我组",
    caption="3栋销控表，两个单元，18 层，每层 4 户",
)
DRAWER = p.DrawerPage(
    "3栋1单元1102",
    "lock",
    "锁",
    "B 户型 三房两厅两卫 · 南北 · 江景",
    "1,106,834.00",
    "元　成交总价",
    T("锁定", "cyan"),
    (
        p.Fact("买方", "张* 138****8888"),
        p.Fact("顾问", "林晓（一组）"),
        p.Fact("表价", "12,800.00 元/㎡，1,145,984.00 元"),
    ),
    (
        p.TimelineItem("可售 → 锁定", "now", when="今日 10:20", note="林晓 销控"),
        p.TimelineItem("未推 → 可售", "ok", when="10-01 09:00", note="第 2 批推盘"),
    ),
    acts=(
        p.Link("审核认购书", "/r", tone="primary"),
        p.Link("打开认购书", "/r"),
        p.Link("置业计划", "/plan"),
        p.Link("驳回并释放", "/free", tone="risk", method="post", confirm="房源回到可售。"),
    ),
)

INBOX = p.InboxPage(
    tabs=(
        p.InboxTab("待我审批", "?t=1", True, 4),
        p.InboxTab("我发起的", "?t=2"),
        p.InboxTab("已办", "?t=3"),
        p.InboxTab("知会我的", "?t=4", count=2),
    ),
    records=p.ListPage(
        title="审批",
        columns=(
            p.Column("what", "事项", phone="hd"),
            p.Column("who", "申请人"),
            p.Column("point", "要点"),
            p.Column("at", "提交时间", phone="lo"),
            p.Column("due", "时限", phone="badge"),
        ),
        rows=tuple(
            p.Row(
                str(n),
                f"/a/{n}",
                t,
                (p.Cell(t, sub="ZK-2026-0057"), p.Cell(w), p.Cell(x), p.Cell("今日 14:14"), p.Cell(tag(d, "warn"))),
                (p.Link("审批", f"/a/{n}"),),
            )
            for n, (t, w, x, d) in enumerate(
                (
                    ("特殊优惠 2栋1单元0902", "何涛", "额外让利 0.42 %", "剩 18 分"),
                    ("延期签约 2栋2单元0604", "何涛", "顺延 3 天", "今日"),
                ),
                1,
            )
        ),
        pager=p.Pager("共 2 件"),
        bulk=(p.BulkStep("ok", "同意"),),
        bulk_url="/bulk",
    ),
)
SEARCH = p.SearchPage(
    "张丽华",
    (
        p.HitGroup(
            "客户",
            (
                p.Hit(
                    Markup("<b>张丽华</b>　138****8888"), "/customers/1", "A 级 · 林晓", "今日 10:42", T("跟进", "info")
                ),
            ),
            "1 位",
            p.Link("全部客户", "/customers"),
        ),
        p.HitGroup(
            "认购书",
            (p.Hit("RG-2026-0318", "/r", "3栋1单元1102 · 1,106,834.00 元", "今日 10:15", T("审核中", "info")),),
            "1 份",
        ),
    ),
    "共 2 条",
)
NOTICES = p.NoticesPage(
    (
        p.HitGroup(
            "今日",
            (
                p.Hit("认购书 RG-2026-0318 等你审核", "/r", "林晓提交", "10:42", unread=True),
                p.Hit("导出完成：客户列表 312 行", "/x", when="09:12"),
            ),
        ),
    ),
    (p.InboxTab("全部", "?", True), p.InboxTab("未读", "?u=1", count=6)),
    "/notices/read",
)
PRINT = p.PrintPage(
    "认购书",
    (POINTS, p.Card("付款计划", kind="table", table=RECEIVABLES), PRICE),
    "RG-2026-0318",
    "江城置业有限公司　江畔云庐",
    ("买方：", "置业顾问：", "日期："),
    "林晓 打印于 2026-11-24 14:32",
    "/r",
)
CRUMBS = (p.Crumb("客户", "/customers"), p.Crumb("导入"))
UPLOAD = p.ImportUpload(
    "导入客户", CRUMBS, "/template.xlsx", "/customers", notes=("第一行是列名，一行一位客户", "手机号按文本填写")
)
MAPPING = p.ImportMapping(
    "导入客户",
    CRUMBS,
    "客户名单.xlsx",
    (
        p.ImportColumn(
            "c0", "姓名", ("张丽华", "刘建国"), (p.Option("name", "姓名"), p.Option("phone", "手机")), "name"
        ),
        p.ImportColumn(
            "c1",
            "电话",
            ("10012345678",),
            (p.Option("name", "姓名"), p.Option("phone", "手机")),
            "",
            "手机必须有一列对应",
        ),
    ),
    "/customers",
    rows_text="共 312 行",
)
PREVIEW = p.ImportPreview(
    "导入客户",
    CRUMBS,
    "客户名单.xlsx",
    310,
    2,
    (p.SumCheck("行数", "312", "310", False), p.SumCheck("定金合计（元）", "620,000.00", "620,000.00", True)),
    (p.ImportFault(7, "手机", "1001234", "手机要 11 位数字"), p.ImportFault(19, "等级", "E", "等级只能是 A、B、C、D")),
    p.Table(CUSTOMERS.columns, CUSTOMERS.rows[:2]),
    "/import",
    False,
    "改好文件后重新上传；一行有错，整份不导入。",
    errors_url="/errors.xlsx",
)
PAGES = {
    "home": HOME,
    "board": BOARD,
    "inbox": INBOX,
    "search": SEARCH,
    "notices": NOTICES,
    "print": PRINT,
    "upload": UPLOAD,
    "mapping": MAPPING,
    "preview": PREVIEW,
    "files": FILES,
    "trail": TRAIL,
}
