"""Opening, deciding, withdrawing: every act in the transaction of the paper's own step (03 §3.3.4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session, object_session

from app.kernel import audit
from app.kernel.actors import Actor, acting_by
from app.kernel.approval.finding import current_step, locked, may_decide, open_of, subject_of
from app.kernel.approval.kinds import KINDS, Kind, policy
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, RequestState, StepState
from app.kernel.approval.routing import Leg, route
from app.kernel.approval.sealing import content_hash, is_unchanged
from app.kernel.approval.stations import close_stations, kept_from, page_of, people_of, settled, wake_next
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError, StaleError
from app.kernel.notices import NoticeKind, notify
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import Act, Effect, Step, fire, step


def opens(code: str) -> Effect:
    """Effect of a submit step: open the request of this kind for the paper."""

    def open_approval(act: Act) -> None:
        open_request(act.session, KINDS[code], act.document, act.actor)

    return open_approval


def open_request(session: Session, kind: Kind, document: Any, applicant: Actor) -> ApprovalRequest:
    """Open a request and wake its first step. Raises RuleError when nobody can decide."""
    rules, need = policy(session, kind), kind.need(session, document)
    request = ApprovalRequest(
        kind=kind.code,
        policy_id=rules.policy_id,
        mode=rules.mode,
        subject=document.__tablename__,
        subject_id=document.id,
        project_id=document.project_id,
        team_id=getattr(document, "team_id", None),
        title=f"{getattr(document, 'asked_as', kind.label)} · {document}"[:200],  # one kind may decide several papers
        summary=need.summary[:500],
        applicant_id=applicant.person_id,
        applicant_name=applicant.name,
        measure=None if need.measure is None else str(need.measure)[:64],
        content_hash=content_hash(kind, document),
    )
    session.add(request)
    session.flush()
    legs = route(
        rules.links, rules.mode, need.measure, at_least=need.at_least, without=need.without, higher=need.higher
    )
    for position, leg in enumerate(legs, 1):
        request.steps.append(_station(request, position, leg))
    session.flush()
    for informed in [s for s in request.steps if s.state is StepState.INFORMED]:
        people = people_of(informed, request)
        notify(
            session,
            [h.person_id for h in people],
            f"知会：{request.title}",
            body=request.summary,
            url=page_of(request),
            project_id=request.project_id,
            kind=NoticeKind.APPROVAL,
            outside=f"{kind.label}：知会",
        )
    wake_next(session, request, kind, rules.minutes)
    return request


def _station(request: ApprovalRequest, position: int, leg: Leg) -> ApprovalStep:
    return ApprovalStep(
        request_id=request.id,
        position=position,
        post=leg.post,
        state=StepState.INFORMED if leg.informed else StepState.WAITING,
        project_id=request.project_id,
        team_id=request.team_id,
    )


def decide(
    session: Any, request_id: int, step_id: int, actor: Actor, verdict: str, opinion: str, **values: Any
) -> ApprovalRequest:
    """Decide the current station. verdict: approve | return | refuse.

    Raises StaleError when it was decided meanwhile, Forbidden for anybody else, RuleError for missing opinion or bad values.
    A paper whose content changed after the submit makes the request void: nothing is approved.
    """

    def work() -> ApprovalRequest:
        request = locked(session, request_id)
        station = current_step(request)
        if (
            request.state is not RequestState.PENDING
            or station is None
            or station.id != step_id
            or station.state is not StepState.PENDING
        ):
            raise StaleError("这一步审批已经处理过了，请看审批轨迹")
        if not may_decide(actor, request, station):
            raise Forbidden("审批")
        posting = actor.posting([Post(station.post)], request.project_id, request.team_id)
        station.decided_by, station.decided_name, station.decided_at = actor.person_id, actor.name, now()
        station.acting_for = posting.acting_for if posting else None
        with acting_by(posting):
            settle(session, request, station, actor, verdict, opinion, values)
            session.flush()
        return request

    return write(session, work)


def settle(
    session: Session,
    request: ApprovalRequest,
    station: ApprovalStep,
    actor: Actor,
    verdict: str,
    opinion: str,
    values: dict[str, Any],
) -> ApprovalRequest:
    """Book a decision that is known to be allowed; shared by system decisions and checked paper decisions."""
    kind, document = KINDS[request.kind], subject_of(session, request)
    opinion = opinion.strip()
    if verdict not in ("approve", "return", "refuse"):
        raise RuleError("请选择同意、退回修改或不同意", field="verdict")
    if verdict != "approve" and not opinion:
        raise RuleError("退回或不同意请写明原因", field="opinion")
    station.opinion, station.verdict = opinion[:1000], verdict
    station.values = {k: audit._plain(v) for k, v in values.items()}
    settled(session, request, station)
    if not is_unchanged(kind, document, request.content_hash):
        station.state, station.remark = StepState.CLOSED, "提交后内容有改动，审批失效"
        return _close(session, request, RequestState.VOID, None, document, actor, opinion)
    if verdict == "approve":
        if kind.check is not None:
            kind.check(session, document, values)
        station.state = StepState.APPROVED
        if wake_next(session, request, kind, policy(session, kind).minutes) is not None:
            return request
        return _close(session, request, RequestState.APPROVED, "approve", document, actor, opinion, **values)
    state = RequestState.RETURNED if verdict == "return" else RequestState.REFUSED
    station.state = StepState.RETURNED if verdict == "return" else StepState.REFUSED
    return _close(session, request, state, verdict, document, actor, opinion)


def _close(
    session: Session,
    request: ApprovalRequest,
    state: RequestState,
    outcome: str | None,
    document: Any,
    actor: Actor,
    opinion: str,
    **values: Any,
) -> ApprovalRequest:
    request.state, request.closed_at = state, now()
    close_stations(session, request)
    if request.applicant_id not in {actor.person_id, *kept_from(request)}:
        words = {"approve": "已同意", "return": "被退回修改", "refuse": "不同意"}.get(outcome or "", "已失效")
        then = KINDS[request.kind].afterwards(session, document) if outcome == "approve" else ""
        notify(
            session,
            [request.applicant_id],
            f"{request.title} {words}",
            body="　".join(filter(None, (opinion, then)))[:500],
            url=page_of(request),
            project_id=request.project_id,
            kind=NoticeKind.APPROVAL,
            outside=f"{KINDS[request.kind].label}：{words}",
        )
    if outcome is not None:
        fire(session, document, f"{request.kind}.{outcome}", actor, note=opinion, internal=True, **values)
    else:
        fire(
            session,
            document,
            f"{request.kind}.return",
            actor,
            note="内容在提交后被改动，审批失效，请重新提交",
            internal=True,
        )
    session.flush()
    return request


def withdraw(act: Act) -> None:
    """Effect of the applicant's own withdraw step: close the open request."""
    request = open_of(act.session, act.document)
    if request is None:
        return
    if request.applicant_id != act.actor.person_id:
        raise Forbidden("撤回")
    request.state, request.closed_at = RequestState.WITHDRAWN, act.at
    close_stations(act.session, request)


