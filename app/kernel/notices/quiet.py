"""Quiet hours (02 §2.5.4 clocks): from the evening to the morning, and the whole of a day on which the site is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from app.kernel.calendar import LONGEST_CLOSURE_DAYS, DayTable

SiteDays = Callable[[Session, date, date], DayTable]
_site_days: list[SiteDays] = []


def register_site_days(reader: SiteDays) -> None:
    """Called once by the organisation feature: the site's calendar between two days."""
    _site_days[:] = [reader]


def site_days(session: Session, first: date) -> DayTable:
    """The site's calendar from this day on, as far as a closure may last."""
    return _site_days[0](session, first, first + timedelta(days=LONGEST_CLOSURE_DAYS + 1))


@dataclass(frozen=True)
class QuietHours:
    """starts ≤ t < ends is quiet, over midnight when starts is later than ends; equal times mean no quiet hours on days worked."""

    starts: time
    ends: time
    days: DayTable

    def holds(self, moment: datetime) -> bool:
        """Whether it is quiet now."""
        clock = moment.time()
        if not self.days.is_working(moment.date()):
            return True
        if self.starts <= self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends

    def over(self, moment: datetime) -> datetime:
        """The moment itself when it is not quiet, else the first one after it that is not.

        A calendar without a day worked for two months ends the wait: nothing is held for ever.
        """
        for _ in range(2 * LONGEST_CLOSURE_DAYS):
            if not self.holds(moment):
                return moment
            moment = self._next_edge(moment)
        return moment

    def _next_edge(self, moment: datetime) -> datetime:
        today, tomorrow = moment.date(), moment.date() + timedelta(days=1)
        edges = (
            datetime.combine(today, self.ends),
            datetime.combine(tomorrow, time()),
            datetime.combine(tomorrow, self.ends),
        )
        return min(edge for edge in edges if edge > moment)
