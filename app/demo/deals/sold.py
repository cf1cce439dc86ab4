"""What was sold in nine months: most of 1栋, a good part of 2栋 and 3栋, a few homes at 翠湖壹号."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from app.demo.deals.deal import Deal
from app.demo.deals.sites import LAKE
from app.demo.deals.timetable import Life
from app.demo.world import World

SELLERS = ("consultant1", "consultant2", "consultant3", "consultant4")
SCHEMES = ("商业按揭", "一次性付款", "商业按揭", "组合贷款", "商业按揭", "分期付款", "一次性付款", "商业按揭")
# building, sections, places on a floor, lowest and highest floor, how many are sold, first and last sale (days ago)
HOUSES = (
    ("1栋", 2, 4, 1, 11, 50, 262, 66),
    ("2栋", 2, 3, 2, 18, 9, 240, 12),
    ("3栋", 2, 4, 2, 16, 17, 170, 5),
)
LAKE_HOMES = (("1栋1单元301", 150), ("1栋1单元602", 88), ("1栋1单元903", 47), ("1栋1单元501", 24), ("1栋1单元802", 8), ("1栋1单元1101", 2))  # fmt: skip
# Homes whose story is told elsewhere: special cases, today's orders, holds, a home kept as a show flat.
TAKEN = (
    "2栋1单元",
    "3栋2单元104",
    "3栋2单元12",
    "3栋1单元1604",
    "3栋1单元3",
    "3栋1单元4",
    "3栋1单元5",
    "3栋1单元9",
    "3栋1单元10",
)
CONCESSIONS = {
    4: Decimal("0.3"),
    7: Decimal("0.8"),
    10: Decimal("1.3"),
    13: Decimal("1.8"),
    15: Decimal("2.4"),
}  # of 3栋
SLOW = (9, 33)  # buyers by instalments who do not pay the next one in time, of 1栋


def sold(session: Any, world: World) -> Iterator[Life]:
    """The lives of ordinary orders, each in its natural pace from its day on."""
    for house in HOUSES:
        yield from _house(session, world, house)
    for home, ago in LAKE_HOMES:
        start = world.at(ago, 10, 20)
        scheme = "商业按揭" if ago % 3 else "一次性付款"
        yield Deal(session, world, home, "other_consultant", scheme, start, site=LAKE).life()


def homes_of(name: str, sections: int, places: int, floors: Sequence[int]) -> list[str]:
    """Names of the homes of a building that no other story takes."""
    every = [
        f"{name}{section}单元{floor}{place:02d}"
        for floor in floors for section in range(1, sections + 1) for place in range(1, places + 1)
    ]  # fmt: skip
    return [home for home in every if not home.startswith(TAKEN)]


def _house(session: Any, world: World, house: tuple[str, int, int, int, int, int, int, int]) -> Iterator[Life]:
    name, sections, places, low, high, count, first, last = house
    chance = world.random
    homes = homes_of(name, sections, places, range(low, high + 1))
    for number, home in enumerate(chance.sample(homes, count)):
        ago = first - (first - last) * number // (count - 1)
        slow = name == "1栋" and number in SLOW
        yield Deal(
            session, world, home, SELLERS[chance.randrange(len(SELLERS))],
            "分期付款" if slow else SCHEMES[number % len(SCHEMES)], world.at(ago, 9 + chance.randrange(7), 10 + chance.randrange(45)),
            extra=CONCESSIONS.get(number) if name == "3栋" else None, deposit=Decimal(chance.choice((20_000, 20_000, 30_000, 50_000))),
            couple=chance.random() < 0.3, pays_later=not slow,
        ).life()  # fmt: skip
