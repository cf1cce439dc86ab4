"""Which open rows a receipt pays (02 §2.3.4), plain functions on values (yuan)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.kernel.errors import RuleError
from app.kernel.money import to_fen


@dataclass(frozen=True)
class OpenRow:
    """A row that still waits for money: its key, due date (None = not dated yet), open yuan, whether it is 滞纳金, and whether the
    money was brought for its very 计价项目 (装修款, 车位款)."""

    key: int
    due_on: date | None
    open_amount: Decimal
    is_late_fee: bool = False
    is_meant: bool = False


@dataclass(frozen=True)
class Allocation:
    """Where a receipt went: (key of the row, yuan) in the order of payment, and what is kept as 预收."""

    parts: tuple[tuple[int, Decimal], ...]
    prepaid: Decimal


def allocate(receipt: Decimal, rows: Sequence[OpenRow], *, late_fee_last: bool = True) -> Allocation:
    """The line that the money was brought for first, then oldest due first, undated rows after dated ones, late fees last
    (parameter); over-payment is kept as 预收.

    The caller gives the rows of this payer only: a buyer's money never pays the row of the bank. Parts and prepaid
    add up to the receipt. Raises RuleError when the receipt is not positive or an open amount is negative.
    """
    if to_fen(receipt) <= 0:
        raise RuleError("收款金额必须大于零；退款请用退款单。", field="amount")
    left = receipt
    parts = []
    for row in sorted(
        rows, key=lambda row: (late_fee_last and row.is_late_fee, not row.is_meant, row.due_on or date.max, row.key)
    ):
        if to_fen(row.open_amount) < 0:
            raise RuleError("应收行的未收金额不能为负数。")
        paid = min(left, row.open_amount)
        if paid:
            parts.append((row.key, paid))
            left -= paid
    return Allocation(tuple(parts), left)
