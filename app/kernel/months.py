"""Months of reports, «2026-11»: what was asked for, where one begins and ends, and which one a report opens with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

FIRST_DAYS = 5  # days of a month in which the month before is still what people want to see


@dataclass(frozen=True)
class Opened:
    """The month of a report; instead_of: the running month when that one has nothing to show yet, «» otherwise."""

    month: str
    instead_of: str = ""


def opened(asked: str, today: date, latest: Callable[[], date | None]) -> Opened:
    """The month of the address. Without one the running month — in its first days, while it has no row, the last that has.

    latest: the day of the newest row, asked for in the first days only.
    """
    running = f"{today:%Y-%m}"
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", asked):
        return Opened(asked)
    newest = latest() if today.day <= FIRST_DAYS else None
    if newest is None or f"{newest:%Y-%m}" >= running:
        return Opened(running)
    return Opened(f"{newest:%Y-%m}", running)


def borders(month: str) -> tuple[datetime, datetime]:
    """The first moment of the month and of the next one."""
    year, number = (int(part) for part in month.split("-"))
    return datetime(year, number, 1), datetime(year + number // 12, number % 12 + 1, 1)


def beside(month: str, step: int) -> str:
    """The month so many months later."""
    year, number = (int(part) for part in month.split("-"))
    place = year * 12 + number - 1 + step
    return f"{place // 12:04}-{place % 12 + 1:02}"
