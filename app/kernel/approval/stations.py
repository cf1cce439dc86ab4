"""Stations of a request: who may decide, when it is due, how an undecidable one passes upward (02 §2.1.2, §2.1.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.kernel.actors import Holder, directory
from app.kernel.approval.kinds import KINDS, Kind
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, StepState
from app.kernel.base import now
from app.kernel.confidential import Confidential
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, answered, notify
from app.kernel.posts import NEXT_UP, POSTS, Post

Clock = Callable[[int, str, datetime, int], datetime]  # project, which calendar, start, minutes → due
_clock: list[Clock] = []


def register_clock(clock: Clock) -> None:
    """Called once by the organisation feature: business time of a project."""
    _clock[:] = [clock]


def _due(project_id: int, which: str, start: datetime, minutes: int) -> datetime:
    return _clock[0](project_id, which, start, minutes) if _clock else start + timedelta(minutes=minutes)


def page_of(request: ApprovalRequest) -> str:
    """Address of the decision page."""
    return f"/approvals/{request.id}"


def people_of(station: ApprovalStep, request: ApprovalRequest) -> list[Holder]:
    """Who holds the post there, but those whom the paper is about and whoever stands in for them."""
    return holders_beside(request, Post(station.post))


def holders_beside(request: ApprovalRequest, post: Post) -> list[Holder]:
    """Holders of a post that may know of the request."""
    barred = kept_from(request)
    absent = {directory().person_name(person_id) for person_id in barred}
    people = directory().holders(post, request.project_id, request.team_id, now())
    return [h for h in people if h.person_id not in barred and h.acting_for not in absent]


def kept_from(request: ApprovalRequest) -> frozenset[int]:
    """The people whom the paper under decision is about: they neither see nor decide it (02 §2.5.6)."""
    model, session = KINDS[request.kind].model, object_session(request)
    if session is None or not issubclass(model, Confidential):
        return frozenset()
    paper = cast(Any, model).__table__.c
    row = session.execute(select(paper.against_id, paper.also_against_id).where(paper.id == request.subject_id)).first()
    return frozenset(i for i in row or () if i is not None)


def deciders(station: ApprovalStep, request: ApprovalRequest) -> list[Holder]:
    """Who may decide this station: holders of the post but the applicant and whoever decided before (02 §2.1.2)."""
    barred = {request.applicant_id} | {
        s.decided_by for s in request.steps if s.decided_by is not None and s is not station
    }
    return [h for h in people_of(station, request) if h.person_id not in barred]


def settled(session: Session, request: ApprovalRequest, station: ApprovalStep) -> None:
    """A station is decided or closed: nobody is reminded of it any longer, neither who was asked nor who was told that it is late."""
    here = Post(station.post)
    posts = {here, NEXT_UP.get(here, here)} if station.escalated_at else {here}
    told = {h.person_id for p in posts for h in directory().holders(p, request.project_id, request.team_id, now())}
    answered(session, told - {request.applicant_id}, page_of(request))


def close_stations(session: Session, request: ApprovalRequest, remark: str = "") -> None:
    """Nobody decides any more: open and waiting stations close, and nobody is reminded of them."""
    for station in request.steps:
        if station.state in (StepState.PENDING, StepState.RECORDED):
            settled(session, request, station)
        if station.state in (StepState.WAITING, StepState.PENDING, StepState.RECORDED):
            station.state, station.remark = StepState.CLOSED, remark[:200] or station.remark


def wake_next(session: Session, request: ApprovalRequest, kind: Kind, minutes: int) -> ApprovalStep | None:
    """Wake the next waiting station; one without a person who may decide passes upward and is logged."""
    for station in request.steps:
        if station.state is not StepState.WAITING:
            continue
        tried = {Post(station.post)}
        while not (people := deciders(station, request)):
            if not _pass_upward(station, request, kind.beside, tried):
                break
        if _is_skipped(station):
            continue
        if not people:
            raise RuleError("「{post}」没有可以审批的人，请系统管理员先安排岗位", post=POSTS[Post(station.post)].label)
        station.state, station.opened_at = StepState.PENDING, now()
        station.due_at = _due(request.project_id, kind.clock, station.opened_at, minutes)
        notify(
            session,
            [h.person_id for h in people],
            f"待你审批：{request.title}",
            body=request.summary,
            url=page_of(request),
            project_id=request.project_id,
            kind=NoticeKind.APPROVAL,
            outside=f"{kind.label}：待{POSTS[Post(station.post)].label}审批",
        )
        return station
    return None


def _is_skipped(station: ApprovalStep) -> bool:
    return station.state is StepState.SKIPPED


def _pass_upward(station: ApprovalStep, request: ApprovalRequest, beside: Post | None, tried: set[Post]) -> bool:
    """Move an undecidable station to the next higher post, from the highest one to the post `beside` it.

    False when it was skipped or there is nowhere left to go; `tried` keeps the posts where it has been.
    """
    here = Post(station.post)
    higher = NEXT_UP.get(here, beside)
    if higher is None or higher in tried:
        return False
    tried.add(higher)
    label, beside_it = POSTS[here].label, POSTS[higher].label
    passed = f"{label}无人可批，上移 " if here in NEXT_UP else f"{label}无人可批，转{beside_it} "
    station.remark = (station.remark + passed).strip()[:200]
    if any(Post(s.post) is higher and s.state is StepState.WAITING and s is not station for s in request.steps):
        station.state = StepState.SKIPPED
        return False
    station.post = higher
    return True
