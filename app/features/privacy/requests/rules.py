"""Until when a request is answered, on plain values."""

from __future__ import annotations

from datetime import date, datetime, time

from app.kernel.calendar import BusinessClock


def due_on(asked_on: date, working_days: int, clock: BusinessClock) -> date:
    """The last day of the answer: so many working days after the day on which it came in (个人信息保护法 §50, GB/T 35273 §8)."""
    return clock.add_days(datetime.combine(asked_on, time(9)), working_days).date()


def days_left(due: date | None, today: date) -> int | None:
    """Calendar days to the last day, negative when late; None without one."""
    return None if due is None else (due - today).days
