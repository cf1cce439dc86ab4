"""Clocks that ran over: whoever handles the paper is told once, and the post above him. What nobody took up in time, too."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.complaints.cases.models import Complaint
from app.features.complaints.clocks import Clock, untold
from app.features.complaints.incidents.models import Dispute, EventState, Incident
from app.features.complaints.internal.models import InternalComplaint
from app.features.complaints.people import handlers_of, holders_of, page_of, tell
from app.features.complaints.suggestions.models import Suggestion, SuggestionState
from app.kernel.base import now
from app.kernel.jobs import every
from app.kernel.notices import Notice
from app.kernel.posts import Post

SECONDS = 60
FIRST = "reply"  # the clock after which only the next post hears of it; the others go to the project manager


@every(seconds=SECONDS, name="complaint clocks")
def ring(session: Session) -> int:
    """Tell of every clock that ran over since; returns how many. Idempotent; runs in a write transaction."""
    count = 0
    models: tuple[Any, ...] = (Complaint, InternalComplaint)
    for model in models:
        query = select(model).where(model.next_due_at < now()).order_by(model.id)
        for paper in session.scalars(query).all():
            for clock in untold(paper.clocks(), paper.told, now()):
                paper.told = ",".join(filter(None, (paper.told, clock.name)))
                _tell(session, paper, clock)
                count += 1
    session.flush()
    return count


@every(seconds=300, name="papers not taken up")
def ring_untouched(session: Session) -> int:
    """Incidents and disputes that nobody took up, suggestions that nobody sorted in time; each told of once (S3.7, S3.9)."""
    count = 0
    for model, untouched, due in (
        (Incident, EventState.REPORTED, Incident.accept_due_at),
        (Dispute, EventState.REPORTED, Dispute.accept_due_at),
        (Suggestion, SuggestionState.NEW, Suggestion.report_due_at),
    ):
        query: Any = select(model).where(model.state == untouched, due < now()).order_by(model.id)
        for paper in session.scalars(query).all():
            title = f"{paper.number} 逾期未整理上报" if model is Suggestion else f"{paper.number} 逾期未受理"
            heard = select(Notice.id).where(Notice.url == page_of(paper), Notice.title == title).limit(1)
            if session.scalar(heard, execution_options={"unscoped": True}) is None:
                people = handlers_of(paper, now()) | holders_of(Post.SITE_MANAGER, paper, now())
                tell(session, people, paper, title, f"{paper.__label__}：逾期未办")
                count += 1
    return count


def _tell(session: Session, paper: Any, clock: Clock) -> None:
    """An internal complaint that nobody answered within the hard limit is raised: the project manager may read it now."""
    if isinstance(paper, InternalComplaint) and clock.name != FIRST and paper.raised_at is None:
        paper.raised_at = now()
    people = handlers_of(paper, now())
    if not isinstance(paper, InternalComplaint):
        people |= holders_of(Post.SITE_MANAGER if clock.name == FIRST else Post.PROJECT_MANAGER, paper, now())
    elif paper.raised_at is not None:
        people |= handlers_of(paper, now(), Post.PROJECT_MANAGER)
    title = f"{paper.number} {clock.label}已超时（期限 {clock.due:%m-%d %H:%M}）"
    tell(session, people, paper, title, f"{paper.__label__}：{clock.label}已超时", urgent=True)
