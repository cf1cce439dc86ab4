"""置业计划 of the last two weeks: some hold, one ended with the price change, some with their day, one was made by mistake."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.deals import PRICE_CHANGE
from app.demo.world import World
from app.features.customers.models import Customer
from app.features.customers.quotes.effects import Wish, expire_quotes, make_quote, offered_places
from app.features.customers.quotes.models import Quote
from app.features.pricing.effects import active_schemes
from app.features.pricing.rules import Scheme
from app.features.pricing.rules.readings import scheme_of
from app.features.units.models import Building, Product, Unit, UnitState
from app.kernel.base import now
from app.kernel.workflow import fire

SELLERS = ("consultant1", "consultant2")
YEARS, RATE = 30, Decimal("0.035")


def before_the_change(session: Any, world: World) -> None:
    """One for a home of 2栋 whose price goes up on the next day, and two of the weeks before."""
    for number, (ago, building) in enumerate(((PRICE_CHANGE + 1, "2栋"), (12, "3栋"), (8, "2栋"))):
        _made(session, world, SELLERS[number % 2], world_moment(world, ago, number), building, number)


def recent(session: Any, world: World) -> None:
    """Those that hold today, one of them with a place; one voided; then whatever is over its day ends."""
    _made(session, world, "consultant1", world_moment(world, 1, 0), "3栋", 3, places=1)
    _made(session, world, "consultant2", world_moment(world, 1, 1), "3栋", 4)
    _made(session, world, "consultant1", world_moment(world, 0, 2), "2栋", 5, places=2)
    wrong = _made(session, world, "consultant2", world_moment(world, 2, 3), "2栋", 6)
    with world.acting("consultant2", world_moment(world, 2, 4)) as who:
        fire(session, wrong, "void", who, note="付款方式选错，另做一份")
    expire_quotes(session)
    session.commit()


def world_moment(world: World, ago: int, number: int) -> Any:
    """Within the hours of the site, never ahead of this minute."""
    return min(world.at(ago, 10, 10 * number), now())


def _made(session: Any, world: World, login: str, moment: Any, building: str, number: int, places: int = 0) -> Quote:
    customers = world.kept["customers"][login]
    customer = session.get_one(Customer, customers[-1 - number], execution_options={"unscoped": True})
    free = select(Unit).join(Building, Building.id == Unit.building_id).where(
        Building.project_id == customer.project_id, Building.name == building, Unit.state == UnitState.FREE,
        Unit.product.not_in((Product.PARKING, Product.STORE)), Unit.stopped.is_(False), Unit.list_total.is_not(None),
    )  # fmt: skip
    unit = session.scalars(free.order_by(Unit.id.desc()).offset(number).limit(1)).one()
    schemes = active_schemes(session, customer.project_id)
    scheme = next(one for one in schemes if scheme_of(one) is (Scheme.MORTGAGE if number % 3 else Scheme.LUMP_SUM))
    with world.acting(login, moment) as who:
        ids = tuple(one.id for one in offered_places(session, customer.project_id)[:places])
        wish = Wish(customer.id, unit.id, scheme.id, place_ids=ids)
        if number % 3:
            wish = replace(wish, loan_years=YEARS, loan_rate=RATE)
        return make_quote(session, who, wish)
