"""The clocks of complaints on the working time of the site: when each ends, which ran over (02 §2.5.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.base import field
from app.kernel.calendar import BusinessClock

DAY = 24  # hours that are one working day of the site


def due_after(clock: BusinessClock, start: datetime, hours: int) -> datetime:
    """So many hours of the site's calendar later: every full 24 are a working day, the rest business hours.

    2 h from 17:00 end at 10:00 of the next working day; 24 h from Monday 10:30 end on Tuesday 10:30; a start outside the
    hours counts from the next opening. Raises RuleError for a calendar without working days.
    """
    days, rest = divmod(hours, DAY)
    opened = clock.add_minutes(start, 0)
    return clock.add_minutes(clock.add_days(opened, days) if days else opened, rest * 60)


@dataclass(frozen=True)
class Clock:
    """One clock of a paper; done: when what it asks for was done."""

    name: str
    label: str
    due: datetime | None
    done: datetime | None

    def late(self, moment: datetime) -> bool:
        """Whether it was done too late, or is still to do after its end."""
        return self.due is not None and (self.done or moment) > self.due

    @property
    def runs(self) -> bool:
        return self.due is not None and self.done is None


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """The end of the clock that ends first among those that run."""
    return min((c.due for c in clocks if c.runs and c.due is not None), default=None)


def untold(clocks: Iterable[Clock], told: str, moment: datetime) -> list[Clock]:
    """Clocks that ran over and of which nobody was told yet; told: names with commas."""
    known = set(told.split(","))
    return [c for c in clocks if c.runs and c.late(moment) and c.name not in known]


class Clocked:
    """Columns of a paper with clocks; `next_due_at` is the one that ends first, kept by the effects."""

    __over__: ClassVar[frozenset[str]] = frozenset({"closed", "void", "withdrawn"})

    reply_due_at: Mapped[datetime | None] = field("首次回复期限", DateTime, auto=True)
    limit_due_at: Mapped[datetime | None] = field("最迟回复期限", DateTime, auto=True)
    close_due_at: Mapped[datetime | None] = field("办结期限", DateTime, auto=True)
    next_due_at: Mapped[datetime | None] = field("下一期限", DateTime, auto=True, index=True)
    replied_at: Mapped[datetime | None] = field("首次回复时间", DateTime, auto=True)
    closed_at: Mapped[datetime | None] = field("办结时间", DateTime, auto=True)
    reopened: Mapped[int] = field("重开次数", Integer, nullable=False, default=0, auto=True, unit="次")
    told: Mapped[str] = mapped_column(String(64), nullable=False, default="")  # clocks whose end was told

    def clocks(self) -> tuple[Clock, ...]:
        """In the order in which they end as a rule."""
        return (
            Clock("reply", "首次回复", self.reply_due_at, self.replied_at),
            Clock("limit", "最迟回复", self.limit_due_at, self.replied_at),
            Clock("close", "办结", self.close_due_at, self.closed_at),
        )

    def keep_clock(self) -> None:
        """Call after every change of a clock or of the state."""
        state: Any = self.state  # type: ignore[attr-defined]
        self.next_due_at = None if state.value in self.__over__ else next_due(self.clocks())
