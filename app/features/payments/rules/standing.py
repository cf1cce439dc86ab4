"""How an 应收行 stands on a day (02 §2.2.2), plain functions on values (yuan)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.features.payments.models.accounts import ReceivableState


def standing(
    amount: Decimal, received: Decimal, due_on: date | None, today: date, extended_to: date | None = None
) -> ReceivableState:
    """已缴清 when whole; 逾期 from the day after the date that counts; 延期 until then; 部分 with the first money; 应收 on the day."""
    payable = extended_to or due_on
    if received >= amount:
        return ReceivableState.PAID
    if payable is not None and payable < today:
        return ReceivableState.OVERDUE
    if extended_to is not None:
        return ReceivableState.EXTENDED
    if received > 0:
        return ReceivableState.PARTIAL
    if payable is not None and payable <= today:
        return ReceivableState.DUE
    return ReceivableState.NOT_DUE
