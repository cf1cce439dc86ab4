"""Papers that speak of a person: whoever is named in one neither sees nor decides it, whatever posts he holds (02 §2.5.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Integer, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.actors import Actor
from app.kernel.base import FieldFacts
from app.kernel.scope import Audience, ByOwner


class Confidential(ByOwner):
    """Rows that name people. Where the audience names `drafts`, only these posts read a paper that was not raised yet."""

    against_id: Mapped[int | None] = mapped_column(
        Integer, nullable=True, index=True, info={"field": FieldFacts("被投诉人", lookup="person")}
    )
    also_against_id: Mapped[int | None] = mapped_column(
        Integer, nullable=True, index=True, info={"field": FieldFacts("另一被投诉人", lookup="person")}
    )
    raised_at: Mapped[datetime | None] = mapped_column(
        DateTime, nullable=True, info={"field": FieldFacts("上报时间", auto=True)}
    )

    @classmethod
    def criterion(cls, actor: Actor) -> Callable[[Any], Any]:
        """Within his reach, and never a paper about himself."""
        far, me = reach_of(actor, cls.audience), actor.person_id
        whole, teams, raised, own = far.whole, far.teams, far.raised, far.own
        return lambda cls: and_(
            or_(
                cls.project_id.in_(whole),
                cls.team_id.in_(teams),
                and_(cls.project_id.in_(raised), cls.raised_at.is_not(None)),
                and_(cls.project_id.in_(own), or_(cls.owner_id == me, cls.partner_id == me)),
            ),
            or_(cls.against_id.is_(None), cls.against_id != me),
            or_(cls.also_against_id.is_(None), cls.also_against_id != me),
        )

    def writable_by(self, actor: Actor) -> bool:
        """As he reads it; a new one about himself he does not even write."""
        if actor.person_id in named_in(self):
            return False
        far = reach_of(actor, self.audience)
        mine = self.project_id in far.own and actor.person_id in (self.owner_id, self.partner_id)
        raised = self.project_id in far.raised and self.raised_at is not None
        return self.project_id in far.whole or self.team_id in far.teams or raised or mine


def named_in(record: Any) -> frozenset[int]:
    """The people whom a confidential paper is about; nobody in any other paper."""
    if not isinstance(record, Confidential):
        return frozenset()
    return frozenset(i for i in (record.against_id, record.also_against_id) if i is not None)


def limiting_team(document: Any, actor: Actor) -> int | None:
    """The team that limits a posting of scope 本组 for this paper. One about somebody lies in his team: who wrote it works
    in another one perhaps, and still answers and closes it."""
    own = isinstance(document, Confidential) and actor.person_id in (document.owner_id, document.partner_id)
    return None if own else getattr(document, "team_id", None)


@dataclass(frozen=True)
class ConfidentialReach:
    """How far an actor sees: as scope.Reach; raised: projects in which he reads a paper once it was raised."""

    whole: tuple[int, ...]
    teams: tuple[int, ...]
    raised: tuple[int, ...]
    own: tuple[int, ...]


def reach_of(actor: Actor, audience: Audience) -> ConfidentialReach:
    """The papers that name himself are left out elsewhere."""
    early = audience.drafts or audience.whole
    first = [p for p in actor.postings if p.post in early]
    whole = {i for p in first if p.team_id is None or not audience.by_team for i in p.projects}
    teams = {p.team_id for p in first if p.team_id is not None and audience.by_team}
    raised = {i for p in actor.postings if p.post in audience.whole - early for i in p.projects}
    own = {i for p in actor.postings if p.post in audience.own for i in p.projects}
    return ConfidentialReach(tuple(sorted(whole)), tuple(sorted(teams)), tuple(sorted(raised)), tuple(sorted(own)))
