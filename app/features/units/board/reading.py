"""What the board reads: few statements, only the columns it draws, within the actor's rows (04 F4: at most 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, DateTime, String, TypeDecorator, func, select, type_coerce
from sqlalchemy.orm import Session

from app.features.units.board.rules import BoardUnit
from app.features.units.models import Building, Unit, UnitType
from app.kernel.columns import Area, ChoiceType, Money

_NAMES = tuple("unit_type_id" if one.name == "type_id" else one.name for one in fields(BoardUnit))
_FIELDS = tuple(getattr(Unit, name) for name in _NAMES)
_PLAIN: dict[type[Any], Any] = {Money: BigInteger, Area: BigInteger, ChoiceType: String, DateTime: String}
# as the database keeps them: what their types make of them is made once for a row (_unit), not anew for every page
_COLUMNS = tuple(type_coerce(one, _PLAIN[type(one.type)]) if type(one.type) in _PLAIN else one for one in _FIELDS)


def _reading(kind: Any) -> Callable[[Any], Any]:
    """From what the database keeps to what the product reckons with."""
    if isinstance(kind, TypeDecorator):
        return lambda kept: kind.process_result_value(kept, None)  # type: ignore[arg-type]  # ours ask for no dialect
    if isinstance(kind, DateTime):  # SQLite keeps a text, PostgreSQL's driver gives a moment whatever is asked for
        return lambda kept: datetime.fromisoformat(kept) if isinstance(kept, str) else kept
    return lambda kept: kept


_READINGS = tuple(_reading(one.type) for one in _FIELDS)


@lru_cache(maxsize=8192)
def _unit(kept: tuple[Any, ...]) -> BoardUnit:
    return BoardUnit(*(read(value) for read, value in zip(_READINGS, kept, strict=True)))


class BoardBuilding(NamedTuple):
    """A building to choose."""

    id: int
    name: str
    project_id: int


class BoardType(NamedTuple):
    """A flat type to filter by."""

    id: int
    name: str
    layout: str


def buildings_of(session: Session, project_id: int) -> list[BoardBuilding]:
    """The buildings to choose from, in the site's order."""
    query = select(Building.id, Building.name, Building.project_id).where(Building.project_id == project_id)
    return [BoardBuilding(*row) for row in session.execute(query.order_by(Building.position, Building.id))]


def units_of(session: Session, building_id: int) -> list[BoardUnit]:
    """All units of a building."""
    rows: Any = session.execute(select(*_COLUMNS).where(Unit.building_id == building_id))
    return [_unit(tuple(row)) for row in rows]


def state_token_of(session: Session, building_id: int) -> str:
    """board.rules.state_token computed by the database from an index alone: what every poll costs."""
    count, highest, versions = session.execute(
        select(
            func.count(Unit.id), func.coalesce(func.max(Unit.id), 0), func.coalesce(func.sum(Unit.version), 0)
        ).where(Unit.building_id == building_id)
    ).one()
    return f"{count}-{highest}-{int(versions)}"


def types_of(session: Session, project_id: int) -> dict[int, BoardType]:
    """Flat types by id."""
    query = select(UnitType.id, UnitType.name, UnitType.layout).where(UnitType.project_id == project_id)
    return {row[0]: BoardType(*row) for row in session.execute(query.order_by(UnitType.name))}
