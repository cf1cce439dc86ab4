"""How is a building laid out on the board, and what does a cell say? Values in, values out (look/tokens.md «Unit board»)."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from app.features.units.models import UnitState
from app.kernel.money import half_up

WIDEST = 16  # more places on a floor (parking) are wrapped
WRAPPED = 10
_POSITION = re.compile(r"^-?\d{1,3}(\d{2}\D*)$")

KEYS = {
    "wait": "未", "free": "可", "hold": "留", "lock": "锁", "book": "订", "order": "购", "draft": "草", "sign": "签", "hand": "交",
    "stop": "停",
}  # fmt: skip

# 万元, lower bound included: what people ask for at the counter
PRICE_BANDS: tuple[tuple[str, int, int], ...] = (
    ("0-100", 0, 100),
    ("100-120", 100, 120),
    ("120-150", 120, 150),
    ("150-200", 150, 200),
    ("200-", 200, 1_000_000),
)


@dataclass(frozen=True, eq=False)
class BoardUnit:
    """What the board needs of one unit. The same row gives the same object (reading.py), which is therefore its own key of what
    is drawn of it: hundreds are asked for one page."""

    id: int
    section: str
    floor: int
    room: str
    state: UnitState
    stopped: bool
    list_total: Decimal | None
    type_id: int | None
    building_area: Decimal
    lock_until: datetime | None
    lock_by: int | None
    wishes: int
    version: int
    updated_at: datetime


@dataclass(frozen=True)
class Place:
    """A column of a section: its units share the last two digits of the room."""

    name: str
    type_id: int | None = None
    area: Decimal | None = None


@dataclass(frozen=True, eq=False)
class Grid:
    """Sections with their columns, the same object for the same units; rows (floor, for each section the unit of each column or None), top floor first."""

    sections: tuple[tuple[str, tuple[Place, ...]], ...]
    rows: tuple[tuple[int, tuple[tuple[BoardUnit | None, ...], ...]], ...]


@lru_cache(maxsize=8192)
def position_of(room: str) -> str:
    """«1102» → «02», «701A» → «01A»; a room without floor («商铺05») is its own position."""
    found = _POSITION.match(room)
    return found[1] if found else room


def room_order(room: str) -> tuple[object, ...]:
    """Rooms in the order of people: «2» before «10», «A2» before «A10»."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", room) if part)


def grid_of(units: Sequence[BoardUnit]) -> Grid:
    """Lay the units of a building out: sections side by side, floors downward, places in columns."""
    return _grid(tuple(units))


@lru_cache(maxsize=64)
def _grid(units: tuple[BoardUnit, ...]) -> Grid:
    by_section: dict[str, list[BoardUnit]] = {}
    for unit in units:
        by_section.setdefault(unit.section, []).append(unit)
    names = sorted(by_section, key=room_order)
    columns = {name: _places(by_section[name]) for name in names}
    at = {(u.section, u.floor, position_of(u.room)): u for u in units}
    if any(len(places) > WIDEST for places in columns.values()) or len(at) < len(units):
        return _wrapped(names, by_section)
    floors = sorted({u.floor for u in units}, reverse=True)
    rows = tuple(
        (floor, tuple(tuple(at.get((name, floor, place.name)) for place in columns[name]) for name in names))
        for floor in floors
    )
    return Grid(tuple((name, columns[name]) for name in names), rows)


def _places(units: Sequence[BoardUnit]) -> tuple[Place, ...]:
    by_place: dict[str, list[BoardUnit]] = {}
    for unit in units:
        by_place.setdefault(position_of(unit.room), []).append(unit)
    return tuple(_place(name, by_place[name]) for name in sorted(by_place, key=room_order))


def _place(name: str, units: Sequence[BoardUnit]) -> Place:
    (type_id, area), _count = Counter((u.type_id, u.building_area) for u in units).most_common(1)[0]
    return Place(name, type_id, area)


