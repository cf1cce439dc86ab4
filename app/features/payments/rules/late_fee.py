"""滞纳金/违约金 of 02 §2.3.6 (L1–L6), plain functions on values: yuan, calendar days, daily rates as plain numbers.

A rate of 万分之二 is Decimal("0.0002").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.features.pricing.rules.plan import Payer
from app.kernel.errors import RuleError
from app.kernel.money import half_up


@dataclass(frozen=True)
class LateFeeTerms:
    """The contract's clause: daily rate, days after which the seller may end the contract, penalty share then.

    termination_share is a share of 累计应付款; loans_pay: whether a bank's late loan row costs a fee (default: no).
    """

    daily_rate: Decimal
    termination_days: int = 60
    termination_share: Decimal = Decimal(0)
    loans_pay: bool = False


@dataclass(frozen=True)
class PaidPart:
    """Money that reached a row: the day and the yuan."""

    paid_on: date
    amount: Decimal


@dataclass(frozen=True)
class LateFee:
    """The fee by the day in yuan, the longest delay in days, and whether it passed the limit («出卖人可解除»)."""

    fee: Decimal
    days: int
    may_terminate: bool


@dataclass(frozen=True)
class Accrual:
    """The late fee of one row so far: what the clause gives, what was charged as rows of their own, what was waived (yuan)."""

    late: LateFee
    charged: Decimal = Decimal(0)
    waived: Decimal = Decimal(0)

    @property
    def uncharged(self) -> Decimal:
        """What may be charged now; never less than nothing, though an extension made the fee smaller."""
        return max(self.late.fee - self.charged - self.waived, Decimal(0))

    @property
    def excess(self) -> Decimal:
        """What was charged or waived beyond the fee as it is now."""
        return max(self.charged + self.waived - self.late.fee, Decimal(0))


def days_late(due_on: date, paid_on: date) -> int:
    """Days of delay; counting starts on the day after the due date, paid on the due date is 0."""
    return max((paid_on - due_on).days, 0)


def late_fee(
    amount: Decimal,
    due_on: date,
    paid: Sequence[PaidPart],
    terms: LateFeeTerms,
    *,
    as_of: date,
    extended_to: date | None = None,
    payer: Payer = Payer.BUYER,
) -> LateFee:
    """L1–L5 of one row: Σ part × daily rate × its days late, what is still unpaid counted up to as_of; rounded once.

    extended_to: the date of an approved extension, from which the fee counts instead. Parts beyond the amount of the
    row do not count. Raises RuleError when the extension lies before the due date.
    """
    if extended_to is not None and extended_to < due_on:
        raise RuleError("延期后的日期不能早于原应付日。")
    due = extended_to or due_on
    exact = Decimal(0)
    longest = 0
    unpaid = amount
    for part in [*sorted(paid, key=lambda part: part.paid_on), PaidPart(as_of, amount)]:
        counted = min(part.amount, unpaid)
        unpaid -= counted
        if counted:
            days = days_late(due, part.paid_on)
            exact += counted * terms.daily_rate * days
            longest = max(longest, days)
    if payer != Payer.BUYER and not terms.loans_pay:
        return LateFee(Decimal(0), longest, may_terminate=False)
    return LateFee(half_up(exact), longest, may_terminate=longest > terms.termination_days)


def termination_penalty(accumulated_due: Decimal, share: Decimal) -> Decimal:
    """L5: x % of 累计应付款 when the seller ends the contract; it stands **instead of** the fee by the day, never beside."""
    return half_up(accumulated_due * share)


@dataclass(frozen=True)
class LatePart:
    """Money of the buyer that the seller owes for: yuan, the day after which it counts, how many days."""

    from_on: date
    amount: Decimal
    days: int


def seller_late_parts(paid: Sequence[PaidPart], *, promised_on: date, handed_over_on: date) -> list[LatePart]:
    """L6: what was paid until the contract's date counts from the day after it, what was paid later from the day after the payment.

    One part a day, in their order; money that came on the day of the written handover or later earned nothing and is left out.
    """
    by_day: dict[date, Decimal] = {}
    for part in paid:
        since = max(promised_on, part.paid_on)
        by_day[since] = by_day.get(since, Decimal(0)) + part.amount
    counted = (LatePart(day, amount, days_late(day, handed_over_on)) for day, amount in sorted(by_day.items()))
    return [part for part in counted if part.days and part.amount]


def seller_late_fee(parts: Sequence[LatePart], daily_rate: Decimal) -> Decimal:
    """L6 of one home: Σ part × daily rate × its days, rounded once."""
    return half_up(sum((part.amount * daily_rate * part.days for part in parts), Decimal(0)))
