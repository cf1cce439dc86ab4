"""Nine months of orders: sold houses, this week's work in every state, concessions and endings at every desk.

Each order is a story: a generator that acts and says at which moment it goes on. The stories of all orders are told together
in the order of the clock, a day in one transaction, so that numbers, ledger and logs follow the calendar.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app.demo import invented
from app.demo.order_story import Deal
from app.demo.order_tales import TODAYS, Tale, sold
from app.demo.world import World, travel
from app.features.customers.choices import ContactKind, Grade, Source
from app.features.customers.effects import NewCustomer, register
from app.features.customers.models import Customer
from app.features.pricing.models import PaymentScheme, SchemeState
from app.features.units.models import Building, Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import fire

SELLERS = {"JPYL": ("consultant1", "consultant2", "consultant3", "consultant4"), "CH1": ("other_consultant",)}
# project, building, first and last floor, every which home is sold, days ago from … to …
SALES: tuple[tuple[str, str, int, int, float, int, int], ...] = (
    ("JPYL", "1栋", 1, 11, 0.42, 262, 60),
    ("JPYL", "2栋", 1, 18, 0.20, 255, 40),
    ("JPYL", "3栋", 1, 16, 0.16, 175, 30),
    ("JPYL", "5栋", 1, 16, 0.06, 85, 25),
    ("JPYL", "7栋", 1, 11, 0.10, 85, 25),
    ("JPYL", "商业街", 1, 1, 0.12, 200, 60),
    ("JPYL", "地下车库", -1, -1, 0.05, 150, 60),
    ("CH1", "1栋", 1, 11, 0.18, 210, 30),
)
HANDED_AFTER = 150  # days after which a home in the finished house has been handed over
Story = Iterator[datetime]


def load(session: Any, world: World) -> None:
    """All stories up to the present moment; then some homes of the finished house are handed over."""
    numbers = _numbers()
    stories = [story for line in SALES for story in _house(session, world, line, numbers)]
    stories += [_todays(session, world, tale, numbers) for tale in TODAYS]
    _tell(session, stories, now())
    _hand_over(session, world)


def _tell(session: Any, stories: list[Story], latest: datetime) -> None:
    """Let every story go on at its moment, day by day; what would lie ahead of the present is not told."""
    queue = [(moment, place, story) for place, story in enumerate(stories) if (moment := next(story, None)) is not None]
    heapq.heapify(queue)
    while queue and queue[0][0] <= latest:
        write(session, partial(_one_day, queue, min(latest, queue[0][0].replace(hour=23, minute=59))))


def _one_day(queue: list[tuple[datetime, int, Story]], end: datetime) -> None:
    while queue and queue[0][0] <= end:
        _moment, place, story = heapq.heappop(queue)
        following = next(story, None)
        if following is not None:
            heapq.heappush(queue, (following, place, story))


def _numbers() -> Iterator[str]:
    """Phone numbers apart from those of the other chapters: their part after the prefix begins with 0."""
    for number in range(1, 1000):
        yield f"1070{number * 7919 % 10_000_000:07d}"


def _house(
    session: Any, world: World, line: tuple[str, str, int, int, float, int, int], numbers: Iterator[str]
) -> Iterator[Story]:
    """The sold part of a house, its days spread over the months with more in the weeks after the release."""
    code, name, low, high, share, first, last = line
    units = _units(session, world, code, name, low, high)
    chance = world.random
    for unit in chance.sample(units, round(len(units) * share)):
        days_ago = last + int((first - last) * chance.random() ** 0.8)
        tale = Tale(code, chance.choice(SELLERS[code]), days_ago, sold, unit_id=unit.id)
        yield _story(session, world, tale, numbers)


def _units(session: Any, world: World, code: str, name: str, low: int, high: int) -> list[Unit]:
    query = (
        select(Unit)
        .join(Building, Building.id == Unit.building_id)
        .where(Building.project_id == world.projects[code].id, Building.name == name, Unit.floor.between(low, high))
        .where(Unit.state == UnitState.FREE, Unit.stopped.is_(False))
        .order_by(Unit.id)
    )
    taken = {tale.unit for tale in TODAYS}
    return [unit for unit in session.scalars(query) if unit.full_name not in taken]


def _todays(session: Any, world: World, tale: Tale, numbers: Iterator[str]) -> Story:
    """A story of these weeks, on its named unit, with a customer of the chapter before where one fits."""
    query = select(Unit.id).where(Unit.project_id == world.projects[tale.code].id, Unit.full_name == tale.unit)
    tale.unit_id = session.scalars(query).one()
    return _story(session, world, tale, numbers)


def _story(session: Any, world: World, tale: Tale, numbers: Iterator[str]) -> Story:
    """The customer first, then what the tale says."""
    begin = tale.begin(world)
    deal = Deal(session, world, tale.code, tale.seller, tale.unit_id, _scheme(session, world, tale))
    found = _known_customer(session, world, tale, begin)
    if found is None:
        visit = begin - timedelta(days=world.random.randrange(1, 6), minutes=world.random.randrange(90))
        yield visit
        deal.customer_id = _new_customer(session, world, tale, visit, next(numbers))
    else:
        deal.customer_id = found
    yield begin
    yield from tale.tell(deal, begin)


def _scheme(session: Any, world: World, tale: Tale) -> int:
    query = select(PaymentScheme).where(
        PaymentScheme.project_id == world.projects[tale.code].id, PaymentScheme.state == SchemeState.ACTIVE
    )
    by_name = {scheme.name: scheme.id for scheme in session.scalars(query)}
    names = ("商业按揭", "商业按揭", "商业按揭", "一次性付款", "分期付款")
    return by_name[tale.scheme or world.random.choice(names)]


def _known_customer(session: Any, world: World, tale: Tale, begin: datetime) -> int | None:
    """A customer of the seller who had been here before that moment; each buys once."""
    for customer_id in world.kept.get("customers", {}).get(tale.seller, []) if tale.tell is not sold else []:
        customer = session.get_one(Customer, customer_id)
        if customer.first_at < begin and customer_id not in world.kept.setdefault("buyers", set()):
            world.kept["buyers"].add(customer_id)
            return int(customer_id)
    return None


def _new_customer(session: Any, world: World, tale: Tale, moment: datetime, phone: str) -> int:
    chance = world.random
    guest = NewCustomer(
        kind=ContactKind.FIRST_VISIT, source=chance.choice((Source.PASSING, Source.FRIEND, Source.NETWORK, Source.REFERRAL)),
        name=invented.name(chance, male=chance.random() < 0.6), phones=(phone,), grade=Grade.A,
    )  # fmt: skip
    with travel(moment), acting_as(who := world.actor(tale.seller, moment)):
        return register(session, who, world.projects[tale.code].id, guest).id


def _hand_over(session: Any, world: World) -> None:
    """Homes of the finished house that were signed long ago have their keys."""
    query = (
        select(Unit)
        .join(Building, Building.id == Unit.building_id)
        .where(Building.project_id == world.projects["JPYL"].id, Building.name == "1栋", Unit.state == UnitState.SIGN)
        .where(Unit.filed_on <= world.day(HANDED_AFTER))
        .order_by(Unit.id)
    )
    moment = world.at(20, 10, 30)

    def work() -> None:
        for unit in session.scalars(query).all():
            with travel(moment), acting_as(SYSTEM):
                actor = world.actor("developer_service", moment)
                fire(session, unit, "hand", actor, internal=True, note="收楼确认单已签")

    write(session, work)