def _wrapped(names: Sequence[str], by_section: dict[str, list[BoardUnit]]) -> Grid:
    """Wide floors as several lines of ten, the sections below one another's floors."""
    places = tuple(Place(str(count)) for count in range(1, WRAPPED + 1))
    floors = sorted({u.floor for units in by_section.values() for u in units}, reverse=True)
    rows: list[tuple[int, tuple[tuple[BoardUnit | None, ...], ...]]] = []
    for floor in floors:
        lines = {
            name: sorted((u for u in by_section[name] if u.floor == floor), key=lambda u: room_order(u.room))
            for name in names
        }
        for start in range(0, max(len(line) for line in lines.values()), WRAPPED):
            cut = (tuple(lines[name][start : start + WRAPPED]) for name in names)
            rows.append((floor, tuple(part + (None,) * (WRAPPED - len(part)) for part in cut)))
    return Grid(tuple((name, places) for name in names), tuple(rows))


def floor_label(floor: int) -> str:
    """18 → «18层», -1 → «负1层»."""
    return f"{floor}层" if floor > 0 else f"负{-floor}层"


def code_of(state: UnitState, stopped: bool) -> str:
    """The code of the cell: the flag 停售 overrides the main state."""
    return "stop" if stopped else state.value


def word_of(state: UnitState, stopped: bool, reads_holds: bool) -> str:
    """The state in words: «停售（可售）»; a hold is «暂不可售» for who may not know of it, never a false 已售."""
    word = "暂不可售" if state is UnitState.HOLD and not reads_holds else state.label
    return f"停售（{word}）" if stopped else word


def in_ten_thousands(total: Decimal | None) -> str:
    """1,451,984.00 → «145.2», None → «»."""
    return "" if total is None else str(half_up(total / 10_000, 1))


def in_millions(total: Decimal | None) -> str:
    """1,451,984.00 → «1.452M», as English readers write it; None → «»."""
    return "" if total is None else f"{half_up(total / 1_000_000, 3)}M"


def in_band(total: Decimal | None, band: str) -> bool:
    """Whether a total lies in a price band («100-120»: 100 万 included, 120 万 not)."""
    low, high = next(((low, high) for name, low, high in PRICE_BANDS if name == band), (0, 1_000_000))
    return total is not None and low * 10_000 <= total < high * 10_000


def token_of(units: Sequence[BoardUnit], view: str, shown: Iterable[int], at: datetime) -> str:
    """The board's version: it changes with every change of any unit, of the actor's view and of the cells shown.

    «view.structure.count-highest id-sum of versions@moment»: versions only grow and ids are never used twice, so that equal
    tokens mean an equal board. The moment tells which cells changed since.
    """
    structure = hash_of(shown)
    return f"{view}.{structure}.{state_token(units)}@{int(at.timestamp())}"


def state_token(units: Sequence[BoardUnit]) -> str:
    """«count-highest id-sum of versions», as the database computes it for the polls."""
    return _state_token(tuple(units))


@lru_cache(maxsize=64)
def _state_token(units: tuple[BoardUnit, ...]) -> str:
    return f"{len(units)}-{max((u.id for u in units), default=0)}-{sum(u.version for u in units)}"


def hash_of(ids: Iterable[int]) -> str:
    """A short name of the set of cells shown, in their order."""
    return _hash(tuple(ids))


@lru_cache(maxsize=64)
def _hash(ids: tuple[int, ...]) -> str:
    return f"{zlib.crc32(','.join(map(str, ids)).encode()):08x}"


@lru_cache(maxsize=64)
def counts_of(units: tuple[BoardUnit, ...]) -> Mapping[tuple[UnitState, bool], int]:
    """How many units there are of each state, those with 停售 apart."""
    return Counter((unit.state, unit.stopped) for unit in units)


def shown_units(units: Iterable[BoardUnit], keep: Iterable[Callable[[BoardUnit], bool]]) -> list[BoardUnit]:
    """The units that every filter keeps."""
    tests = tuple(keep)
    return [unit for unit in units if all(test(unit) for test in tests)]
