"""What the board reads: few statements, only the columns it draws, within the actor's rows (04 F4: at most 8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.units.board.rules import BoardUnit
from app.features.units.models import Building, Unit, UnitType

_COLUMNS = (
    Unit.id, Unit.section, Unit.floor, Unit.room, Unit.state, Unit.stopped, Unit.list_total, Unit.unit_type_id, Unit.building_area,
    Unit.lock_until,
    Unit.lock_by, Unit.wishes, Unit.version, Unit.updated_at,
)  # fmt: skip


def buildings_of(session: Session, project_id: int) -> list[Building]:
    """The buildings to choose from, in the site's order."""
    query = select(Building).where(Building.project_id == project_id).order_by(Building.position, Building.id)
    return list(session.scalars(query))


def units_of(session: Session, building_id: int) -> list[BoardUnit]:
    """All units of a building."""
    rows: Any = session.execute(select(*_COLUMNS).where(Unit.building_id == building_id))
    return [BoardUnit(*row) for row in rows]


def state_token_of(session: Session, building_id: int) -> str:
    """board.rules.state_token computed by the database from an index alone: what every poll costs."""
    count, highest, versions = session.execute(
        select(
            func.count(Unit.id), func.coalesce(func.max(Unit.id), 0), func.coalesce(func.sum(Unit.version), 0)
        ).where(Unit.building_id == building_id)
    ).one()
    return f"{count}-{highest}-{int(versions)}"


def types_of(session: Session, project_id: int) -> dict[int, UnitType]:
    """Flat types by id."""
    return {
        t.id: t
        for t in session.scalars(select(UnitType).where(UnitType.project_id == project_id).order_by(UnitType.name))
    }
