"""What is counted of the rotation: per consultant and period, acts that were taken back left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from app.features.customers.rotation.choices import ASSIGNED, Channel, Why
from app.features.customers.rotation.models import RotationTurn

OLD = (Why.OWN, Why.COVER)


@dataclass(frozen=True)
class Asking:
    """Which lines are counted; None = all."""

    project_id: int
    since: date
    until: date
    place_id: int | None = None
    channel: Channel | None = None


@dataclass(frozen=True)
class Share:
    """One consultant: visitors that used a turn (new), old ones, nominated, without a turn, make-ups served; turns missed that
    are made up, missed for good, forfeited. owed = missed for the site's sake and not made up within the period."""

    person: int
    new: int = 0
    old: int = 0
    named: int = 0
    free: int = 0
    makeups: int = 0
    missed: int = 0
    passed: int = 0
    spent: int = 0

    @property
    def owed(self) -> int:
        """Still to be made up."""
        return max(self.missed - self.makeups, 0)

    @property
    def received(self) -> int:
        """Everybody whom he received."""
        return self.new + self.old + self.named + self.free


def counted(query: Select[*tuple[Any, ...]], ask: Asking) -> Select[*tuple[Any, ...]]:
    """The lines of the period that stand: the log without acts that were taken back."""
    back = aliased(RotationTurn)
    undone = exists().where(and_(back.queue_id == RotationTurn.queue_id, back.undoes == RotationTurn.act))
    query = query.where(
        RotationTurn.project_id == ask.project_id, RotationTurn.day >= ask.since, RotationTurn.day <= ask.until, ~undone
    )
    if ask.place_id is not None:
        query = query.where(RotationTurn.place_id == ask.place_id)
    return query if ask.channel is None else query.where(RotationTurn.channel == ask.channel)


def shares(session: Any, ask: Asking) -> list[Share]:
    """One row a consultant, whoever received most new customers first."""
    columns = (RotationTurn.person_id, RotationTurn.why, RotationTurn.used)
    query = counted(select(*columns, func.count()), ask).where(RotationTurn.person_id.is_not(None)).group_by(*columns)
    found: dict[int, dict[str, int]] = {}
    for person, why, used, count in session.execute(query):
        for name in _columns(why, used):
            own = found.setdefault(person, {})
            own[name] = own.get(name, 0) + count
    made = [Share(person, **numbers) for person, numbers in found.items()]
    return sorted(made, key=lambda share: (-share.new, share.person))


def _columns(why: Why, used: bool) -> tuple[str, ...]:
    """The numbers of Share that a line counts in."""
    if why in ASSIGNED:
        if why in OLD:
            return ("old",)
        if why is Why.MAKEUP:
            return ("new", "makeups")
        return ("new",) if used else ("named",) if why is Why.NAMED else ("free",)
    return {Why.OWED: ("missed",), Why.PASSED: ("passed",), Why.SPENT: ("spent",)}.get(why, ())


def today_counts(session: Any, project_id: int, place_id: int, channel: Channel, day: date) -> dict[int, Share]:
    """The shares of one queue today, by person."""
    return {s.person: s for s in shares(session, Asking(project_id, day, day, place_id, channel))}


def spread(found: list[Share]) -> int:
    """Largest difference of new customers (turns owed included): 0 or 1 is fair."""
    sums = [s.new + s.owed for s in found]
    return max(sums) - min(sums) if sums else 0


def latest_lines(session: Any, place_id: int, channel: Channel, day: date, limit: int = 30) -> list[RotationTurn]:
    """Today's log of one queue, the newest first."""
    query = select(RotationTurn).where(
        RotationTurn.place_id == place_id, RotationTurn.channel == channel, RotationTurn.day == day
    )
    return list(session.scalars(query.order_by(RotationTurn.id.desc()).limit(limit)))
