"""Quiet hours as a truth table: over midnight, within a day, none, and days on which the site is closed (02 §2.5.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import pytest

from app.kernel.notices.quiet import QuietHours


@dataclass(frozen=True)
class Days:
    """Closed on these days of November 2026."""

    closed: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        return day.day not in self.closed


def at(text: str) -> datetime:
    """«24 21:00» of November 2026."""
    return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M")


NIGHT, NOON, NONE = ("21:00", "08:30"), ("12:00", "13:30"), ("00:00", "00:00")


@pytest.mark.parametrize(
    ("hours", "closed", "moment", "over"),
    [
        (NIGHT, (), "24 20:59", "24 20:59"),
        (NIGHT, (), "24 21:00", "25 08:30"),
        (NIGHT, (), "24 23:59", "25 08:30"),
        (NIGHT, (), "25 00:00", "25 08:30"),
        (NIGHT, (), "25 08:29", "25 08:30"),
        (NIGHT, (), "25 08:30", "25 08:30"),
        (NIGHT, (25,), "24 21:30", "26 08:30"),
        (NIGHT, (25,), "25 10:00", "26 08:30"),
        (NIGHT, (25, 26, 27), "25 10:00", "28 08:30"),
        (NOON, (), "24 12:00", "24 13:30"),
        (NOON, (), "24 13:30", "24 13:30"),
        (NOON, (25,), "25 09:00", "26 00:00"),
        (NONE, (), "24 03:00", "24 03:00"),
        (NONE, (24,), "24 03:00", "25 00:00"),
    ],
)
def test_what_is_held_until_when(hours, closed, moment, over):
    starts, ends = (time.fromisoformat(text) for text in hours)
    quiet = QuietHours(starts, ends, Days(frozenset(closed)))
    assert quiet.holds(at(moment)) is (moment != over)
    assert quiet.over(at(moment)) == at(over)


def test_a_calendar_that_is_closed_for_ever_holds_nothing_for_ever():
    quiet = QuietHours(time(21), time(8, 30), Days(frozenset(range(1, 32))))
    assert quiet.over(at("24 10:00")) > at("24 10:00")
