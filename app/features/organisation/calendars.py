"""Which days are worked, from the stored calendar; business time of a project for deadlines (02 §2.1.4, §2.5.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from app.features.organisation.models import CalendarDay, CalendarName
from app.features.organisation.parameters import parameters
from app.kernel.calendar import LONGEST_CLOSURE_DAYS, BusinessClock, seed_days
from app.kernel.transactions import write

SATURDAY = 5
AHEAD = timedelta(days=366)  # how far a deadline may reach; days beyond follow the week alone


@dataclass(frozen=True)
class StoredDays:
    """The days of one calendar that are on file; a day that nobody entered follows the week (site: every day)."""

    which: CalendarName
    known: Mapping[date, bool]

    def is_working(self, day: date) -> bool:
        """True when people work on this day."""
        if day in self.known:
            return self.known[day]
        return self.which is CalendarName.SITE or day.weekday() < SATURDAY


def stored_days(session: Session, which: CalendarName, first: date, last: date) -> StoredDays:
    """The calendar between two days (both included), one query."""
    query = select(CalendarDay.day, CalendarDay.working).where(
        CalendarDay.which == which, CalendarDay.day.between(first, last)
    )
    return StoredDays(which, {day: working for day, working in session.execute(query)})  # noqa: C416 - a result is no mapping


def days_of_site(session: Session, first: date, last: date) -> StoredDays:
    """The site's calendar between two days, for quiet hours."""
    return stored_days(session, CalendarName.SITE, first, last)


def clock_of(session: Session, project_id: int | None, which: CalendarName, start: date) -> BusinessClock:
    """Business time of a project from a day on, with its opening hours of today."""
    hours = parameters(session, project_id, ("open_time", "close_time"))
    days = stored_days(session, which, start, start + AHEAD + timedelta(days=LONGEST_CLOSURE_DAYS))
    return BusinessClock(days, hours["open_time"], hours["close_time"])


def business_due(
    session: Callable[[], Session] | scoped_session[Session],
) -> Callable[[int, str, datetime, int], datetime]:
    """The clock that the approval engine asks: (project, «site» or «office», start, business minutes) → due."""

    def due(project_id: int, which: str, start: datetime, minutes: int) -> datetime:
        return clock_of(session(), project_id, CalendarName[which.upper()], start.date()).add_minutes(start, minutes)

    return due


def seed_calendar(session: Session, year: int) -> int:
    """Fill both calendars of a year as published; days on file stay as they are. Returns how many days were added.

    Raises RuleError when the published holidays of that year are not known yet.
    """
    seeds = seed_days(year)

    def work() -> int:
        added = 0
        for which in CalendarName:
            there = set(
                session.scalars(
                    select(CalendarDay.day).where(
                        CalendarDay.which == which, CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
                    )
                )
            )
            fresh = [seed for seed in seeds if seed.day not in there]
            session.add_all(
                CalendarDay(
                    which=which,
                    day=seed.day,
                    working=seed.site_works if which is CalendarName.SITE else seed.office_works,
                    name=seed.holiday,
                )
                for seed in fresh
            )
            added += len(fresh)
        session.flush()
        return added

    return write(session, work)


def next_year_to_seed(session: Session) -> int | None:
    """The year after the last one on file; None when nothing is on file yet."""
    last = session.scalar(select(func.max(CalendarDay.day)))
    return None if last is None else last.year + 1
