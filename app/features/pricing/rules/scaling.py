"""Prices of today, all up or down by a share (S3.20 调价), plain functions on values: yuan per ㎡, per cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from app.kernel.errors import RuleError
from app.kernel.money import format_amount

FEN = Decimal("0.01")
LIMIT = Decimal(50)  # a typing error («15» for «1.5») is likelier than a price that moves by half


def scaled_price(price: Decimal, percent: Decimal, step: Decimal | None = None) -> Decimal:
    """price × (1 + percent/100), rounded half up to a multiple of step (yuan; None = fen).

    Raises RuleError for no change, for more than 50 % either way, for a step that is not positive or takes all.
    """
    if not percent:
        raise RuleError("调整幅度不能为零", field="percent")
    if abs(percent) > LIMIT:
        raise RuleError("调整幅度应在 -50 和 50 之间，上调 1.5% 填 1.5", field="percent")
    unit = FEN if step is None else step
    if unit <= 0:
        raise RuleError("单价取整到必须大于零", field="step")
    exact = price * (1 + percent / 100)
    scaled = (exact / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit
    if scaled <= 0:
        raise RuleError("单价 {price} 元按此幅度取整后为零，请减小取整单位", field="step", price=format_amount(price))
    return scaled.quantize(FEN)
