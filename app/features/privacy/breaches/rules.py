"""The clock of a leak, on plain values: it runs day and night (72 小时)."""

from __future__ import annotations

from datetime import datetime, timedelta


def due_at(found_at: datetime, hours: int) -> datetime:
    """The moment by which authority and persons are told."""
    return found_at + timedelta(hours=hours)


def hours_left(due: datetime | None, at: datetime) -> int | None:
    """Whole hours to that moment, negative when it has passed (-1 in the first hour after it); None without one."""
    return None if due is None else int((due - at).total_seconds() // 3600)
