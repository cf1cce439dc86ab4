"""The unit board (销控表): one building, its sections (单元), columns and floors, every cell with letter, ground and edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.kernel.screens.parts import Card, Crumb, Fact, Html, Link, Option, Tag, TimelineItem

UnitCode = Literal["wait", "free", "hold", "lock", "book", "order", "draft", "sign", "hand", "stop"]


@dataclass(frozen=True, eq=False)
class BoardCell:
    """One unit, drawn once as long as it is the same object. `price_text` is in 万 («145.2»); `badge` is 「意 5」 or, with `until`, the minutes left on a lock.

    until: the end of the lock as ISO moment with offset; the browser counts the badge down.
    """

    unit_id: int
    room: str
    state_code: UnitCode
    key: str  # the letter: 未 可 留 锁 订 购 草 签 交 停
    aria_label: str  # 「1单元0804 签约 145.2万」
    price_text: str = ""
    mine: bool = False
    badge: str = ""
    badge_title: str = ""
    until: str = ""


@dataclass(frozen=True)
class BoardColumn:
    """A position on every floor with its flat type and area."""

    position: str
    flat_type: str = ""
    area_text: str = ""  # 「128.60㎡」


@dataclass(frozen=True)
class BoardSection:
    """A 单元 with its columns, left to right."""

    name: str
    columns: tuple[BoardColumn, ...]


@dataclass(frozen=True, eq=False)
class BoardRow:
    """A floor, drawn once as long as it is the same object: for each section the cells of its columns, None where there is no unit."""

    floor: str  # 「18层」
    sections: tuple[tuple[BoardCell | None, ...], ...]


@dataclass(frozen=True)
class BoardBuilding:
    """A building to choose."""

    id: int
    name: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class LegendEntry:
    """A state in the legend, which is the filter too."""

    code: UnitCode
    letter: str
    label: str
    count: int


@dataclass(frozen=True)
class BoardFilter:
    """A select above the board, sent by GET: 户型, 总价."""

    name: str
    label: str
    options: tuple[Option, ...]
    value: str = ""


@dataclass(frozen=True)
class BoardPage:
    """销控表 of one building.

    version: an opaque token, the same as long as nothing on the board changes; sent as ETag.
    cells_url: asked every second with If-None-Match; answers 304, or 200 with the fragment board/cells.html
    (variables: version, clock, facts, legend, cells = all cells or only those changed; gone = True: reload the page).
    drawer_url: a pattern with «{id}», answers the fragment board/drawer.html.
    """

    title: str
    buildings: tuple[BoardBuilding, ...]
    sections: tuple[BoardSection, ...]
    floors: tuple[BoardRow, ...]
    legend: tuple[LegendEntry, ...]
    version: str
    cells_url: str
    drawer_url: str
    facts: Html = ""  # 「推出 128 套　已售 62 套　去化率 48.44 %」
    clock: str = ""  # 「14:32:05」
    crumbs: tuple[Crumb, ...] = ()
    acts: tuple[Link, ...] = ()
    filters: tuple[BoardFilter, ...] = ()
    mine_only: bool | None = None  # None: no such tick box
    mine_label: str = ""
    caption: str = ""
    note: Html = ""


@dataclass(frozen=True)
class DrawerPage:
    """What a click on a unit shows: price, facts, what happened, the acts that are legal for me now."""

    title: str
    code: UnitCode
    key: str
    subtitle: str = ""
    price: str = ""  # 「1,106,834.00」
    price_note: str = ""  # 「元　成交总价」
    tag: Tag | None = None
    facts: tuple[Fact, ...] = ()
    timeline: tuple[TimelineItem, ...] = ()
    cards: tuple[Card, ...] = ()
    acts: tuple[Link, ...] = ()
    note: Html = ""
