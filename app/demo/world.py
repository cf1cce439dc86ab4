"""The world that the demo's chapters share: who is who, which day it is, and how to act on an earlier day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.features.organisation.models import Permit, Person, Project, Team
from app.kernel import base
from app.kernel.actors import Actor, acting_as, directory

SEED = 20260101  # the same world on every machine
DAY, NOON, TAIL = 24 * 3600, 12 * 3600, 60  # seconds; see squeezed


@contextmanager
def travel(moment: datetime) -> Iterator[None]:
    """Inside, it is this moment: records, logs and deadlines are dated so."""
    token = base.clock.set(lambda: moment)
    try:
        yield
    finally:
        base.clock.reset(token)


def squeezed(second: int, loaded: int) -> int:
    """Where a second of the planned day lies when the world is loaded at second `loaded`: never after it, the order kept.

    Loaded in the morning, the day until noon has happened faster; what is planned for later has just happened.
    """
    tail = min(TAIL, loaded // 2)
    edge = max(NOON, loaded - tail)  # up to here the plan is told in its own pace, or in less
    room = loaded - tail
    if second <= edge:
        return second if edge == room else second * room // edge
    return room + (second - edge) * tail // (DAY - edge)


@dataclass
class World:
    """Filled by the first chapter; every date is relative to `today`. Nothing happens after `loaded_at`.

    projects by code («JPYL», «CH1»), people by login, teams by (project code, name), permits by a short name
    («first» 1栋, «main» 2栋和3栋1—16层, «top» 3栋17—18层, «third» 5—7栋, «other» 翠湖壹号).
    """

    session: Session
    today: date
    loaded_at: datetime = field(default_factory=base.now)
    random: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - a world, no secret
    projects: dict[str, Project] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[tuple[str, str], Team] = field(default_factory=dict)
    permits: dict[str, Permit] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)  # what a chapter leaves for later ones, by its own key
    actors: dict[str, Actor] = field(default_factory=dict)  # nobody changes his post before today

    def day(self, days_ago: int) -> date:
        """So many days before today; negative = ahead."""
        return self.today - timedelta(days=days_ago)

    def at(self, days_ago: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment so many days before today; of today itself, never one that is still to come."""
        planned = datetime.combine(self.day(days_ago), time(hour, minute))
        if planned.date() != self.loaded_at.date():
            return planned
        midnight = datetime.combine(planned.date(), time())
        return midnight + timedelta(seconds=squeezed((planned - midnight).seconds, (self.loaded_at - midnight).seconds))

    def actor(self, login: str, moment: datetime | None = None) -> Actor:
        """The person as he acts at a moment. Nobody changes his post up to today, so that is looked up once a person."""
        if moment is not None and moment.date() > self.today:
            return self._looked_up(login, moment)
        if login not in self.actors:
            self.actors[login] = self._looked_up(login, moment or base.now())
        return self.actors[login]

    def _looked_up(self, login: str, moment: datetime) -> Actor:
        found = directory().actor_for_person(self.people[login].id, moment)
        if found is None:
            raise LookupError(login)
        return found

    @contextmanager
    def acting(self, login: str, moment: datetime) -> Iterator[Actor]:
        """It is this moment and this person acts. Raises ValueError for a moment after the loading."""
        if moment > max(self.loaded_at, base.now()):
            raise ValueError(f"{login} would act at {moment}, after {self.loaded_at}")
        with travel(moment), acting_as(self.actor(login, moment)) as who:
            yield who
