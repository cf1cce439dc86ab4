"""Prices by rule: a base price, so much more a floor, so much by aspect (一房一价 from three numbers)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from app.kernel.chinese import fold
from app.kernel.errors import RuleError
from app.kernel.money import format_amount, parse_amount

_ASPECT = re.compile(r"(?P<aspect>\S+) +(?P<step>[-+−]?[0-9.,]+)")


@dataclass(frozen=True)
class PriceRule:
    """How the unit prices of many homes follow from one: all amounts yuan per ㎡ (按套: yuan).

    base_price holds on base_floor; floor_step is added for each floor above it and taken off below it; aspect_steps by
    the words of the unit's 朝向. floor_gap: how far the 底价 lies under the list price; filed_gap: how far the 备案价 lies
    above it, None = keep the filed price that the unit has.
    """

    base_price: Decimal
    base_floor: int
    floor_step: Decimal
    floor_gap: Decimal
    filed_gap: Decimal | None = None
    aspect_steps: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class MadePrice:
    """Unit prices of one home, yuan per ㎡."""

    list_price: Decimal
    floor_price: Decimal
    filed_price: Decimal | None


def made_price(rule: PriceRule, floor: int, aspect: str) -> MadePrice:
    """The prices of a home on that floor. Raises RuleError when one would not be positive, or list is above filed."""
    price = rule.base_price + rule.floor_step * (floor - rule.base_floor) + rule.aspect_steps.get(aspect, Decimal(0))
    if rule.floor_gap < 0:
        raise RuleError("底价差额不能为负数：底价不高于表价。", field="floor_gap")
    if rule.filed_gap is not None and rule.filed_gap < 0:
        raise RuleError("备案价差额不能为负数：表价不高于备案价。", field="filed_gap")
    if price - rule.floor_gap <= 0:
        raise RuleError(
            "按此规则第 {floor} 层的单价为 {price} 元，扣除底价差额后不大于零，请检查。",
            field="base_price", floor=floor, price=format_amount(price),
        )  # fmt: skip
    return MadePrice(price, price - rule.floor_gap, None if rule.filed_gap is None else price + rule.filed_gap)


def parse_aspect_steps(text: str) -> dict[str, Decimal]:
    """Read «南 100» lines, negative for less. Raises RuleError naming the line."""
    steps: dict[str, Decimal] = {}
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        match = _ASPECT.fullmatch(fold(line))
        if match is None:
            raise RuleError(
                "朝向差价第 {n} 行「{line}」看不懂，请写成「朝向 差价」，例如 南 100",
                field="aspect_steps", n=number, line=line.strip()[:20],
            )  # fmt: skip
        steps[match["aspect"]] = parse_amount(match["step"], field="aspect_steps", allow_negative=True)
    return steps
