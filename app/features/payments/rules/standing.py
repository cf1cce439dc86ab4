"""How an 应收行 stands on a day (02 §2.2.2), plain functions on values (yuan)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.features.payments.models.accounts import ReceivableState


def standing(amount: Decimal, received: Decimal, due_on: date | None, today: date) -> ReceivableState:
    """已缴清 when whole; 逾期 from the day after the due date; 部分 as soon as some money came; 应收 on the due date."""
    if received >= amount:
        return ReceivableState.PAID
    if due_on is not None and due_on < today:
        return ReceivableState.OVERDUE
    if received > 0:
        return ReceivableState.PARTIAL
    if due_on is not None and due_on <= today:
        return ReceivableState.DUE
    return ReceivableState.NOT_DUE
