"""What follows on a 客户投诉: clocks, who hears of it, what the chain said, what the customer was told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.complaints.cases.models import CaseAbout, Complaint, Level
from app.features.complaints.cases.rules import CLOSE_HOURS, beside_the_way, must_go_up
from app.features.complaints.people import forget, handlers_of, holders_of, refuse_own, settled, team_for, tell
from app.features.complaints.starting import begin, due, note_reply
from app.features.customers.models import Customer
from app.features.deals.reservations.models import Reservation
from app.features.organisation.parameters import parameter
from app.kernel.approval.finding import requests_of
from app.kernel.approval.kinds import KINDS, Need, policy
from app.kernel.approval.records import StepState
from app.kernel.errors import RuleError
from app.kernel.money import format_amount, from_fen, to_fen
from app.kernel.posts import Post
from app.kernel.workflow import Act


def follow_links(session: Session, case: Complaint) -> None:
    """The order names flat and customer, the customer his name; read within the writer's rows."""
    order = session.scalars(select(Reservation).where(Reservation.id == case.reservation_id)).first()
    if order is not None:
        case.unit_id, case.customer_id = order.unit_id, order.customer_id
        case.customer_name = case.customer_name or order.customer_name
    who = session.scalars(select(Customer).where(Customer.id == case.customer_id)).first()
    if who is not None:
        case.customer_name = case.customer_name or who.name


def register(session: Session, case: Complaint, at: datetime) -> None:
    """The clocks begin; whoever handles it hears of it. The case is flushed already."""
    begin(session, case, at)
    title = f"客户投诉 {case.number}（{case.about.label}），请在 {case.reply_due_at:%m-%d %H:%M} 前首次回复"
    tell(session, handlers_of(case, at), case, title, "有一份客户投诉待处理", urgent=True)


def note_grade(act: Act) -> None:
    """Level, whom it is about, the clocks of this level. Raises RuleError for one's own case."""
    case: Complaint = act.document
    case.level, case.against_id = act.form["level"], act.get("against")
    refuse_own(case, act.actor.person_id)
    if case.about is CaseAbout.STAFF and case.against_id is None:
        raise RuleError("对象是员工，请选择被投诉人", field="against")
    case.team_id = team_for(act.session, case, act.at.date())
    start = case.created_at if case.reopened == 0 else act.at
    case.close_due_at = due(act.session, case.project_id, CLOSE_HOURS[case.level], start)
    heavy = case.level is Level.MAJOR
    case.raise_due_at = due(act.session, case.project_id, "complaint_raise_hours", act.at) if heavy else None
    case.plan_due_at = due(act.session, case.project_id, "complaint_plan_hours", act.at) if heavy else None
    forget(act.session, case)
    if heavy:
        title = f"{case.number} 定为重大投诉，请在 {case.raise_due_at:%m-%d %H:%M} 前上报"
        tell(
            act.session,
            handlers_of(case, act.at) - {act.actor.person_id},
            case,
            title,
            "有一份重大投诉待上报",
            urgent=True,
        )


def first_reply(act: Act) -> None:
    """What the customer was told first."""
    act.document.reply = act.form["reply"]
    note_reply(act)


def note_proposal(act: Act) -> None:
    """What is proposed and what it costs; the plan of a major one is made."""
    case: Complaint = act.document
    money = act.get("compensation")
    case.proposal, case.compensation = act.form["proposal"], from_fen(to_fen(money)) if money is not None else None
    case.plan_at = case.plan_at or act.at


def raise_up(act: Act) -> None:
    """A major complaint is known upstairs: 项目经理, 甲方负责人, HQ as a copy."""
    case: Complaint = act.document
    if case.raised_at is not None:
        return
    case.raised_at = act.at
    settled(act.session, case, act.at)
    people = {
        i
        for post in (Post.PROJECT_MANAGER, Post.DEVELOPER_LEAD, Post.SALES_ADMIN)
        for i in holders_of(post, case, act.at)
    }
    tell(act.session, people, case, f"{case.number} 重大投诉上报", "有一份重大投诉上报", urgent=True, duty=False)


