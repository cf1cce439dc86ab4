"""Periods and ratios of the reports, on plain values (02 §2.3.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

_BETWEEN = re.compile(r"[、，,;；/\s]+")


@dataclass(frozen=True)
class Period:
    """First and last day, both counted."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time())

    @property
    def before(self) -> datetime:
        """The moment after the last one."""
        return datetime.combine(self.last + timedelta(days=1), time())

    @property
    def days(self) -> str:
        """«2026-11-01~2026-11-30» as lists understand it."""
        return f"{self.first.isoformat()}~{self.last.isoformat()}"


def ratio(part: int, whole: int) -> Decimal | None:
    """part of whole as a fraction of four places; None when there is no whole: shown as «—», never 0 (02 §2.3.9)."""
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None


def percent(part: int, whole: int) -> str:
    """«12.50 %», «—» without a whole."""
    found = ratio(part, whole)
    return "—" if found is None else f"{found * 100:.2f} %"


def week_of(day: date) -> Period:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6))


def month_start(day: date, months_ago: int) -> date:
    """The first day of the month so many months before."""
    place = day.year * 12 + day.month - 1 - months_ago
    return date(place // 12, place % 12 + 1, 1)


def month_of(year: int, month: int) -> Period:
    """A calendar month."""
    first = date(year, month, 1)
    return Period(first, month_start(first, -1) - timedelta(days=1))


def period_asked(first: date | None, last: date | None, today: date) -> Period:
    """The days of the address; without a first day the last three months begun, a last day before the first is today's."""
    start = first or month_start(today, 2)
    end = last if last is not None and last >= start else max(today, start)
    return Period(start, end)


def names_in(text: str) -> list[str]:
    """«云庭、湖畔里» → both names, as they are counted."""
    return [name for name in _BETWEEN.split(text.strip()) if name]
