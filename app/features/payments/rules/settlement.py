"""How the money of an ended order is divided, and to whom it goes back (02 §2.2.3, §2.3.3), plain functions on values (yuan)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.errors import RuleError
from app.kernel.money import format_amount, to_fen


@dataclass(frozen=True)
class Settlement:
    """What becomes of the confirmed money: kept 定金, 违约金, 手续费, what goes back; compensation is paid on top by the seller.

    refundable includes the compensation: balance + compensation = kept + penalty + fee + refundable.
    """

    kept: Decimal = Decimal(0)
    penalty: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    compensation: Decimal = Decimal(0)
    refundable: Decimal = Decimal(0)


def require_closes(settlement: Settlement, balance: Decimal) -> None:
    """The division uses up the confirmed money to the fen. Raises RuleError when it does not, or a part is negative."""
    parts = (settlement.kept, settlement.penalty, settlement.fee, settlement.compensation, settlement.refundable)
    if any(to_fen(part) < 0 for part in parts):
        raise RuleError("结算金额不能为负数")
    divided = settlement.kept + settlement.penalty + settlement.fee + settlement.refundable
    if divided != balance + settlement.compensation:
        raise RuleError(
            "结算不平：已收 {balance} 元加赔偿 {extra} 元，应等于没收、违约金、手续费与应退之和 {divided} 元",
            balance=format_amount(balance),
            extra=format_amount(settlement.compensation),
            divided=format_amount(divided),
        )


def refund_parts(refundable: Decimal, receipts: Sequence[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """Divide a refund among the receipts it came by, so that each goes to its original payer (02 §2.2.3).

    receipts: (key, yuan still there) oldest first. The youngest money goes back first, so that a kept 定金 stays with the
    first receipt; a compensation beyond all receipts goes to the payer of the first one. Raises RuleError without receipts.
    """
    left = refundable
    parts: dict[int, Decimal] = {}
    for key, amount in reversed(receipts):
        back = min(left, amount)
        if back:
            parts[key] = back
            left -= back
    if left:
        if not receipts:
            raise RuleError("没有已确认的收款，不能退款")
        first = receipts[0][0]
        parts[first] = parts.get(first, Decimal(0)) + left
    return sorted(parts.items())
