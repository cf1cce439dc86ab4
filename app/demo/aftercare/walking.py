"""Steps of one paper at their own moments, all in one transaction; those that are still to come are left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from app.demo.world import World
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import FLOWS, StateChange, fire

Walk = tuple[str, datetime, str, dict[str, Any]]  # who, when, which step, its form; «on» = the day itself


def moment(day: date, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """A clock time so many days after a day."""
    return datetime.combine(day + timedelta(days=days), time(hour, minute))


def walk(session: Any, world: World, paper: Any, steps: Iterable[Walk]) -> None:
    """Take the steps in turn until one is still ahead."""
    write(session, partial(_walk, session, world, paper, list(steps)), attempts=1)


def _walk(session: Any, world: World, paper: Any, steps: list[Walk]) -> None:
    for login, when, name, form in steps:
        if when > now():
            return
        given: dict[str, Any] = {key: when.date() if value == "on" else value for key, value in form.items()}
        with world.acting(login, when) as who:
            fire(session, paper, name, who, **given)


def retell(session: Any, world: World, paper: Any, steps: Iterable[Walk]) -> None:
    """What happened long ago, written down as it stands in the log today, without guards and effects: the world loads in time.

    The caller sets the facts that the steps would have set.
    """
    for login, when, name, _form in steps:
        if when > now():
            return
        taken, who, before = FLOWS[type(paper)][name], world.people[login], paper.state
        paper.state = taken.target or before
        paper.updated_at = when
        session.add(StateChange(
            subject=paper.__tablename__, subject_id=paper.id, project_id=paper.project_id, step=name, label=taken.label,
            before=before.value, after=paper.state.value, person_id=who.id, person_name=who.name, at=when,
        ))  # fmt: skip
