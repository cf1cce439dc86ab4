"""The months of a year side by side, on plain values: spent and budgeted a subject, bars for the chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.features.office.expenses.rules import Budget

ZERO = Decimal(0)


@dataclass(frozen=True)
class SubjectYear:
    """One subject: yuan a month (only months with something in them), and its own budget of the year."""

    subject_id: int
    months: Mapping[str, Decimal]
    budget: Decimal | None

    @property
    def total(self) -> Decimal:
        return sum(self.months.values(), ZERO)

    @property
    def share(self) -> Decimal | None:
        """Spent of the budget in percent, one decimal; None without a budget (02 §2.3.9: division by zero is no number)."""
        if not self.budget:
            return None
        return (self.total * 100 / self.budget).quantize(Decimal("0.1"))


def months_of(year: int) -> list[str]:
    """«2026-01» … «2026-12»."""
    return [f"{year}-{month:02}" for month in range(1, 13)]


def year_budget(budgets: Iterable[Budget], subject_id: int, year: str) -> Decimal | None:
    """The year's budget of a subject: its own for the year, else the sum of its months; None when there is neither."""
    own = [b for b in budgets if b.subject_id == subject_id]
    whole = [b.amount for b in own if b.period == year]
    months = [b.amount for b in own if b.period != year]
    if whole:
        return whole[0]
    return sum(months, ZERO) if months else None


def month_budget(budgets: Iterable[Budget], paths: Mapping[int, tuple[int, ...]], month: str) -> Decimal:
    """All that is budgeted for one month: a budget below another one of the same month is a part of it, not a further sum."""
    here = {b.subject_id: b.amount for b in budgets if b.period == month}
    return sum(
        (amount for key, amount in here.items() if not any(above in here for above in paths.get(key, (key,))[1:])), ZERO
    )
