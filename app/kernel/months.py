"""Months of reports, «2026-11»: what was asked for, where one begins and ends, and which one a report opens with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

FIRST_DAYS = 5  # days of a month in which the month before is still what people want to see


@dataclass(frozen=True)
class Opened:
    """The month of a report; instead_of: the running month when it has only just begun, «» otherwise."""

    month: str
    instead_of: str = ""


def opened(asked: str, today: date, latest: Callable[[date], date | None]) -> Opened:
    """The month of the address. Without one the running month — in its first days the last month before it that has rows.

    latest: the day of the newest row before a day, asked for in the first days only.
    """
    running = f"{today:%Y-%m}"
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", asked):
        return Opened(asked)
    newest = latest(today.replace(day=1)) if today.day <= FIRST_DAYS else None
    return Opened(f"{newest:%Y-%m}", running) if newest is not None else Opened(running)


def borders(month: str) -> tuple[datetime, datetime]:
    """The first moment of the month and of the next one."""
    year, number = (int(part) for part in month.split("-"))
    return datetime(year, number, 1), datetime(year + number // 12, number % 12 + 1, 1)


def beside(month: str, step: int) -> str:
    """The month so many months later."""
    year, number = (int(part) for part in month.split("-"))
    place = year * 12 + number - 1 + step
    return f"{place // 12:04}-{place % 12 + 1:02}"
