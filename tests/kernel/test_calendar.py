"""Business time: the weeks of a small calendar, and the seed of the real one (02 §2.1.4, §2.5.4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.calendar import BusinessClock, seed_days
from app.kernel.errors import RuleError


class WeekTable:
    """Monday to Friday, with Wednesday 2026-03-11 off and Saturday 2026-03-14 worked instead."""

    def is_working(self, day: date) -> bool:
        if day == date(2026, 3, 11):
            return False
        return day.weekday() < 5 or day == date(2026, 3, 14)


class NobodyWorks:
    def is_working(self, day: date) -> bool:
        return False


CLOCK = BusinessClock(WeekTable())
MOMENTS = st.datetimes(min_value=datetime(2026, 2, 1), max_value=datetime(2026, 5, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in March 2026: the 9th is a Monday."""
    return datetime(2026, 3, day, hour, minute)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (at(9, 10), 30, at(9, 10, 30)),
        (at(9, 17, 45), 30, at(10, 9, 15)),
        (at(9, 17, 30), 30, at(9, 18)),
        (at(9, 18), 30, at(10, 9, 30)),
        (at(9, 7), 30, at(9, 9, 30)),
        (at(10, 17, 45), 30, at(12, 9, 15)),
        (at(13, 17, 45), 30, at(14, 9, 15)),
        (at(14, 17, 45), 30, at(16, 9, 15)),
        (at(15, 12), 0, at(16, 9)),
        (at(9, 9), 540, at(9, 18)),
        (at(9, 9), 541, at(10, 9, 1)),
        (at(9, 9), 1440, at(12, 15)),
    ],
)
def test_minutes_pass_only_while_open(start: datetime, minutes: int, due: datetime) -> None:
    assert CLOCK.add_minutes(start, minutes) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (at(9, 10, 30), 1, at(10, 10, 30)),
        (at(10, 10, 30), 1, at(12, 10, 30)),
        (at(13, 10, 30), 1, at(14, 10, 30)),
        (at(14, 10, 30), 1, at(16, 10, 30)),
        (at(15, 10, 30), 1, at(16, 10, 30)),
        (at(9, 20), 1, at(10, 18)),
        (at(9, 6), 1, at(10, 9)),
        (at(9, 10), 5, at(16, 10)),
        (at(9, 20), 0, at(10, 9)),
        (at(9, 10), 0, at(9, 10)),
    ],
)
def test_working_days_skip_days_off(start: datetime, days: int, due: datetime) -> None:
    assert CLOCK.add_days(start, days) == due


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        (at(9, 10), at(9, 10, 12), 12),
        (at(9, 17, 50), at(10, 9, 5), 15),
        (at(10, 17), at(12, 10), 120),
        (at(15, 8), at(15, 20), 0),
        (at(9, 10), at(9, 9), 0),
        (at(9, 0), at(16, 0), 5 * 540),
    ],
)
def test_waiting_is_counted_in_open_minutes(begin: datetime, end: datetime, minutes: int) -> None:
    assert CLOCK.minutes_between(begin, end) == minutes


@given(MOMENTS, st.integers(min_value=0, max_value=5000))
def test_waiting_until_the_due_moment_takes_as_long_as_granted(start: datetime, minutes: int) -> None:
    assert CLOCK.minutes_between(start, CLOCK.add_minutes(start, minutes)) == minutes


@given(MOMENTS, MOMENTS, MOMENTS)
def test_waiting_times_add_up(one: datetime, two: datetime, three: datetime) -> None:
    begin, middle, end = sorted((one, two, three))
    parts = CLOCK.minutes_between(begin, middle) + CLOCK.minutes_between(middle, end)
    assert parts == CLOCK.minutes_between(begin, end)


def test_a_meeting_on_a_holiday_moves_to_the_next_working_day() -> None:
    assert CLOCK.next_working_day(date(2026, 3, 11)) == date(2026, 3, 12)
    assert CLOCK.next_working_day(date(2026, 3, 1)) == date(2026, 3, 2)
    assert CLOCK.next_working_day(date(2026, 3, 16)) == date(2026, 3, 16)


def test_other_hours() -> None:
    evening = BusinessClock(WeekTable(), time(13), time(21))
    assert evening.add_minutes(at(9, 20, 50), 20) == at(10, 13, 10)


def test_an_empty_calendar_is_said_not_searched_for_ever() -> None:
    clock = BusinessClock(NobodyWorks())
    with pytest.raises(RuleError, match="维护日历"):
        clock.next_working_day(date(2026, 3, 1))
    with pytest.raises(RuleError, match="维护日历"):
        clock.add_minutes(at(9, 10), 30)


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(RuleError):
        BusinessClock(WeekTable(), time(18), time(9))
    with pytest.raises(RuleError):
        CLOCK.add_minutes(at(9, 10), -1)
    with pytest.raises(RuleError):
        CLOCK.add_days(at(9, 10), -1)


def test_the_seed_of_2026_knows_festivals_and_make_up_days() -> None:
    seeds = {seed.day: seed for seed in seed_days(2026)}
    assert len(seeds) == 365
    spring = seeds[date(2026, 2, 17)]
    assert (spring.site_works, spring.office_works, spring.holiday) == (False, False, "春节")
    made_up = seeds[date(2026, 2, 28)]
    assert (made_up.site_works, made_up.office_works, made_up.holiday) == (True, True, "")
    national = seeds[date(2026, 10, 1)]
    assert (national.site_works, national.office_works, national.holiday) == (True, False, "国庆节")
    sunday = seeds[date(2026, 3, 1)]
    assert (sunday.site_works, sunday.office_works, sunday.holiday) == (True, False, "")


def test_the_site_closes_at_spring_festival_only() -> None:
    closed = [seed.day for seed in seed_days(2026) if not seed.site_works]
    assert closed
    assert closed == [closed[0] + timedelta(days=ahead) for ahead in range(len(closed))]
    assert closed[0].month == 2


@pytest.mark.parametrize("year", [2003, 2150])
def test_an_unpublished_year_is_refused_in_chinese(year: int) -> None:
    with pytest.raises(RuleError, match=f"{year} 年"):
        seed_days(year)
