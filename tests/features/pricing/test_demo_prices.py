"""The chapter of prices in the demo world, on a handful of units."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo import organisation, pricing
from app.demo.world import World
from app.features.pricing.effects import quote
from app.features.pricing.models import Mandate, MandateState, PaymentScheme, PriceList, SalesScheme, SchemeState
from app.features.units.models import Building, Unit, UnitState, UnitType
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.transactions import write


@pytest.fixture
def world(session: Session) -> World:
    """Organisation and one flat of type B in 3栋, as its chapter would make it."""
    made = World(session, now().date())
    with acting_as(SYSTEM):
        organisation.load(session, made)

        def flat() -> None:
            project = made.projects["JPYL"].id
            kind = UnitType(project_id=project, name="B", building_area="89.53", inner_area="70.12")
            building = Building(project_id=project, name="3栋", floors=18)
            session.add_all([kind, building])
            session.flush()
            values: dict[str, Any] = {"floor": 11, "room": "1102", "full_name": "3栋1单元1102", "section": "1"}
            unit = Unit(project_id=project, building=building, unit_type=kind, permit=made.permits["main"], **values)
            unit.building_area, unit.inner_area = kind.building_area, kind.inner_area
            session.add(unit)

        write(session, flat)
    return made


def test_the_flat_of_the_guide_costs_what_the_guide_says(session: Session, world: World) -> None:
    with acting_as(SYSTEM):
        pricing.load(session, world)
        unit = session.scalars(select(Unit)).one()
        assert (unit.list_unit_price, unit.floor_unit_price, unit.filed_unit_price) == (12800, 11900, 13000)
        mortgage = session.scalars(select(PaymentScheme).where(PaymentScheme.name == "商业按揭")).first()
        assert quote(session, unit, mortgage.id).public_total == 1106834


def test_the_price_change_moves_only_what_is_on_sale_in_its_building(session: Session, world: World) -> None:
    with acting_as(SYSTEM):
        pricing.load(session, world)
        flat = session.scalars(select(Unit)).one()
        write(session, lambda: setattr(session.get_one(Building, flat.building_id), "name", "2栋"))
        pricing.change(session, world)
        assert session.scalars(select(Unit.list_unit_price)).one() == 12800
        write(session, lambda: setattr(session.get_one(Unit, flat.id), "state", UnitState.FREE))
        pricing.change(session, world)
        assert session.scalars(select(Unit.list_unit_price)).one() == 12900


def test_something_waits_and_something_holds(session: Session, world: World) -> None:
    with acting_as(SYSTEM):
        pricing.load(session, world)
        waiting = [*_in_review(session, PaymentScheme), *_in_review(session, SalesScheme)]
        assert waiting == ["两期分期", "年终方案"]
        assert session.scalars(select(Mandate.state)).all() == [MandateState.ACTIVE] * 2
        assert session.scalars(select(PriceList.name)).all() == ["开盘价目表"]


def _in_review(session: Session, model: type[Any]) -> list[str]:
    return list(session.scalars(select(model.name).where(model.state == SchemeState.REVIEW)))
