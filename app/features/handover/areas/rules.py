"""The area difference of 商品房销售管理办法 §20: a truth table on values (02 §2.3.7). Areas ㎡, amounts yuan."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.kernel.errors import RuleError
from app.kernel.money import half_up

LIMIT = Decimal("0.03")
LIKELY = Decimal("0.3")  # beyond it somebody typed the wrong flat's area


@dataclass(frozen=True)
class AreaDifference:
    """owed: what the buyer pays. back: what of the price he gets back; compensation: the second time of the part beyond
    the limit, paid by the seller. borne: what the seller bears of a flat that came out too large."""

    error: Decimal
    owed: Decimal = Decimal("0.00")
    back: Decimal = Decimal("0.00")
    compensation: Decimal = Decimal("0.00")
    borne: Decimal = Decimal("0.00")
    may_withdraw: bool = False

    @property
    def refund(self) -> Decimal:
        """Everything that goes to the buyer."""
        return self.back + self.compensation

    @property
    def doubled(self) -> Decimal:
        """What goes back double, both times together."""
        return self.compensation * 2


def error_of(contract_area: Decimal, registered: Decimal) -> Decimal:
    """(登记 − 合同) ÷ 合同, six places: 0.012 is +1.2 %. Raises RuleError for areas that are not positive or far apart."""
    if contract_area <= 0 or registered <= 0:
        raise RuleError("面积必须大于零", field="surveyed_area")
    error = half_up((registered - contract_area) / contract_area, 6)
    if abs(error) > LIKELY:
        raise RuleError(
            "登记面积 {new} ㎡与合同面积 {old} ㎡相差超过 30 %，请核对是否填错房号或单位", field="surveyed_area",
            new=registered, old=contract_area,
        )  # fmt: skip
    return error


def area_difference(
    contract_area: Decimal, registered: Decimal, unit_price: Decimal, limit: Decimal = LIMIT
) -> AreaDifference:
    """Up to the limit (incl.) the price follows the area. Beyond: a larger flat costs only the limit and the rest is the
    seller's; a smaller one gives the limit back once and the rest double; either way the buyer may withdraw.

    Whether the limit is passed is decided on the exact areas, not on the rounded percentage.
    """
    error = error_of(contract_area, registered)
    difference = abs(registered - contract_area)
    within = min(difference, contract_area * limit)
    inside, beyond = half_up(within * unit_price), half_up((difference - within) * unit_price)
    passed = difference > contract_area * limit
    if registered > contract_area:
        return AreaDifference(error, owed=inside, borne=beyond, may_withdraw=passed)
    return AreaDifference(error, back=inside + beyond, compensation=beyond, may_withdraw=passed)
