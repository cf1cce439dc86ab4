"""What an entry of money must hold, on plain values: each rule alone, so that a table with two faults in a row is told of both."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.features.payments.models import Method
from app.kernel.errors import RuleError
from app.kernel.money import to_fen


def check_amounts(amount: Decimal, fee: Decimal | None) -> None:
    """Money came in, and more than it cost. Raises RuleError."""
    if to_fen(amount) <= 0:
        raise RuleError("金额必须大于零；退款请用退款单", field="amount")
    if fee is not None and not 0 <= to_fen(fee) < to_fen(amount):
        raise RuleError("手续费不能为负数，并应小于收款金额", field="fee")


def check_days(paid_on: date, arrived_on: date | None, today: date) -> None:
    """Paid, then arrived, by today. Raises RuleError."""
    if paid_on > today:
        raise RuleError("收款日不能晚于今天", field="paid_on")
    if arrived_on is not None and not paid_on <= arrived_on <= today:
        raise RuleError("到账日应在收款日与今天之间", field="arrived_on")


def check_proof(method: Method, terminal: str | None, reference: str | None) -> None:
    """What the bank or the terminal calls it. Raises RuleError."""
    if method is Method.POS and not (terminal and reference):
        raise RuleError("POS 收款请填写终端号和参考号", field="pos_terminal" if reference else "reference")
    if method is Method.TRANSFER and not reference:
        raise RuleError("转账请填写银行流水号", field="reference")
