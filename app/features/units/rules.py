"""What must hold of units and what is computed of them: plain functions on values, no session (02 §2.2.1, §2.4)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from app.features.units.models import PricingBasis
from app.kernel.errors import RuleError, StaleError
from app.kernel.money import RoundingMode, half_up, round_yuan
from app.kernel.posts import Post

# values of the parameter list_total_rounding other than «分»; the register cuts to whole yuan, it does not round
_WHOLE_YUAN = {"元去尾": RoundingMode.CUT, "元四舍五入": RoundingMode.HALF_UP}


class PermitFacts(Protocol):
    """What a release asks of a permit."""

    number: str
    issued_on: date
    valid_until: date | None


def minutes_left(until: datetime, at: datetime) -> int:
    """Whole minutes until a lock ends, begun ones counted, never below 0: 11 min 20 s left → 12 (02 §2.2.1 lock row)."""
    return max(0, math.ceil((until - at) / timedelta(minutes=1)))


def taken_already(unit: str, locked_at: datetime, until: datetime | None, at: datetime, by: str | None) -> StaleError:
    """What the loser of a race reads: «3栋1102 已由何涛 10:41 销控，剩 12 分钟»; by None = no name across teams."""
    time = f"{locked_at:%H:%M}"
    if until is None:
        if by is None:
            return StaleError("{unit} 已在 {time} 被销控并提交认购", unit=unit, time=time)
        return StaleError("{unit} 已由{by} {time} 销控并提交认购", unit=unit, time=time, by=by)
    left = minutes_left(until, at)
    if by is None:
        return StaleError("{unit} 已在 {time} 被销控，剩 {left} 分钟", unit=unit, time=time, left=left)
    return StaleError("{unit} 已由{by} {time} 销控，剩 {left} 分钟", unit=unit, time=time, left=left, by=by)


def held_share_allows(held: int, released: int, percent: Decimal) -> bool:
    """Whether one more hold keeps holds within percent of the released units (02 §2.2.1: 5 %).

    held counts units in 保留 now, released all units ever put on sale.
    """
    return (held + 1) * 100 <= released * percent


def hold_authority(hours: int, supervisor_hours: int, site_manager_hours: int) -> Post:
    """The lowest post that may hold a unit that long: SUP ≤ 24 h, SM ≤ 72 h, JFS longer (02 §2.2.1)."""
    if hours <= supervisor_hours:
        return Post.SUPERVISOR
    return Post.SITE_MANAGER if hours <= site_manager_hours else Post.DEVELOPER_SITE


HOLD_ORDER = (Post.SUPERVISOR, Post.SITE_MANAGER, Post.DEVELOPER_SITE)


def may_hold_himself(posts: Iterable[Post], hours: int, supervisor_hours: int, site_manager_hours: int) -> bool:
    """Whether one of these posts holds a unit that long without asking anybody."""
    needed = HOLD_ORDER.index(hold_authority(hours, supervisor_hours, site_manager_hours))
    return any(post in posts for post in HOLD_ORDER[needed:])


def permit_refusal(permit: PermitFacts | None, day: date) -> RuleError | None:
    """Why a unit may not be sold under this permit on that day; None when it may (02 §2.5.10: no sale before it)."""
    if permit is None:
        return RuleError("没有对应的预售证或现售备案")
    if permit.issued_on > day:
        return RuleError("预售证 {number} 要到 {day} 才发证", number=permit.number, day=permit.issued_on)
    if permit.valid_until is not None and permit.valid_until < day:
        return RuleError("预售证 {number} 已在 {day} 到期", number=permit.number, day=permit.valid_until)
    return None


def price_refusal(list_total: Decimal | None, filed_total: Decimal | None) -> RuleError | None:
    """Why a unit may not go on sale at its price: no list price, no filed price, or above it (发改价格[2011]548号)."""
    if list_total is None:
        return RuleError("还没有生效的表价")
    if filed_total is None:
        return RuleError("还没有备案价")
    if list_total > filed_total:
        return RuleError("表价总价 {listed} 元高于备案总价 {filed} 元", listed=list_total, filed=filed_total)
    return None


def total_price(
    unit_price: Decimal, building_area: Decimal, inner_area: Decimal, basis: PricingBasis, rounding: str
) -> Decimal:
    """Total of a unit price by 计价方式: 12,800 × 89.53 → 1,145,984.00 (02 §2.3.1 P1).

    按套: the unit price is the total. rounding: the parameter list_total_rounding (分, 元四舍五入, 元去尾).
    """
    area = {
        PricingBasis.BUILDING_AREA: building_area,
        PricingBasis.INNER_AREA: inner_area,
        PricingBasis.WHOLE: Decimal(1),
    }[basis]
    total = unit_price * area
    return round_yuan(total, 1, _WHOLE_YUAN[rounding]) if rounding in _WHOLE_YUAN else half_up(total)


def sold_rate(sold: int, released: int) -> str:
    """去化率 = 认购套数 ÷ 推出套数 as «48.44 %», «—» when nothing is released (02 §2.3.9)."""
    return f"{half_up(Decimal(sold) * 100 / released)} %" if released else "—"
