"""What follows on a 疑难单: the clock, who hears of it, the word of 甲方 as it was given (S1.3, 07)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.doubts.models import Doubt
from app.features.deals.reservations.models import Reservation
from app.features.organisation.calendars import clock_of
from app.features.organisation.models import CalendarName
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.kernel.approval.finding import requests_of
from app.kernel.approval.kinds import Need
from app.kernel.approval.records import StepState
from app.kernel.notices import NoticeKind, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act


def follow_order(doubt: Doubt, order: Reservation) -> None:
    """Scope, flat and customer are the order's."""
    doubt.project_id, doubt.owner_id, doubt.partner_id = order.project_id, order.owner_id, order.partner_id
    doubt.team_id, doubt.unit_id, doubt.customer_id = order.team_id, order.unit_id, order.customer_id
    doubt.customer_name = order.customer_name


def approval_need(_session: Session, doubt: Any) -> Need:
    """The whole chain speaks; 甲方法务 only when the contract's terms are meant (07)."""
    without = frozenset() if doubt.legal else frozenset({Post.DEVELOPER_LEGAL})
    text = f"{doubt.unit.full_name}，{doubt.occasion.label}疑难：{doubt.question}　主管建议：{doubt.proposal}"
    return Need(Decimal(1), without=without, summary=text)


def due_at(session: Session, project_id: int, asked_at: datetime) -> datetime:
    """One working day of the site after the question (parameter doubt_days)."""
    clock = clock_of(session, project_id, CalendarName.SITE, asked_at.date())
    return clock.add_days(asked_at, int(parameter(session, project_id, "doubt_days")))


def ask(act: Act) -> None:
    """The question is put: number, clock, and the supervisor hears of it."""
    doubt: Doubt = act.document
    doubt.number = doubt.number or number_for(act.session, doubt, act.at.date())
    doubt.asked_at, doubt.answer_due_at = act.at, due_at(act.session, doubt.project_id, act.at)
    title = f"{doubt.unit.full_name} 客户有{doubt.occasion.label}疑难，请在 {doubt.answer_due_at:%m-%d %H:%M} 前答复"
    notify_posts(
        act.session, [Post.SUPERVISOR], doubt.project_id, title, body=doubt.question[:200], url=f"/doubt/show/{doubt.id}",
        team_id=doubt.team_id, kind=NoticeKind.DUE, outside="有一份疑难单待处理",
    )  # fmt: skip


def note_proposal(act: Act) -> None:
    """The supervisor's proposal goes up with the question."""
    doubt: Doubt = act.document
    doubt.proposal, doubt.legal, doubt.submitted_by = act.form["proposal"], bool(act.get("legal")), act.actor.person_id


def answer_on_spot(act: Act) -> None:
    """Within his authority the supervisor answers himself."""
    doubt: Doubt = act.document
    doubt.proposal = doubt.decision = doubt.answer = act.form["answer"]
    doubt.decided_at = doubt.answered_at = act.at


def note_decision(act: Act) -> None:
    """The last word of the chain is the answer to be given; who looks after the customer hears of it."""
    _decided(act, StepState.APPROVED, "同意主管建议")


def note_refusal(act: Act) -> None:
    """A refused proposal is an answer, too: the customer is told why not."""
    _decided(act, StepState.REFUSED, "不同意")


def _decided(act: Act, how: StepState, plain: str) -> None:
    doubt: Doubt = act.document
    act.session.flush()
    spoken = [s.opinion for r in requests_of(act.session, doubt) for s in r.steps if s.state is how and s.opinion]
    doubt.decision, doubt.decided_at = (spoken[-1] if spoken else plain)[:1000], act.at
    if doubt.owner_id is not None:
        notify(
            act.session, [doubt.owner_id], f"{doubt.unit.full_name} 疑难单已批复，请答复客户", url=f"/doubt/show/{doubt.id}",
            project_id=doubt.project_id, kind=NoticeKind.DUE, outside="疑难单已批复，请答复客户",
        )  # fmt: skip


def note_answer(act: Act) -> None:
    """What the customer was told."""
    act.document.answer, act.document.answered_at = act.form["answer"], act.at


def note_outcome(act: Act) -> None:
    """What came of it."""
    act.document.outcome, act.document.closed_on = act.form["outcome"], act.at.date()


def order_of(session: Session, key: int) -> Reservation | None:
    """The order, within the reader's rows."""
    return session.scalars(select(Reservation).where(Reservation.id == key)).first()


def is_late(doubt: Doubt, moment: datetime) -> bool:
    """Whether the customer still waits beyond the day."""
    return doubt.answered_at is None and doubt.answer_due_at is not None and doubt.answer_due_at < moment
