"""What follows on a 内部投诉: the clock, who hears of it, when it goes past the supervisor (02 §2.5.6)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.features.complaints.internal.models import InternalComplaint, InternalLevel
from app.features.complaints.people import handlers_of, holders_of, leads, tell
from app.features.complaints.starting import begin, due, note_reply
from app.kernel.actors import Actor
from app.kernel.approval.finding import requests_of
from app.kernel.approval.kinds import Need
from app.kernel.approval.records import StepState
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire


def register(session: Session, case: InternalComplaint, actor: Actor, at: datetime) -> None:
    """The clocks begin. One about somebody who leads the site, or written by the supervisor, goes up at once."""
    begin(session, case, at)
    case.close_due_at = due(session, case.project_id, "complaint_minor_hours", at)
    case.keep_clock()
    session.flush()
    own = {h for h in holders_of(Post.SUPERVISOR, case, at) if h != case.owner_id}
    if leads(case, at) or not own:
        fire(session, case, "go_past", actor, internal=True)
    else:
        tell(
            session,
            own,
            case,
            f"内部投诉 {case.number}，请在 {case.reply_due_at:%m-%d %H:%M} 前首次回复",
            "有一份内部投诉待处理",
            urgent=True,
        )


def note_heavy(act: Act) -> None:
    """Heavy from here on: the project manager may read it, HQ gets a copy, the days are those of a major one."""
    case: InternalComplaint = act.document
    case.level, case.raised_at = InternalLevel.HEAVY, case.raised_at or act.at
    case.close_due_at = due(act.session, case.project_id, "complaint_major_hours", case.created_at)
    people = holders_of(Post.SALES_ADMIN, case, act.at) - {act.actor.person_id}
    tell(
        act.session,
        people,
        case,
        f"知会：内部投诉 {case.number} 已上报项目经理",
        "知会：一份内部投诉已上报",
        duty=False,
    )


def note_proposal(act: Act) -> None:
    """The supervisor's word for the way up."""
    act.document.proposal = act.form["proposal"]


def approval_need(_session: Session, case: Any) -> Need:
    """The project manager decides all of them."""
    return Need(Decimal(1), summary=f"内部投诉（{case.about.label}）：{case.facts}　处理建议：{case.proposal or '—'}")


def first_reply(act: Act) -> None:
    """What the writer was told first."""
    act.document.reply = act.form["reply"]
    note_reply(act)


def note_answer(act: Act) -> None:
    """Settled on the spot."""
    _answered(act, act.form["answer"])


def note_decision(act: Act) -> None:
    """What the project manager decided."""
    act.session.flush()
    spoken = [
        s.opinion
        for r in requests_of(act.session, act.document)
        for s in r.steps
        if s.state is StepState.APPROVED and s.opinion
    ]
    _answered(act, spoken[-1] if spoken else "同意处理建议")


def _answered(act: Act, words: str) -> None:
    case: InternalComplaint = act.document
    case.answer, case.answered_at = words[:1000], act.at
    note_reply(act)
    if case.owner_id is not None and case.owner_id != act.actor.person_id:
        tell(act.session, [case.owner_id], case, f"内部投诉 {case.number} 已有处理结果", "你的内部投诉已有处理结果")


def note_close(act: Act) -> None:
    """The writer's word on it."""
    act.document.satisfaction, act.document.closed_at = act.form["satisfaction"], act.at


def note_reopen(act: Act) -> None:
    """Not settled: whoever handles it hears of it again."""
    case: InternalComplaint = act.document
    case.reopened += 1
    case.closed_at = case.answered_at = case.satisfaction = None
    case.told = ",".join(name for name in case.told.split(",") if name and name != "close")
    hours = "complaint_major_hours" if case.level is InternalLevel.HEAVY else "complaint_minor_hours"
    case.close_due_at = due(act.session, case.project_id, hours, act.at)
    first = Post.PROJECT_MANAGER if case.raised_at is not None else Post.SUPERVISOR
    tell(
        act.session,
        handlers_of(case, act.at, first),
        case,
        f"内部投诉 {case.number} 投诉人不接受结果，重新处理",
        "有一份内部投诉重开",
        urgent=True,
    )
