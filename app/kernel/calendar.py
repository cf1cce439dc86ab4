"""Working days and business hours (02 §2.1.4, §2.5.4): when a step is due and how long somebody really waited.

Two calendars exist, site and office; each is a DayTable. All moments are naive and local to the site (Asia/Shanghai).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from app.kernel.errors import RuleError

LONGEST_CLOSURE_DAYS = 60
"""So many days off in a row mean a calendar that nobody filled, not a holiday."""


class DayTable(Protocol):
    """One calendar: which days are worked."""

    def is_working(self, day: date) -> bool:
        """True when the calendar says that people work on this day."""
        ...


@dataclass(frozen=True)
class BusinessClock:
    """Counts time of one calendar between its opening and closing hour; the default hours are 9:00–18:00 (02 §2.5.4)."""

    days: DayTable
    open_time: time = time(9)
    close_time: time = time(18)

    def __post_init__(self) -> None:
        """Raises RuleError unless the site opens before it closes."""
        if self.open_time >= self.close_time:
            raise RuleError("营业开始时间必须早于结束时间。")

    def next_working_day(self, day: date) -> date:
        """The day itself when it is worked, else the first worked day after it (a meeting on a holiday moves so).

        Raises RuleError when the calendar has no working day within 60 days.
        """
        for ahead in range(LONGEST_CLOSURE_DAYS + 1):
            if self.days.is_working(day + timedelta(days=ahead)):
                return day + timedelta(days=ahead)
        raise RuleError("日历中 {day} 之后没有工作日，请先维护日历。", day=day.isoformat())

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment when so many business minutes have passed since start; closed hours do not count.

        30 minutes from 17:45 end at 9:15 of the next working day; a start outside the hours counts from the next
        opening; exactly used-up hours end at closing time. Raises RuleError for a negative number of minutes.
        """
        if minutes < 0:
            raise RuleError("时限不能为负数。")
        left = timedelta(minutes=minutes)
        moment = self._first_open_moment(start)
        while left > self._close_of(moment) - moment:
            left -= self._close_of(moment) - moment
            moment = self._first_open_moment(self._close_of(moment))
        return moment + left

    def add_days(self, start: datetime, working_days: int) -> datetime:
        """The moment so many working days after the day of start, at the same time of day but within opening hours.

        One working day from Friday 10:30 is Monday 10:30; 0 days gives the next moment that is open.
        Raises RuleError for a negative number of days.
        """
        if working_days < 0:
            raise RuleError("时限不能为负数。")
        if working_days == 0:
            return self._first_open_moment(start)
        day = start.date()
        for _ in range(working_days):
            day = self.next_working_day(day + timedelta(days=1))
        return datetime.combine(day, min(max(start.time(), self.open_time), self.close_time))

    def minutes_between(self, begin: datetime, end: datetime) -> int:
        """Whole business minutes from begin to end; 0 when end is not later."""
        total = timedelta(0)
        for day in _days(begin.date(), end.date()):
            if self.days.is_working(day):
                opened = max(begin, datetime.combine(day, self.open_time))
                closed = min(end, datetime.combine(day, self.close_time))
                total += max(closed - opened, timedelta(0))
        return total // timedelta(minutes=1)

    def _close_of(self, moment: datetime) -> datetime:
        return datetime.combine(moment.date(), self.close_time)

    def _first_open_moment(self, moment: datetime) -> datetime:
        """The moment itself when it is open, else the next opening."""
        day = moment.date() if moment.time() < self.close_time else moment.date() + timedelta(days=1)
        return max(moment, datetime.combine(self.next_working_day(day), self.open_time))


@dataclass(frozen=True)
class SeedDay:
    """One row to fill the day tables with: the day, whether site and office work, the name of the holiday or nothing."""

    day: date
    site_works: bool
    office_works: bool
    holiday: str


def seed_days(year: int) -> list[SeedDay]:
    """Every day of a year as the State Council published it; the site closes at Spring Festival only (02 §2.5.4).

    Raises RuleError when the installed library does not know the year; whether to go on with weekends alone is the
    caller's choice (06 §6.1 point 6).
    """
    import chinese_calendar  # loaded by those who seed a year

    names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    seeds = []
    for day in _days(date(year, 1, 1), date(year, 12, 31)):
        try:
            is_off, english = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError as error:
            raise RuleError("系统内没有 {year} 年的放假安排，请按国务院通知在日历中录入。", year=year) from error
        holiday = names[english] if is_off and english else ""
        seeds.append(SeedDay(day, site_works=holiday != "春节", office_works=not is_off, holiday=holiday))
    return seeds


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
