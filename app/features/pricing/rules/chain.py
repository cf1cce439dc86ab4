"""What a flat costs: the price chain P1–P10 of 02 §2.3.1, plain functions on values.

Amounts are Decimal yuan, areas ㎡ with two places, factors and shares plain numbers (0.98 is 98 折).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from app.kernel.errors import RuleError
from app.kernel.money import RoundingMode, format_amount, half_up, round_yuan

FEN_STEP = Decimal("0.01")


class PricingBasis(StrEnum):
    """计价方式: what the unit price is multiplied with."""

    BUILDING_AREA = "按建筑面积"
    INNER_AREA = "按套内"
    WHOLE = "按套"


class Compounding(StrEnum):
    """How several factors meet: one after another, or their reductions added up first (P2, P7)."""

    MULTIPLIED = "连乘"
    ADDED = "连减"


@dataclass(frozen=True)
class Rounding:
    """A rounding parameter: step 0.01, 1, 10 or 100 yuan and 四舍五入 or 去尾 (P4; also for the list total)."""

    step: Decimal = Decimal(1)
    mode: RoundingMode = RoundingMode.HALF_UP

    def apply(self, amount: Decimal) -> Decimal:
        """The amount in whole steps. Raises RuleError for another step."""
        if self.step == FEN_STEP:
            return round_yuan(amount * 100, 1, self.mode) / 100
        return round_yuan(amount, self.step, self.mode)


TO_FEN = Rounding(FEN_STEP)


@dataclass(frozen=True)
class PriceLine:
    """One thing with a price of its own: 房款, 装修款, 车位, 储藏间; 按套 needs no areas, its unit price is the whole."""

    label: str
    basis: PricingBasis
    unit_price: Decimal
    building_area: Decimal = Decimal(0)
    inner_area: Decimal = Decimal(0)

    @property
    def priced_area(self) -> Decimal:
        """The area that the unit price counts, ㎡; 1 for 按套."""
        match self.basis:
            case PricingBasis.BUILDING_AREA:
                return self.building_area
            case PricingBasis.INNER_AREA:
                return self.inner_area
            case PricingBasis.WHOLE:
                return Decimal(1)


@dataclass(frozen=True)
class Discount:
    """One public discount of the scheme: a factor (0 < factor ≤ 1) or a fixed amount to take off, never both.

    Raises RuleError when it is neither or out of range.
    """

    label: str
    factor: Decimal | None = None
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.factor is None) == (self.amount is None):
            raise RuleError("优惠「{label}」须填折扣或优惠金额，二者只填一项。", label=self.label)
        if self.factor is not None and not 0 < self.factor <= 1:
            raise RuleError("优惠「{label}」的折扣应大于 0 且不超过 1（98 折填 0.98）。", label=self.label)
        if self.amount is not None and self.amount < 0:
            raise RuleError("优惠「{label}」的金额不能为负数。", label=self.label)


@dataclass(frozen=True)
class PriceStep:
    """One row of the calculation as the screen shows it: what was done, by how much, and the total then, yuan."""

    label: str
    change: Decimal
    total: Decimal


@dataclass(frozen=True)
class PriceChain:
    """The calculation of one line or, summed, of several: its rows, list total (P1) and deal total (P4), yuan."""

    steps: tuple[PriceStep, ...]
    list_total: Decimal
    deal_total: Decimal

    @property
    def total_discount(self) -> Decimal:
        """P5: deal total ÷ list total, six places."""
        return half_up(self.deal_total / self.list_total, 6)


def list_total(line: PriceLine, rounding: Rounding = TO_FEN) -> Decimal:
    """P1: area × unit price, rounded as the price register does (to the fen, or cut to whole yuan).

    Raises RuleError when area or price is not positive or the inner area exceeds the building area.
    """
    if line.priced_area <= 0 or line.unit_price <= 0:
        raise RuleError("「{label}」的面积和单价必须大于零。", label=line.label)
    if line.basis != PricingBasis.WHOLE and line.building_area < line.inner_area:
        raise RuleError("「{label}」的套内面积不能大于建筑面积。", label=line.label)
    return rounding.apply(line.priced_area * line.unit_price)


def floor_total(line: PriceLine, floor_unit_price: Decimal) -> Decimal:
    """P8: area × floor unit price, to the fen. Raises RuleError as list_total does."""
    return list_total(replace(line, unit_price=floor_unit_price))


def price_chain(
    line: PriceLine,
    discounts: Sequence[Discount] = (),
    *,
    compounding: Compounding = Compounding.MULTIPLIED,
    rounding: Rounding = Rounding(),
    list_rounding: Rounding = TO_FEN,
) -> PriceChain:
    """P1–P4 of one price line: list total, factors in order (each rounded to the fen), fixed amounts, last rounding.

    连减 (P7) takes the sum of the reductions off the list total. Raises RuleError when nothing would remain.
    """
    start = list_total(line, list_rounding)
    steps = [PriceStep("表价总价", start, start)]
    running = start
    kept = Decimal(1)
    for discount in discounts:
        if discount.factor is not None:
            kept -= 1 - discount.factor
            multiplied = compounding == Compounding.MULTIPLIED
            after = half_up(running * discount.factor if multiplied else start * kept)
            steps.append(PriceStep(discount.label, after - running, after))
            running = after
    for discount in discounts:
        if discount.amount is not None:
            steps.append(PriceStep(discount.label, -discount.amount, running - discount.amount))
            running -= discount.amount
    deal = rounding.apply(running)
    if deal <= 0:
        raise RuleError("「{label}」优惠后的价格不大于零，请检查优惠。", label=line.label)
    steps.append(PriceStep("取整", deal - running, deal))
    return PriceChain(tuple(steps), start, deal)


def sum_chains(chains: Sequence[PriceChain]) -> PriceChain:
    """Σ of several price lines (房款 + 装修款 + 车位 …): the rows one after another, the totals added.

    Raises RuleError when there is no line.
    """
    if not chains:
        raise RuleError("至少需要一个计价项目。")
    return PriceChain(
        tuple(step for chain in chains for step in chain.steps),
        sum((chain.list_total for chain in chains), Decimal(0)),
        sum((chain.deal_total for chain in chains), Decimal(0)),
    )


def unit_price(total: Decimal, area: Decimal) -> Decimal:
    """P6, P9: total ÷ area in yuan per ㎡, two places. Raises RuleError when the area is not positive."""
    if area <= 0:
        raise RuleError("面积必须大于零。")
    return half_up(total / area)


def remainder(total: Decimal, area: Decimal) -> Decimal:
    """P6 尾差: rounded unit price × area − total, yuan; the total governs, the difference is only shown."""
    return half_up(unit_price(total, area) * area) - total


@dataclass(frozen=True)
class SharedArea:
    """P9: 公摊面积 in ㎡, its share and the 得房率 in percent with two places."""

    area: Decimal
    rate: Decimal
    usable_rate: Decimal


def shared_area(building_area: Decimal, inner_area: Decimal) -> SharedArea:
    """P9: what of the building area is shared. Raises RuleError unless 0 < inner ≤ building."""
    if not 0 < inner_area <= building_area:
        raise RuleError("套内面积必须大于零且不超过建筑面积。")
    shared = building_area - inner_area
    rate = half_up(shared / building_area * 100)
    return SharedArea(shared, rate, 100 - rate)


def is_far_below_filed(deal_total: Decimal, filed_total: Decimal, warn_share: Decimal | None) -> bool:
    """P10: True when the deal lies under filed × (1 − warn_share), which local rules want to be asked about.

    warn_share: 0.15 is 15 %; None where no such rule exists. Raises RuleError when the deal exceeds the filed price
    (一房一价: nothing above the marked price, 02 §2.5.10).
    """
    if deal_total > filed_total:
        raise RuleError(
            "成交总价 {deal} 元高于备案价 {filed} 元，不能成交；请先调整价格或备案价。",
            deal=format_amount(deal_total),
            filed=format_amount(filed_total),
        )
    return warn_share is not None and deal_total < filed_total * (1 - warn_share)
