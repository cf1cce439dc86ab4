"""Many lives go on at once, each deed at its own moment: numbers and books then grow in the order of the clock."""

from __future__ import annotations

import heapq
from collections.abc import Generator
from datetime import date, datetime
from functools import partial
from typing import Any

from app.kernel.transactions import write

Life = Generator[datetime, None, None]
"""What happens to one order: it names the moment of its next deed and does the deed when it is asked to go on."""


class Timetable:
    """Lives that have a deed before them; the earliest goes on first."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._added = 0

    def add(self, life: Life) -> None:
        """Let a life begin; of two deeds at the same moment the life that was added first goes first."""
        first = next(life, None)
        if first is not None:
            self._added += 1
            heapq.heappush(self._waiting, (first, self._added, life))

    def run(self, session: Any, until: datetime) -> None:
        """Do every deed before `until`, a day in one transaction; lives that are not at their end go on in the next run."""
        while self._waiting and self._waiting[0][0] < until:
            write(session, partial(self._one_day, self._waiting[0][0].date(), until), attempts=1)

    def _one_day(self, day: date, until: datetime) -> None:
        while self._waiting and self._waiting[0][0].date() == day and self._waiting[0][0] < until:
            moment, number, life = heapq.heappop(self._waiting)
            following = next(life, None)
            if following is not None:
                heapq.heappush(self._waiting, (max(following, moment), number, life))
