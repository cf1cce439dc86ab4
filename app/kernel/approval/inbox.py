"""待我审批 / 我发起的 / 已办 / 知会我的: lists of their own, beside the scope of the papers (02 §2.1.5)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import Session, selectinload

from app.kernel.actors import Actor
from app.kernel.approval.finding import may_decide
from app.kernel.approval.kinds import KINDS
from app.kernel.approval.paper import CHECKERS, RECORDERS
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, RequestState, StepState
from app.kernel.approval.stations import kept_from
from app.kernel.confidential import Confidential
from app.kernel.posts import Post


def _mine(actor: Actor) -> Any:
    """Stations that fall to one of the actor's postings."""
    parts = [
        and_(
            ApprovalStep.post == p.post,
            ApprovalStep.project_id.in_(sorted(p.projects)),
            true() if p.team_id is None else or_(ApprovalStep.team_id.is_(None), ApprovalStep.team_id == p.team_id),
        )
        for p in actor.postings
    ]
    return or_(*parts) if parts else false()


def _to_check(actor: Actor) -> Any:
    projects = sorted(actor.projects_as(CHECKERS))
    return and_(
        ApprovalStep.state == StepState.RECORDED,
        ApprovalStep.project_id.in_(projects),
        ApprovalStep.recorded_by != actor.person_id,
    )


def _not_about(actor: Actor) -> Any:
    """Requests whose paper does not speak of this person (02 §2.5.6): no list and no number tells him of the others."""
    about: list[Any] = []
    models: set[Any] = {k.model for k in KINDS.values()}
    for model in sorted(models, key=lambda m: str(m.__name__)):
        if issubclass(model, Confidential):
            about.append(_speaks_of(model, actor))
    return not_(or_(*about)) if about else true()


def _speaks_of(model: Any, actor: Actor) -> Any:
    paper = model.__table__.c
    named = or_(paper.against_id == actor.person_id, paper.also_against_id == actor.person_id)
    ids = select(paper.id).where(named)
    return and_(ApprovalRequest.subject == model.__tablename__, ApprovalRequest.subject_id.in_(ids))


def _pending(actor: Actor) -> Any:
    decided = select(ApprovalStep.request_id).where(
        ApprovalStep.decided_by == actor.person_id, ApprovalStep.state == StepState.APPROVED
    )
    return (
        select(ApprovalRequest)
        .join(ApprovalStep, ApprovalStep.request_id == ApprovalRequest.id)
        .where(
            ApprovalRequest.state == RequestState.PENDING,
            ApprovalRequest.applicant_id != actor.person_id,
            _not_about(actor),
            or_(
                and_(ApprovalStep.state == StepState.PENDING, _mine(actor), ApprovalRequest.id.not_in(decided)),
                _to_check(actor),
            ),
        )
    )


def waiting_for(session: Session, actor: Actor, limit: int = 100) -> list[ApprovalRequest]:
    """Requests that this person is to decide (or to check as 代录) now, the most urgent first."""
    query = _pending(actor).options(selectinload(ApprovalRequest.steps)).order_by(ApprovalStep.due_at).limit(limit)
    return list(session.scalars(query).unique())


def waiting_count(actor: Actor) -> Any:
    """The statement that counts what waits for this person."""
    ids = _pending(actor).with_only_columns(ApprovalRequest.id).distinct().subquery()
    return select(func.count()).select_from(ids)


def count_waiting(session: Session, actor: Actor) -> int:
    """The number on the menu."""
    return session.scalar(waiting_count(actor)) or 0


def _to_record(actor: Actor) -> Select[Any]:
    developer = [p for p in Post if p.value.startswith("developer_")]
    return (
        select(ApprovalRequest)
        .join(ApprovalStep, ApprovalStep.request_id == ApprovalRequest.id)
        .where(
            ApprovalStep.state == StepState.PENDING,
            ApprovalStep.post.in_(developer),
            ApprovalRequest.project_id.in_(sorted(actor.projects_as(RECORDERS))),
            _not_about(actor),
        )
    )


def to_record(session: Session, actor: Actor, limit: int = 100) -> list[ApprovalRequest]:
    """Requests waiting for 甲方 that a clerk may register from paper."""
    query = _to_record(actor).options(selectinload(ApprovalRequest.steps)).order_by(ApprovalStep.due_at).limit(limit)
    return list(session.scalars(query).unique())


def record_count(actor: Actor) -> Any:
    """The statement that counts what a clerk may register."""
    ids = _to_record(actor).with_only_columns(ApprovalRequest.id).distinct().subquery()
    return select(func.count()).select_from(ids)


def started_by(session: Session, actor: Actor, limit: int = 100) -> list[ApprovalRequest]:
    """The person's own requests, newest first."""
    query = select(ApprovalRequest).where(ApprovalRequest.applicant_id == actor.person_id, _not_about(actor))
    return list(
        session.scalars(
            query.options(selectinload(ApprovalRequest.steps)).order_by(ApprovalRequest.id.desc()).limit(limit)
        )
    )


def decided_by(session: Session, actor: Actor, limit: int = 100) -> list[ApprovalRequest]:
    """Requests in which the person decided a station."""
    ids = select(ApprovalStep.request_id).where(ApprovalStep.decided_by == actor.person_id)
    query = select(ApprovalRequest).where(ApprovalRequest.id.in_(ids), _not_about(actor))
    return list(
        session.scalars(
            query.options(selectinload(ApprovalRequest.steps)).order_by(ApprovalRequest.id.desc()).limit(limit)
        )
    )


def informed_of(session: Session, actor: Actor, limit: int = 100) -> list[ApprovalRequest]:
    """Requests of which the person's post was only informed."""
    query = (
        select(ApprovalRequest)
        .join(ApprovalStep, ApprovalStep.request_id == ApprovalRequest.id)
        .where(ApprovalStep.state == StepState.INFORMED, _mine(actor), _not_about(actor))
    )
    return list(
        session.scalars(
            query.options(selectinload(ApprovalRequest.steps)).order_by(ApprovalRequest.id.desc()).limit(limit)
        ).unique()
    )


def granted(session: Session, actor: Actor, subject: str, subject_id: int) -> bool:
    """Whether an open request lets this person read the paper until it is decided (02 §2.1.5)."""
    requests = session.scalars(
        select(ApprovalRequest).where(
            ApprovalRequest.subject == subject,
            ApprovalRequest.subject_id == subject_id,
            ApprovalRequest.state == RequestState.PENDING,
        )
    )
    return any(may_decide(actor, r) or _is_checker(actor, r) for r in requests)


def _is_checker(actor: Actor, request: ApprovalRequest) -> bool:
    recorded = any(s.state is StepState.RECORDED for s in request.steps)
    return (
        recorded and actor.holds(CHECKERS | RECORDERS, request.project_id) and actor.person_id not in kept_from(request)
    )


def posts_of(request: ApprovalRequest) -> list[Post]:
    """Posts of a request in order."""
    return [Post(s.post) for s in request.steps]
