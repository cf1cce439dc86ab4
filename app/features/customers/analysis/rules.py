"""Which flats fit what a customer wants: every criterion said with its number, so that nobody has to believe a score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.features.customers.choices import AreaBand, TotalBand

WAN = Decimal(10_000)
TOP = Decimal(10**9)
OWN_MONEY = "首付"
AREAS: dict[AreaBand, tuple[Decimal, Decimal]] = {
    AreaBand.UNDER_80: (Decimal(0), Decimal(80)), AreaBand.TO_100: (Decimal(80), Decimal(100)),
    AreaBand.TO_120: (Decimal(100), Decimal(120)), AreaBand.TO_144: (Decimal(120), Decimal(144)),
    AreaBand.OVER_144: (Decimal(144), TOP),
}  # fmt: skip
TOTALS: dict[TotalBand, tuple[Decimal, Decimal]] = {
    TotalBand.UNDER_80: (Decimal(0), 80 * WAN), TotalBand.TO_100: (80 * WAN, 100 * WAN),
    TotalBand.TO_120: (100 * WAN, 120 * WAN), TotalBand.TO_150: (120 * WAN, 150 * WAN),
    TotalBand.TO_200: (150 * WAN, 200 * WAN), TotalBand.OVER_200: (200 * WAN, TOP),
}  # fmt: skip
_NUMERALS = str.maketrans("一二两三四五六", "1223456")
_ROOMS = re.compile(r"([一二两三四五六1-6])\s*(?:[房室居]|卧)")
_SOUTH = re.compile(r"朝南|南向|南北")
_LOW, _HIGH = re.compile(r"低楼层|楼层不要太高|楼层低|低区"), re.compile(r"高楼层|楼层要高|楼层高|高区")


@dataclass(frozen=True)
class Wish:
    """What the customer said; None and empty = he has not said it. Yuan, ㎡."""

    rooms: frozenset[int] = frozenset()
    area: AreaBand | None = None
    total: TotalBand | None = None
    down_payment: Decimal | None = None
    south: bool = False
    level: str = ""  # "low" | "high"

    @property
    def said(self) -> int:
        """How many criteria he has named."""
        return sum((bool(self.rooms), self.area is not None, self.total is not None, self.down_payment is not None,
                    self.south, bool(self.level)))  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A flat on sale: price is the public total in yuan; first_share the least share that is paid from own money."""

    unit_id: int
    name: str
    layout: str
    area: Decimal
    price: Decimal
    aspect: str
    floor: int
    floors: int


@dataclass(frozen=True)
class Criterion:
    """One line of the explanation: «总价 ✓ 118.5 万（想要 100–120 万）»."""

    word: str
    fits: bool
    found: str
    wanted: str


@dataclass(frozen=True)
class Match:
    """A flat with the reasons for and against it."""

    offer: Offer
    criteria: tuple[Criterion, ...]

    @property
    def fits(self) -> int:
        """How many criteria are met."""
        return sum(one.fits for one in self.criteria)


def rooms_in(text: str | None) -> frozenset[int]:
    """«三房两厅», «3室», «三房或四房» → {3}, {3}, {3, 4}; empty when no number of rooms is said."""
    return frozenset(int(n.translate(_NUMERALS)) for n in _ROOMS.findall(text or ""))


def wish_of(
    layout: str | None, area: AreaBand | None, total: TotalBand | None, down_payment: Decimal | None, *words: str | None
) -> Wish:
    """The wish in numbers; `words` are what he said of aspect and storey."""
    said = " ".join(part for part in words if part)
    level = "low" if _LOW.search(said) else "high" if _HIGH.search(said) else ""
    return Wish(rooms_in(layout), area, total, down_payment, bool(_SOUTH.search(said)), level)


def criteria(wish: Wish, offer: Offer, first_share: Decimal) -> tuple[Criterion, ...]:
    """Each thing that the customer named, met or not. first_share: least share from own money (parameter mortgage_first_share)."""
    lines = []
    if wish.rooms:
        have = rooms_in(offer.layout)
        wanted = "、".join(f"{n} 房" for n in sorted(wish.rooms))
        lines.append(Criterion("户型", bool(have & wish.rooms), offer.layout or "未标注", wanted))
    if wish.area is not None:
        low, high = AREAS[wish.area]
        lines.append(Criterion("面积", low <= offer.area <= high, f"{offer.area} ㎡", wish.area.label))
    if wish.total is not None:
        low, high = TOTALS[wish.total]
        lines.append(Criterion("总价", low <= offer.price <= high, in_wan(offer.price), wish.total.label))
    if wish.down_payment is not None:
        needed = offer.price * first_share
        found = f"首付至少 {in_wan(needed)}"
        lines.append(Criterion(OWN_MONEY, needed <= wish.down_payment, found, in_wan(wish.down_payment)))
    if wish.south:
        lines.append(Criterion("朝向", "南" in offer.aspect, offer.aspect or "未标注", "朝南"))
    if wish.level:
        low_part, high_part = offer.floor * 3 <= offer.floors, offer.floor * 3 > offer.floors * 2
        wanted = "低楼层" if wish.level == "low" else "高楼层"
        lines.append(
            Criterion(
                "楼层", low_part if wish.level == "low" else high_part, f"{offer.floor}/{offer.floors} 层", wanted
            )
        )
    return tuple(lines)


def in_wan(amount: Decimal) -> str:
    """«118.5 万»."""
    return f"{amount / WAN:,.1f} 万"


def best(wish: Wish, offers: Sequence[Offer], first_share: Decimal, most: int) -> list[Match]:
    """The flats that meet most, at most `most`; of equals the one whose price lies nearest to the middle of the wish, then the
    cheaper one, then by name. Nothing for a customer who has named nothing, and no flat that meets nothing."""
    if not wish.said:
        return []
    found = [Match(offer, criteria(wish, offer, first_share)) for offer in offers]
    fitting = [match for match in found if match.fits]
    return sorted(
        fitting, key=lambda match: (-match.fits, distance(wish, match.offer), match.offer.price, match.offer.name)
    )[:most]


def distance(wish: Wish, offer: Offer) -> Decimal:
    """Yuan between the price and the middle of the wanted band; open bands count from their border; 0 without a band."""
    if wish.total is None:
        return Decimal(0)
    low, high = TOTALS[wish.total]
    middle = low if high == TOP else high if low == 0 else (low + high) / 2
    return abs(offer.price - middle)


def visit_band(visits: int) -> tuple[int, int | None]:
    """Customers are compared with those who came as often: not at all, once, twice and more."""
    return (visits, visits) if visits < 2 else (2, None)
