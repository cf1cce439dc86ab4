"""What the monthly report counts, plain functions on values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.features.complaints.cases.models import Satisfaction

POINTS = {Satisfaction.VERY: 100, Satisfaction.YES: 80, Satisfaction.SO_SO: 60, Satisfaction.NO: 0}
CONTENT = (Satisfaction.VERY, Satisfaction.YES)


@dataclass(frozen=True)
class CaseFacts:
    """One complaint as the report sees it; kept: True in time, False late, None neither yet."""

    id: int
    level: Any
    about: Any
    source: Any
    state: Any
    month: str
    reply_kept: bool | None
    close_kept: bool | None
    satisfaction: Satisfaction | None
    reopened: int
    closed: bool

    def of(self, by: str) -> Any:
        return getattr(self, by)


def kept(due: datetime | None, done: datetime | None, moment: datetime) -> bool | None:
    """Whether a clock was kept: True done in time, False done late or still not done after its end, None while it runs."""
    if due is None:
        return None
    if done is not None:
        return done <= due
    return False if moment > due else None


@dataclass
class Sums:
    """One group of complaints."""

    count: int = 0
    closed: int = 0
    reopened: int = 0
    replies: list[bool] | None = None
    closings: list[bool] | None = None
    words: list[Satisfaction] | None = None

    @property
    def reply_percent(self) -> int | None:
        return percent(self.replies or [])

    @property
    def close_percent(self) -> int | None:
        return percent(self.closings or [])

    @property
    def content_percent(self) -> int | None:
        """满意 and 很满意 of those who said something."""
        said = [word for word in self.words or [] if word in POINTS]
        return percent([word in CONTENT for word in said])


def percent(found: list[bool]) -> int | None:
    """Whole per cent of True, rounded half up; None of nothing."""
    return (sum(found) * 200 + len(found)) // (2 * len(found)) if found else None


def summed(cases: Iterable[CaseFacts]) -> Sums:
    """The sums of some complaints."""
    found = list(cases)
    return Sums(
        len(found),
        sum(case.closed for case in found),
        sum(case.reopened for case in found),
        [case.reply_kept for case in found if case.reply_kept is not None],
        [case.close_kept for case in found if case.close_kept is not None],
        [case.satisfaction for case in found if case.satisfaction is not None],
    )


def grouped(cases: Iterable[CaseFacts], by: str) -> dict[Any, Sums]:
    """Sums by level, about, source, state or month, in the order of first sight."""
    groups: dict[Any, list[CaseFacts]] = {}
    for case in cases:
        groups.setdefault(case.of(by), []).append(case)
    return {key: summed(found) for key, found in groups.items()}
