"""The clocks of 02 §2.5.6 on the site's working time, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest

from app.features.complaints.cases.models import CaseAbout, CaseSource, CaseState, Level, Satisfaction
from app.features.complaints.cases.rules import beside_the_way, must_go_up
from app.features.complaints.clocks import Clock, due_after, next_due, untold
from app.features.complaints.reports.rules import CaseFacts, grouped, kept, percent, summed
from app.kernel.calendar import BusinessClock

D = Decimal


@dataclass(frozen=True)
class Days:
    """Every day but these."""

    closed: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day not in self.closed


CLOCK = BusinessClock(Days())
FESTIVAL = BusinessClock(Days(frozenset({date(2026, 2, 17), date(2026, 2, 18)})))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-02 10:30", 2, "2026-11-02 12:30"),  # first reply 2 h
        ("2026-11-02 17:00", 2, "2026-11-03 10:00"),  # one hour today, one tomorrow
        ("2026-11-02 16:00", 2, "2026-11-02 18:00"),  # used up exactly at closing time
        ("2026-11-02 20:15", 2, "2026-11-03 11:00"),  # after hours: from the next opening
        ("2026-11-02 07:00", 2, "2026-11-02 11:00"),
        ("2026-11-02 10:30", 24, "2026-11-03 10:30"),  # hard limit: the same time of the next day
        ("2026-11-02 20:15", 24, "2026-11-04 09:00"),  # counted from the next opening
        ("2026-11-02 10:30", 72, "2026-11-05 10:30"),
        ("2026-11-02 10:30", 168, "2026-11-09 10:30"),
        ("2026-11-02 17:00", 26, "2026-11-04 10:00"),  # a day, then two hours over the night
    ],
)  # fmt: skip
def test_hours_of_the_site(start, hours, due):
    assert due_after(CLOCK, datetime.fromisoformat(start), hours) == datetime.fromisoformat(due)


def test_a_closed_day_does_not_count():
    assert due_after(FESTIVAL, datetime(2026, 2, 16, 17), 2) == datetime(2026, 2, 19, 10)
    assert due_after(FESTIVAL, datetime(2026, 2, 16, 10), 24) == datetime(2026, 2, 19, 10)


def test_which_clock_is_next_and_of_which_nobody_was_told():
    at = [datetime(2026, 11, 2, hour) for hour in range(24)]
    clocks = (
        Clock("reply", "首次回复", at[11], None),
        Clock("limit", "最迟回复", at[12], None),
        Clock("close", "办结", at[10], at[9]),
    )
    assert next_due(clocks) == at[11]
    assert next_due((Clock("a", "", None, None), Clock("b", "", at[1], at[1]))) is None
    assert [c.name for c in untold(clocks, "", at[11])] == []  # to the minute is in time
    assert [c.name for c in untold(clocks, "", at[13])] == ["reply", "limit"]
    assert [c.name for c in untold(clocks, "reply", at[13])] == ["limit"]


@pytest.mark.parametrize(
    ("level", "money", "up"),
    [
        (Level.MINOR, None, False),
        (Level.COMMON, D(500), False),
        (Level.COMMON, D("500.01"), True),
        (Level.MAJOR, None, True),
        (Level.MAJOR, D(0), True),
    ],
)
def test_what_goes_up(level, money, up):
    assert must_go_up(level, money, D(500)) is up


@pytest.mark.parametrize(
    ("level", "money", "past"),
    [
        (Level.MAJOR, None, True),
        (Level.MAJOR, D(5000), True),
        (Level.MAJOR, D("5000.01"), False),  # 5,000–20,000 needs the general manager
        (Level.COMMON, D(100), False),
    ],
)
def test_who_is_passed_by(level, money, past):
    assert beside_the_way(level, money, D(5000)) is past


@pytest.mark.parametrize(
    ("due", "done", "result"),
    [(None, None, None), (9, 9, True), (9, 10, False), (9, None, False), (13, None, None)],
)
def test_kept_or_not(due, done, result):
    def hour(value: int | None) -> datetime | None:
        return datetime(2026, 11, 2, value) if value is not None else None

    assert kept(hour(due), hour(done), datetime(2026, 11, 2, 12)) is result


@pytest.mark.parametrize(
    ("found", "whole"), [([], None), ([True], 100), ([True, False], 50), ([True, True, False], 67), ([False], 0)]
)
def test_per_cent(found, whole):
    assert percent(found) == whole


def _case(level, satisfaction, reply, reopened=0):
    closed = satisfaction is not None
    return CaseFacts(
        1,
        level,
        CaseAbout.SERVICE,
        CaseSource.SITE,
        CaseState.CLOSED,
        "2026-11",
        reply,
        closed or None,
        satisfaction,
        reopened,
        closed,
    )


def test_sums_of_a_month():
    cases = [
        _case(Level.MINOR, Satisfaction.VERY, True),
        _case(Level.MINOR, Satisfaction.NO, False, reopened=2),
        _case(Level.MAJOR, Satisfaction.UNREACHED, True),  # said nothing: no part of the satisfaction
        _case(None, None, None),
    ]
    whole = summed(cases)
    assert (whole.count, whole.closed, whole.reopened) == (4, 3, 2)
    assert (whole.reply_percent, whole.close_percent, whole.content_percent) == (67, 100, 50)
    groups = grouped(cases, "level")
    assert {key: sums.count for key, sums in groups.items()} == {Level.MINOR: 2, Level.MAJOR: 1, None: 1}
