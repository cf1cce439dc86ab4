"""Invented lists: customers, an empty list, the inbox, what a search found, notices."""

from __future__ import annotations

from markupsafe import Markup

from app.kernel.screens import page as p
from tests.look.shell_samples import T, tag


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
    more_filters=(p.FilterField("since", "登记自", kind="period"), p.FilterField("channel", "渠道", kind="text")),
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