def cancel(session: Session, document: Any, remark: str) -> None:
    """Close the open request of a paper that ended another way (released by the timer, voided)."""
    request = open_of(session, document)
    if request is not None:
        request.state, request.closed_at = RequestState.VOID, now()
        close_stations(session, request, remark)


def _asked_it(code: str) -> Any:
    """A paper with several kinds of approval offers the withdrawal of the one that runs, to whoever submitted it."""

    def shown(document: Any, actor: Actor) -> bool:
        session = object_session(document)
        request = open_of(session, document) if session is not None else None
        return request is not None and request.kind == code and request.applicant_id == actor.person_id

    return shown


def approval_steps(
    code: str,
    review: Any,
    *,
    approved: Any,
    returned: Any,
    refused: Any,
    by: Any,
    guards: tuple[Any, ...] = (),
    then: tuple[Any, ...] = (),
    then_return: tuple[Any, ...] = (),
    then_refuse: tuple[Any, ...] = (),
) -> tuple[Step, ...]:
    """The outcomes of an approval as rows of the paper's flow; `by` = who may withdraw his own request."""
    return (
        step(f"{code}.approve", "审批通过", review, approved, internal=True, approval=code, guards=guards, then=then),
        step(f"{code}.return", "退回修改", review, returned, internal=True, approval=code, then=then_return),
        step(f"{code}.refuse", "不同意", review, refused, internal=True, approval=code, then=then_refuse),
        step(
            f"{code}_withdraw",
            "撤回",
            review,
            returned,
            by=by,
            shown=_asked_it(code),
            then=(withdraw, *then_return),
            tone="risk",
        ),
    )
