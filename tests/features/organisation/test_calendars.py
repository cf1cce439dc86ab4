"""Two calendars: the site is open nearly always, the office keeps the published working days."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.features.organisation.calendars import clock_of, next_year_to_seed, seed_calendar, stored_days
from app.features.organisation.models import CalendarDay, CalendarName, Parameter
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval import stations
from app.kernel.errors import RuleError
from tests import factories

NATIONAL_DAY, SPRING_FESTIVAL = date(2026, 10, 1), date(2026, 2, 17)
FRIDAY, SATURDAY = date(2026, 3, 6), date(2026, 3, 7)


@pytest.fixture
def seeded(cast, session):
    with acting_as(SYSTEM):
        assert seed_calendar(session, 2026) == 2 * 365
    return cast


def works(session, which, day):
    return stored_days(session, which, day, day).is_working(day)


def test_seeded_days(seeded, session):
    assert works(session, CalendarName.SITE, NATIONAL_DAY)
    assert not works(session, CalendarName.OFFICE, NATIONAL_DAY)
    assert not works(session, CalendarName.SITE, SPRING_FESTIVAL)
    assert not works(session, CalendarName.OFFICE, SATURDAY)


def test_a_second_seeding_changes_nothing(seeded, session):
    with acting_as(SYSTEM):
        assert seed_calendar(session, 2026) == 0
        assert next_year_to_seed(session) == 2027


def test_a_year_that_is_not_published_is_refused(cast, session):
    with acting_as(SYSTEM), pytest.raises(RuleError, match="2099"):
        seed_calendar(session, 2099)


def test_days_that_nobody_entered_follow_the_week(cast, session):
    assert works(session, CalendarName.SITE, SATURDAY)
    assert not works(session, CalendarName.OFFICE, SATURDAY)
    assert works(session, CalendarName.OFFICE, FRIDAY)


def test_the_administrators_day_wins(cast, session):
    factories.saved(session, CalendarDay(which=CalendarName.SITE, day=FRIDAY, working=False, name="台风停业"))
    assert not works(session, CalendarName.SITE, FRIDAY)
    assert works(session, CalendarName.OFFICE, FRIDAY)


def test_deadlines_count_the_hours_of_the_project(seeded, session):
    a = seeded.project_ids["a"]
    late = datetime(2026, 3, 6, 17, 45)
    assert clock_of(session, a, CalendarName.SITE, FRIDAY).add_minutes(late, 30) == datetime(2026, 3, 7, 9, 15)
    assert stations._due(a, "office", late, 30) == datetime(2026, 3, 9, 9, 15)
    factories.saved(session, Parameter(key="close_time", value="21:00", project_id=a, effective_from=date(2020, 1, 1)))
    assert stations._due(a, "office", late, 30) == datetime(2026, 3, 6, 18, 15)
