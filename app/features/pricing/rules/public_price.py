"""The public price of one unit as people read it: P1–P10 of 02 §2.3.1 in one value, plain functions on values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.features.pricing.rules.chain import (
    PriceChain,
    PriceStep,
    SharedArea,
    is_far_below_filed,
    remainder,
    shared_area,
    unit_price,
)


@dataclass(frozen=True)
class PublicPrice:
    """The chain of a unit with what surrounds it. Yuan and ㎡; `priced_area` is 1 for 按套."""

    chain: PriceChain
    priced_area: Decimal
    building_area: Decimal
    inner_area: Decimal
    filed_total: Decimal | None = None

    @property
    def steps(self) -> tuple[PriceStep, ...]:
        """P1–P4, row by row."""
        return self.chain.steps

    @property
    def list_total(self) -> Decimal:
        """P1 表价总价."""
        return self.chain.list_total

    @property
    def public_total(self) -> Decimal:
        """P4 公开折后总价."""
        return self.chain.deal_total

    @property
    def total_discount(self) -> Decimal:
        """P5, six places."""
        return self.chain.total_discount

    @property
    def shared(self) -> SharedArea:
        """P9 公摊."""
        return shared_area(self.building_area, self.inner_area)

    def unit_price_of(self, total: Decimal) -> Decimal:
        """P6: a deal total per ㎡ of the priced area."""
        return unit_price(total, self.priced_area)

    def remainder_of(self, total: Decimal) -> Decimal:
        """P6 尾差: shown, the total governs."""
        return remainder(total, self.priced_area)

    def inner_unit_price_of(self, total: Decimal) -> Decimal:
        """P9 套内单价."""
        return unit_price(total, self.inner_area)

    def check_filed(self, total: Decimal, warn_share: Decimal | None = None) -> bool:
        """P10: True when the total lies far below the filed price. Raises RuleError above it; no filed price, no check."""
        return self.filed_total is not None and is_far_below_filed(total, self.filed_total, warn_share)
