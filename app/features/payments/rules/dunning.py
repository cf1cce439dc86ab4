"""When a buyer is asked for money, and whether he kept his word; plain functions on values (02 §2.2.2 应收行)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal


def level_on(payable_on: date | None, today: date, days: Sequence[int]) -> int:
    """How many of the day rules (ascending, negative = before the date) were reached; 0 = nothing to do yet."""
    if payable_on is None:
        return 0
    passed = (today - payable_on).days
    return sum(1 for day in days if day <= passed)


def next_change(payable_on: date | None, today: date, days: Sequence[int], limit: int | None = None) -> date | None:
    """The next day after today on which a rule is reached or the contract's days are passed; None when nothing changes any more."""
    if payable_on is None:
        return None
    coming = [payable_on + timedelta(days=day) for day in days]
    if limit is not None:
        coming.append(payable_on + timedelta(days=limit + 1))
    return min((day for day in coming if day > today), default=None)


def promise_kept(promised: Decimal | None, received_before: Decimal, received: Decimal, amount: Decimal) -> bool:
    """Whether the row got what was promised since the promise; without a sum the whole row was meant."""
    return received >= amount or (promised is not None and received - received_before >= promised)


def may_terminate(payable_on: date | None, today: date, limit: int | None) -> bool:
    """L5: the delay passed the contract's days, so that the seller may end it (02 §2.3.6)."""
    return payable_on is not None and limit is not None and (today - payable_on).days > limit
