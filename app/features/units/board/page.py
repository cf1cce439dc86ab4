"""From units to the board's page model: cells, legend, facts (look/tokens.md «Unit board»)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from markupsafe import Markup

from app.features.units.board.reading import BoardBuilding as Existing
from app.features.units.board.reading import BoardType
from app.features.units.board.rules import (
    KEYS,
    PRICE_BANDS,
    BoardUnit,
    Grid,
    Place,
    code_of,
    counts_of,
    floor_label,
    in_millions,
    in_ten_thousands,
    word_of,
)
from app.features.units.board.view_of_actor import Asked
from app.features.units.models import RELEASED, SOLD, UnitState
from app.features.units.rules import sold_rate
from app.kernel.screens.board_page import (
    BoardBuilding,
    BoardCell,
    BoardColumn,
    BoardFilter,
    BoardRow,
    BoardSection,
    LegendEntry,
)
from app.kernel.screens.parts import Html, Option
from app.kernel.words import reads_english


@dataclass(frozen=True)
class Wording:
    """How a reader is spoken to. holds: whether «保留» may be said; english: his language."""

    holds: bool
    english: bool

    @classmethod
    def of(cls, holds: bool) -> Wording:
        """The words of this request."""
        return cls(holds, reads_english())


def cell(unit: BoardUnit, words: Wording, mine: Set[int]) -> BoardCell:
    """One unit: letter, room, price in 万, badge. An unreleased unit shows no price."""
    return _cell(unit, words.holds, words.english, unit.id in mine)


@lru_cache(maxsize=8192)
def _cell(unit: BoardUnit, holds: bool, english: bool, mine: bool) -> BoardCell:
    """Made once as long as the unit is the same: it follows from these values alone, `english` being the language of all texts."""
    code, word = code_of(unit.state, unit.stopped), word_of(unit.state, unit.stopped, holds)
    amount = in_millions if english else in_ten_thousands
    price = "" if unit.state is UnitState.WAIT else amount(unit.list_total)
    wished = bool(unit.wishes) and unit.state in (UnitState.WAIT, UnitState.FREE)
    timed = unit.state is UnitState.LOCK and unit.lock_until is not None
    spoken = [_section(unit.section) + unit.room, word]
    if price:
        spoken.append(_("%(price)s万", price=price))
    if wished:
        spoken.append(_("意向 %(n)s 组", n=unit.wishes))
    return BoardCell(
        unit_id=unit.id,
        room=unit.room,
        state_code=code,  # type: ignore[arg-type]
        key=KEYS[code],
        aria_label=" ".join(spoken),
        price_text=price,
        mine=mine,
        badge=_("意 %(n)s", n=unit.wishes) if wished else "",
        badge_title=_("意向排号 %(n)s 组", n=unit.wishes) if wished else _("剩余时间") if timed else "",
        until=unit.lock_until.astimezone().isoformat() if timed and unit.lock_until else "",
    )


def _section(name: str) -> str:
    return _("%(name)s单元", name=name) if name else ""


def legend(units: Iterable[BoardUnit], reads_holds: bool) -> tuple[LegendEntry, ...]:
    """Every state with its count in this building; states without a unit stay, so that the legend does not jump."""
    counts: Counter[str] = Counter()
    for (state, stopped), count in counts_of(tuple(units)).items():
        counts[code_of(state, stopped)] += count
    words = {state.value: word_of(state, False, reads_holds) for state in UnitState} | {"stop": _("停售")}
    return tuple(LegendEntry(code, KEYS[code], words[code], counts[code]) for code in KEYS)  # type: ignore[arg-type]


def facts(units: Sequence[BoardUnit]) -> Html:
    """«推出 128 套　已售 62 套　去化率 48.44 %» (02 §2.3.9)."""
    counts = counts_of(tuple(units))
    released, sold = (sum(n for (state, _stop), n in counts.items() if state in kept) for kept in (RELEASED, SOLD))
    text = _("推出 %(released)s 套　已售 %(sold)s 套　去化率", released=released, sold=sold)
    return Markup("{} <b>{}</b>").format(text, sold_rate(sold, released))


def sections(grid: Grid, types: dict[int, BoardType]) -> tuple[BoardSection, ...]:
    """The heads: sections with the place, flat type and area of each column."""
    return tuple(
        BoardSection(_section(name) or _("全部"), tuple(_column(place, types) for place in places))
        for name, places in grid.sections
    )


def _column(place: Place, types: dict[int, BoardType]) -> BoardColumn:
    kind = types.get(place.type_id) if place.type_id is not None else None
    return BoardColumn(place.name, kind.name if kind else "", f"{place.area}㎡" if place.area is not None else "")


def floors(grid: Grid, shown: set[int], words: Wording, mine: set[int]) -> tuple[BoardRow, ...]:
    """The floors; a unit that the filters leave out has no cell."""
    return _floors(grid, frozenset(shown), words, frozenset(mine))


@lru_cache(maxsize=64)
def _floors(grid: Grid, shown: frozenset[int], words: Wording, mine: frozenset[int]) -> tuple[BoardRow, ...]:
    def drawn(unit: BoardUnit | None) -> BoardCell | None:
        return cell(unit, words, mine) if unit is not None and unit.id in shown else None

    return tuple(
        BoardRow(floor_label(floor), tuple(tuple(map(drawn, part)) for part in parts)) for floor, parts in grid.rows
    )


def building_choices(buildings: Iterable[Existing], current: int, ask: Asked) -> tuple[BoardBuilding, ...]:
    """The buildings; the filters stay when another one is chosen."""
    return tuple(BoardBuilding(b.id, b.name, address("/board", b.id, ask), b.id == current) for b in buildings)


def address(path: str, building_id: int, ask: Asked) -> str:
    """A board address with its filters."""
    return f"{path}?{urlencode({'building': building_id, **ask.query})}"


def filter_fields(ask: Asked, types: dict[int, BoardType]) -> tuple[BoardFilter, ...]:
    """户型 and 总价段."""
    kinds = tuple(Option(str(t.id), " ".join(filter(None, (t.name, t.layout)))) for t in types.values())
    return (
        BoardFilter("type", _("全部户型"), kinds, str(ask.type_id or "")),
        BoardFilter("price", _("总价不限"), tuple(Option(*_band(*band)) for band in PRICE_BANDS), ask.band),
    )


def _band(name: str, low: int, high: int) -> tuple[Any, str]:
    if not low:
        return name, _("%(high)s 万以下", high=high)
    if high >= 1_000_000:
        return name, _("%(low)s 万以上", low=low)
    return name, _("%(low)s—%(high)s 万", low=low, high=high)
