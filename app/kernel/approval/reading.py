"""Who may open the page of a request: the applicant, whoever had or has a hand in it, and whoever sees the paper itself."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.approval.finding import may_decide
from app.kernel.approval.kinds import KINDS
from app.kernel.approval.paper import may_check, may_record
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, StepState
from app.kernel.approval.stations import kept_from
from app.kernel.posts import Post
from app.kernel.readership import may_read_kind


def sees_paper(session: Session, actor: Actor, request: ApprovalRequest) -> bool:
    """Whether the paper itself lies in the person's scope."""
    model = KINDS[request.kind].model
    if not may_read_kind(actor, model, request.project_id):
        return False
    return session.scalars(select(model.id).where(model.id == request.subject_id)).first() is not None


def may_open(session: Session, actor: Actor, request: ApprovalRequest) -> bool:
    """Whether the person may open the request (02 §2.1.5); never whom the paper is about (02 §2.5.6)."""
    if actor.person_id in kept_from(request):
        return False
    return (
        actor.person_id == request.applicant_id
        or any(_had_a_hand(actor, station, request) for station in request.steps)
        or may_decide(actor, request)
        or may_record(actor, request)
        or may_check(actor, request)
        or sees_paper(session, actor, request)
    )


def may_read_paper(session: Session, actor: Actor, request: ApprovalRequest) -> bool:
    """Whether the facts of the paper are shown: by scope, or while it is his turn."""
    turn = may_decide(actor, request) or may_record(actor, request) or may_check(actor, request)
    return turn or sees_paper(session, actor, request)


def _had_a_hand(actor: Actor, station: ApprovalStep, request: ApprovalRequest) -> bool:
    if actor.person_id in (station.decided_by, station.recorded_by, station.checked_by):
        return True
    informed = station.state is StepState.INFORMED
    return informed and actor.posting([Post(station.post)], request.project_id, request.team_id) is not None
