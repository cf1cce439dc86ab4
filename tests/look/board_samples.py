"""An invented building: every state is on the board."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from app.kernel.screens import page as p
from tests.look.shell_samples import T

LATER = (datetime.now(UTC) + timedelta(minutes=59, seconds=30)).isoformat()  # longer than any suite runs

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
        until=LATER if state == "lock" and position == 2 else "",
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
SPACES = tuple(p.BoardColumn(f"{n:02d}", "车位") for n in range(1, 25))
PARKING = replace(
    BOARD,
    title="销控表　车位",
    sections=(p.BoardSection("地下一层", SPACES),),
    floors=tuple(p.BoardRow(f"{f}区", (tuple(cell(1, f, n) for n in range(1, 25)),)) for f in range(3, 0, -1)),
    caption="车位销控表",
)
