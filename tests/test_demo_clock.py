"""Whenever the demo is loaded, nothing in it lies ahead: the planned day of today is squeezed into the hours that are over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from app.demo.world import DAY, World, squeezed, travel
from app.extensions import db

CLOCKS = (
    "00:00:00",
    "00:00:01",
    "00:00:40",
    "00:20:00",
    "07:30:00",
    "11:00:00",
    "11:59:59",
    "12:00:30",
    "16:45:10",
    "23:30:00",
    "23:59:59",
)
DAYS = (date(2026, 11, 24), date(2026, 12, 1), date(2027, 1, 1))


def seconds(clock: str) -> int:
    given = time.fromisoformat(clock)
    return given.hour * 3600 + given.minute * 60 + given.second


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_planned_day_ends_with_the_loading_and_keeps_its_order(clock):
    loaded = seconds(clock)
    told = [squeezed(second, loaded) for second in range(0, DAY, 60)]
    assert told == sorted(told) and told[0] == 0 and told[-1] <= loaded


def test_what_is_over_stands_at_its_own_time_from_noon_on():
    assert squeezed(9 * 3600, 16 * 3600) == 9 * 3600
    assert squeezed(17 * 3600, 16 * 3600) in range(16 * 3600 - 60, 16 * 3600 + 1)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("clock", CLOCKS)
def test_no_moment_of_the_world_lies_ahead(day, clock):
    loaded = datetime.combine(day, time.fromisoformat(clock))
    with travel(loaded):
        world = World(db.session, day)
    assert all(world.at(0, hour, 30) <= loaded for hour in range(24))
    assert world.at(1, 18) == datetime.combine(day - timedelta(days=1), time(18))
    assert world.at(-3, 9) == datetime.combine(day + timedelta(days=3), time(9))


def test_nobody_acts_ahead():
    with travel(datetime(2026, 12, 1, 7, 30)):
        world = World(db.session, date(2026, 12, 1))
        with pytest.raises(ValueError, match="supervisor would act"), world.acting("supervisor", world.at(-1, 9)):
            pass
