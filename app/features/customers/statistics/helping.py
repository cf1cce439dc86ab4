"""难单协助 in numbers: how often help was asked for, whether it came in time, what came of it (S3.12)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.assists.models import AssistOutcome, AssistRequest, AssistState, Difficulty
from app.features.customers.statistics.rules import Period

MOST = 20_000  # requests of a period; a site has a few a day


@dataclass
class Help:
    """Requests of one consultant or about one difficulty."""

    asked: int = 0
    joined: int = 0
    in_time: int = 0
    minutes: int = 0
    outcomes: dict[AssistOutcome, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, one: Any) -> None:
        """Count one request."""
        self.asked += 1
        if one.joined_at is not None:
            self.joined += 1
            self.minutes += one.waited_minutes or 0
            self.in_time += one.due_at is not None and one.joined_at <= one.due_at
        if one.outcome is not None:
            self.outcomes[one.outcome] += 1

    @property
    def closed_deals(self) -> int:
        """认购 or 小订 on the spot."""
        return self.outcomes[AssistOutcome.RESERVED] + self.outcomes[AssistOutcome.BOOKED]

    @property
    def mean_minutes(self) -> str:
        """Business minutes that the customers waited on average; «—» when nobody came."""
        return f"{self.minutes / self.joined:.1f}" if self.joined else "—"


def helped(session: Session, project_id: int, period: Period) -> tuple[dict[int, Help], dict[Difficulty, Help], Help]:
    """(by consultant, by difficulty, all) of the requests asked in the period; cancelled ones are left out."""
    one = AssistRequest
    query = select(one.owner_id, one.difficulty, one.outcome, one.joined_at, one.due_at, one.waited_minutes).where(
        one.project_id == project_id, one.asked_at >= period.since, one.asked_at < period.before,
        one.state != AssistState.CANCELLED,
    )  # fmt: skip
    people: dict[int, Help] = defaultdict(Help)
    reasons: dict[Difficulty, Help] = defaultdict(Help)
    every = Help()
    for row in session.execute(query.limit(MOST)):
        for counted in (people[row.owner_id or 0], reasons[row.difficulty], every):
            counted.add(row)
    return dict(people), dict(reasons), every
