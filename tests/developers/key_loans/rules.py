"""Step 4: what must hold, on plain values."""

from __future__ import annotations

from datetime import date

LONGEST = 7


def days_overdue(due_on: date, today: date) -> int:
    """Whole days after the due day; 0 on the day itself and before."""
    return max(0, (today - due_on).days)


def may_run_until(due_on: date, today: date) -> bool:
    """A key comes back today at the earliest and after LONGEST days at the latest."""
    return 0 <= (due_on - today).days <= LONGEST
