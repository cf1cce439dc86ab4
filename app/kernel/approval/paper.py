"""代录: decisions made on paper, by message or by word, registered by one person and checked by a second (02 §2.1.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.kernel.actors import Actor, directory
from app.kernel.approval.engine import settle
from app.kernel.approval.finding import current_step, locked
from app.kernel.approval.kinds import KINDS
from app.kernel.approval.records import ApprovalRequest, Medium, RequestState, StepState
from app.kernel.approval.stations import deciders, kept_from, page_of
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError, StaleError
from app.kernel.notices import NoticeKind, answered, notify
from app.kernel.posts import POSTS, Post, Side
from app.kernel.transactions import write

RECORDERS = frozenset({Post.CLERK})
CHECKERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})
PAPER_WITHIN = timedelta(hours=24)


def may_record(actor: Actor, request: ApprovalRequest) -> bool:
    """A clerk may register 甲方's decision; never for his own request."""
    station = current_step(request)
    return (
        request.state is RequestState.PENDING
        and station is not None
        and station.state is StepState.PENDING
        and POSTS[Post(station.post)].side is Side.DEVELOPER
        and actor.holds(RECORDERS, request.project_id)
        and actor.person_id not in {request.applicant_id, *kept_from(request)}
    )


def may_check(actor: Actor, request: ApprovalRequest) -> bool:
    """A second person checks: not the recorder, not the applicant."""
    station = current_step(request)
    return (
        request.state is RequestState.PENDING
        and station is not None
        and station.state is StepState.RECORDED
        and actor.posting(CHECKERS, request.project_id, request.team_id) is not None
        and actor.person_id not in {request.applicant_id, station.recorded_by, *kept_from(request)}
    )


def _tell_checkers(session: Any, request: ApprovalRequest, recorder: int) -> None:
    """Whoever may check is asked to; the applicant and the recorder may not."""
    people = _checkers(request) - {request.applicant_id, recorder}
    notify(
        session, people, f"待你核对代录：{request.title}", body=request.summary, url=page_of(request),
        project_id=request.project_id, kind=NoticeKind.APPROVAL, outside=f"{KINDS[request.kind].label}：代录待核对",
    )  # fmt: skip


def _checkers(request: ApprovalRequest) -> set[int]:
    found = (directory().holders(post, request.project_id, request.team_id, now()) for post in CHECKERS)
    return {holder.person_id for holders in found for holder in holders} - kept_from(request)


def record(
    session: Any, request_id: int, step_id: int, actor: Actor, *, medium: Medium, verdict: str, opinion: str, decider_id: int,
    attachment_id: int | None, **values: Any,
) -> ApprovalRequest:  # fmt: skip
    """Register what was decided outside. A photo is needed, except for an oral decision, whose paper is due within 24 h."""

    def work() -> ApprovalRequest:
        request = locked(session, request_id)
        station = current_step(request)
        if station is None or station.id != step_id or station.state is not StepState.PENDING:
            raise StaleError("这一步审批已经处理过了，请看审批轨迹")
        if not may_record(actor, request):
            raise Forbidden("代录")
        who = next((h for h in deciders(station, request) if h.person_id == decider_id), None)
        if who is None:
            raise RuleError("请选择作出批复的人", field="decider_id")
        if medium is not Medium.ORAL and attachment_id is None:
            raise RuleError("请上传签字或聊天记录的照片", field="photo")
        if not opinion.strip():
            raise RuleError("请照原话填写批复内容", field="opinion")
        station.state, station.medium, station.verdict, station.opinion = (
            StepState.RECORDED,
            medium,
            verdict,
            opinion.strip()[:1000],
        )
        station.recorded_by, station.recorded_name, station.recorded_at = actor.person_id, actor.name, now()
        station.decided_by, station.decided_name, station.decided_at = who.person_id, who.name, now()
        station.attachment_id = attachment_id
        station.paper_due_at = now() + PAPER_WITHIN if medium is Medium.ORAL and attachment_id is None else None
        station.values = {k: str(v) for k, v in values.items() if v is not None}
        session.flush()
        _tell_checkers(session, request, actor.person_id)
        return request

    return write(session, work)


def check(
    session: Any, request_id: int, step_id: int, actor: Actor, *, agrees: bool, opinion: str, **values: Any
) -> ApprovalRequest:
    """The second person's word: agrees → the decision counts; otherwise the station waits again, the refusal is noted."""

    def work() -> ApprovalRequest:
        request = locked(session, request_id)
        station = current_step(request)
        if station is None or station.id != step_id or station.state is not StepState.RECORDED:
            raise StaleError("这条代录已经核过了，请看审批轨迹")
        if not may_check(actor, request):
            raise Forbidden("核对代录")
        station.checked_by, station.checked_name = actor.person_id, actor.name
        answered(session, _checkers(request), page_of(request))
        if agrees:
            return settle(session, request, station, actor, station.verdict or "", station.opinion, values)
        if not opinion.strip():
            raise RuleError("核对不符请写明哪里不符", field="opinion")
        station.remark = f"{actor.name} 核对不符：{opinion.strip()}"[:200]
        station.state = StepState.PENDING
        station.decided_by = station.decided_name = station.decided_at = None
        station.medium = station.verdict = station.attachment_id = station.paper_due_at = None
        station.opinion = ""
        session.flush()
        return request

    return write(session, work)