def note_report(act: Act) -> None:
    """Whatever goes up with its proposal is raised with it."""
    case: Complaint = act.document
    if case.level is Level.MAJOR:
        raise_up(act)
    case.raised_at = case.raised_at or act.at


def approval_need(session: Session, case: Any) -> Need:
    """Measured by the money; a major one ends at 甲方负责人, past 总经理 unless its money needs him (02 §2.5.6)."""
    manager = policy(session, KINDS["complaint"]).links[0].limit
    without = (
        frozenset({Post.GENERAL_MANAGER}) if beside_the_way(case.level, case.compensation, manager) else frozenset()
    )
    money = f"，拟补偿 {format_amount(case.compensation)} 元" if case.compensation else ""
    return Need(
        case.compensation or Decimal(0), at_least=Post.DEVELOPER_LEAD if case.level is Level.MAJOR else None, without=without,
        summary=f"{case.level.label}投诉（{case.about.label}）：{case.facts}　处理建议：{case.proposal}{money}",
    )  # fmt: skip


def note_decision(act: Act) -> None:
    """The last word of the chain; whoever handles it and whoever registered it answer the customer."""
    case: Complaint = act.document
    act.session.flush()
    spoken = [
        s.opinion
        for r in requests_of(act.session, case)
        for s in r.steps
        if s.state is StepState.APPROVED and s.opinion
    ]
    case.decision, case.decided_at = (spoken[-1] if spoken else "同意处理建议")[:1000], act.at
    people = handlers_of(case, act.at) | {i for i in (case.owner_id,) if i is not None}
    tell(act.session, people, case, f"{case.number} 已批复，请答复客户", "客户投诉已批复，请答复客户")


def within_authority(act: Act) -> None:
    """Guard of the answer: what had to go up was decided. Raises RuleError."""
    case: Complaint = act.document
    if case.decided_at is not None:
        return
    limit = parameter(act.session, case.project_id, "complaint_spot_limit")
    if must_go_up(case.level, case.compensation, limit):
        raise RuleError("重大投诉，或补偿超过 {limit} 元，要先上报批复再答复客户", limit=format_amount(limit))


def note_answer(act: Act) -> None:
    """What the customer was told in the end."""
    case: Complaint = act.document
    case.answer, case.answered_at = act.form["answer"], act.at
    note_reply(act)


def note_close(act: Act) -> None:
    """He was asked afterwards."""
    case: Complaint = act.document
    case.satisfaction, case.revisit, case.closed_at = act.form["satisfaction"], act.form["revisit"], act.at


BOOKED = ("level", "reply", "proposal", "compensation", "decision", "answer", "satisfaction", "revisit")


def note_booked(act: Act) -> None:
    """What the site's old ledger says of a case that was over before it came in."""
    case: Complaint = act.document
    for name in BOOKED:
        if act.get(name) not in (None, ""):
            setattr(case, name, act.get(name))
    case.closed_at = act.form["closed_at"]
    case.answered_at = act.get("answered_at") or case.closed_at
    case.replied_at = case.answered_at
    if case.decision:
        case.raised_at = case.decided_at = case.answered_at


def note_reopen(act: Act) -> None:
    """Once more: another decision and another closing, with a day of its own."""
    case: Complaint = act.document
    case.reopened += 1
    case.closed_at = case.answered_at = case.decided_at = case.satisfaction = None
    case.told = ",".join(name for name in case.told.split(",") if name and name != "close")
    case.close_due_at = due(act.session, case.project_id, CLOSE_HOURS[case.level or Level.COMMON], act.at)
    title = f"{case.number} 客户不接受处理结果，投诉重开"
    tell(act.session, handlers_of(case, act.at), case, title, "有一份客户投诉重开", urgent=True)
