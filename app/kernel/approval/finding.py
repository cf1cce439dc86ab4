"""Which request a paper has, which station decides now, who may decide it: questions that change nothing."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.approval.kinds import KINDS
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, RequestState, StepState
from app.kernel.approval.stations import deciders
from app.kernel.errors import NotFound
from app.kernel.posts import Post


def current_step(request: ApprovalRequest) -> ApprovalStep | None:
    """The station that is to decide now (also one recorded on paper and not yet checked)."""
    return next((s for s in request.steps if s.state in (StepState.PENDING, StepState.RECORDED)), None)


def may_decide(actor: Actor, request: ApprovalRequest, station: ApprovalStep | None = None) -> bool:
    """Whether this person may decide now."""
    station = station or current_step(request)
    if request.state is not RequestState.PENDING or station is None or station.state is not StepState.PENDING:
        return False
    return actor.posting([Post(station.post)], request.project_id, request.team_id) is not None and any(
        h.person_id == actor.person_id for h in deciders(station, request)
    )


def locked(session: Session, request_id: int) -> ApprovalRequest:
    """The request, locked and fresh."""
    request = session.scalars(
        select(ApprovalRequest).where(ApprovalRequest.id == request_id).with_for_update(of=ApprovalRequest),
        execution_options={"populate_existing": True},
    ).first()
    if request is None:
        raise NotFound("approval_request")
    for station in request.steps:
        session.refresh(station)
    return request


def subject_of(session: Session, request: ApprovalRequest) -> Any:
    """The paper under decision: the request is the grant to read it."""
    model = KINDS[request.kind].model
    return session.scalars(
        select(model).where(model.id == request.subject_id), execution_options={"unscoped": True}
    ).first()


def open_of(session: Session, document: Any) -> ApprovalRequest | None:
    """The pending request of a paper."""
    return session.scalars(
        select(ApprovalRequest).where(
            ApprovalRequest.subject == document.__tablename__,
            ApprovalRequest.subject_id == document.id,
            ApprovalRequest.state == RequestState.PENDING,
        )
    ).first()


def requests_of(session: Session, document: Any) -> list[ApprovalRequest]:
    """All requests of a paper, oldest first: the approval trail."""
    return list(
        session.scalars(
            select(ApprovalRequest)
            .where(ApprovalRequest.subject == document.__tablename__, ApprovalRequest.subject_id == document.id)
            .order_by(ApprovalRequest.id)
        )
    )
