"""Short makers of complaints and their like: registered as the screens do it."""

from __future__ import annotations

from typing import Any

from app.features.complaints.cases import effects as cases
from app.features.complaints.cases.models import CaseAbout, CaseSource, Complaint
from app.features.complaints.incidents import effects as events
from app.features.complaints.incidents.models import Dispute, DisputeKind, Incident, IncidentKind
from app.features.complaints.internal import effects as internal
from app.features.complaints.internal.models import InternalAbout, InternalComplaint
from app.features.complaints.suggestions import effects as suggestions
from app.features.complaints.suggestions.models import Proposer, Suggestion, SuggestionAbout
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.features.deals.orders import decided, fresh, step

__all__ = ["case", "decided", "event", "fresh", "internal_case", "step", "suggestion"]


def _born(cast: Cast, paper: Any, login: str, start: Any, project: str = "a") -> Any:
    actor = cast.actor(login)
    paper.project_id, paper.owner_id, paper.created_by = cast.project_ids[project], actor.person_id, actor.person_id

    def work() -> int:
        with as_step(cast.session):
            cast.session.add(paper)
            cast.session.flush()
            start(actor)
            cast.session.flush()
        return paper.id

    with acting_as(SYSTEM):
        pk = write(cast.session, work)
    return fresh(cast, type(paper), pk)


def case(cast: Cast, login: str = "clerk", against: str = "", **more: Any) -> Complaint:
    """A customer's complaint, by default about a colleague when one is named."""
    facts = {
        "source": CaseSource.SITE, "about": CaseAbout.STAFF if against else CaseAbout.SERVICE, "customer_name": "王伟",
        "facts": "客户说等了半小时没有人接待", "demand": "要求道歉", "against_id": cast.person_ids[against] if against else None,
    }  # fmt: skip
    paper = Complaint(**(facts | more))
    return _born(cast, paper, login, lambda _actor: cases.register(cast.session, paper, now()))


def internal_case(
    cast: Cast, login: str = "consultant1", against: str = "consultant2", **more: Any
) -> InternalComplaint:
    """What one of the staff complains about another."""
    facts = {"about": InternalAbout.TURNS, "facts": "抢接我的老客户", "against_id": cast.person_ids[against]}
    paper = InternalComplaint(**(facts | more))
    return _born(cast, paper, login, lambda actor: internal.register(cast.session, paper, actor, now()))


def suggestion(cast: Cast, login: str = "consultant1") -> Suggestion:
    """An idea of the staff."""
    paper = Suggestion(who=Proposer.STAFF, about=SuggestionAbout.SITE, content="洽谈区加两张儿童桌")
    return _born(cast, paper, login, lambda _actor: suggestions.register(cast.session, paper, now()))


def event(
    cast: Cast, model: Any = Dispute, login: str = "supervisor", against: str = "", also: str = "", **more: Any
) -> Any:
    """A dispute or an incident."""
    kind = DisputeKind.OWNERSHIP if model is Dispute else IncidentKind.INJURY
    people = {name: cast.person_ids[who] for name, who in (("against_id", against), ("also_against_id", also)) if who}
    paper = model(**({"kind": kind, "facts": "两人都说客户是自己的", "happened_at": now()} | people | more))
    return _born(cast, paper, login, lambda _actor: events.register(cast.session, paper, now()))


INCIDENT = Incident
