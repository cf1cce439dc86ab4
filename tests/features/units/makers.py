"""Short makers of units and what they need; everything is saved as SYSTEM in its own transaction."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.features.organisation.models import Permit, PermitKind
from app.features.units.home_names import full_name
from app.features.units.models import Building, Unit, UnitType
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.factories import saved

FOR_SALE = {
    "confirmed": True,
    "list_unit_price": Decimal("12800.00"),
    "list_total": Decimal("1145984.00"),
    "filed_unit_price": Decimal("13000.00"),
    "filed_total": Decimal("1163890.00"),
    "floor_unit_price": Decimal("11900.00"),
}


def permit(cast: Cast, project: str = "a", **more: Any) -> Permit:
    values = {
        "kind": PermitKind.PRESALE,
        "number": "预售 2026-058",
        "issued_on": now().date() - timedelta(days=5),
        "scope": "3栋",
    }
    return saved(cast.session, Permit(project_id=cast.project_ids[project], **(values | more)))


def building(cast: Cast, name: str = "3栋", project: str = "a", **more: Any) -> Building:
    values = {"floors": 18, "sections": 2}
    return saved(cast.session, Building(project_id=cast.project_ids[project], name=name, **(values | more)))


def unit_type(cast: Cast, name: str = "B", project: str = "a") -> UnitType:
    areas = {"building_area": Decimal("89.53"), "inner_area": Decimal("70.12")}
    return saved(
        cast.session, UnitType(project_id=cast.project_ids[project], name=name, layout="三房两厅两卫", **areas)
    )


def unit(cast: Cast, in_building: Building, room: str = "1102", section: str = "1", **more: Any) -> Unit:
    """A unit of type B on the floor that the room names, in 未推."""
    values = {
        "floor": int(room[:-2]),
        "building_area": Decimal("89.53"),
        "inner_area": Decimal("70.12"),
        "permit_id": in_building.permit_id,
    }
    return saved(
        cast.session,
        Unit(
            project_id=in_building.project_id,
            building_id=in_building.id,
            section=section,
            room=room,
            full_name=full_name(in_building.name, section, room),
            **(values | more),
        ),
    )


def released(cast: Cast, in_building: Building, *rooms: str, **more: Any) -> list[Unit]:
    """Units on sale."""
    units = [unit(cast, in_building, room, **(FOR_SALE | more)) for room in rooms]

    def work() -> None:
        for one in units:
            fire(cast.session, one, "release", SYSTEM, internal=True)

    with acting_as(SYSTEM):
        write(cast.session, work)
    return units


def house(cast: Cast, *rooms: str, project: str = "a") -> list[Unit]:
    """A building with a permit and these rooms on sale."""
    paper = permit(cast, project)
    return released(cast, building(cast, project=project, permit_id=paper.id), *rooms)


def read(cast: Cast, record: Any) -> Any:
    """The record as it is now, read as SYSTEM."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.get(type(record), record.id)


def home_of(cast: Cast, one: Unit) -> Building:
    """The building of a unit."""
    with acting_as(SYSTEM):
        return cast.session.get(Building, read(cast, one).building_id)
