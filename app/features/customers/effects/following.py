"""Follow-ups: what an attempt changes in grade, due day, protection and state (02 §2.4 跟进, §2.5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import object_session

from app.features.customers import rules
from app.features.customers.choices import CustomerState, FollowMethod, FollowResult, Grade, LostReason
from app.features.customers.consents.rules import check_call
from app.features.customers.effects.terms import terms_of
from app.features.customers.models import Customer, FollowUp
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, fire

WINNING = (
    CustomerState.NEW,
    CustomerState.FOLLOWING,
    CustomerState.QUEUED,
)  # the duty of the grade holds until he buys
MILESTONES = {
    CustomerState.QUEUED: "queued_at", CustomerState.RESERVED: "reserved_at", CustomerState.SIGNED: "signed_at",
}  # fmt: skip


def after_valid_contact(session: Any, actor: Actor, customer: Customer, at: datetime, next_on: date | None) -> None:
    """He was reached: the duty starts anew, the protection is prolonged, a new customer is now being followed."""
    terms = terms_of(session, customer.project_id)
    customer.last_contact_at = max(at, customer.last_contact_at)
    customer.follow_due_on = next_on if customer.no_calls_at is None else None
    if customer.state in WINNING and customer.no_calls_at is None:  # whoever wants no calls is called by no duty
        customer.follow_due_on = rules.follow_due(customer.grade, customer.last_contact_at.date(), next_on, terms)
    if customer.owner_id is not None:
        customer.protected_until = rules.protection_after_follow(customer.protected_until, at.date(), terms)
    session.flush()
    if customer.state is CustomerState.NEW:
        fire(session, customer, "follow", actor, internal=True)


@dataclass(frozen=True)
class Attempt:
    """One follow-up as told. grade None = unchanged, at None = now, by_id None = whoever tells it."""

    method: FollowMethod
    result: FollowResult
    content: str
    grade: Grade | None = None
    next_on: date | None = None
    at: datetime | None = None
    by_id: int | None = None


def follow_up(session: Any, actor: Actor, customer: Customer, told: Attempt) -> FollowUp:
    """Write one attempt down; runs inside a step. An invalid one is kept, but neither the due day nor the protection moves.

    Raises RuleError for a moment in the future, a next day in the past, no content, or a grade changed without a talk.
    """
    at, valid, before = told.at or now(), rules.is_valid(told.result), customer.grade
    rules.check_follow_up(at, now(), told.content, told.next_on)
    check_call(told.method, customer.no_calls_at, customer.state)
    if not valid and told.grade not in (None, before):
        raise RuleError("没有联系上客户，不能据此调整等级", field="grade")
    record = FollowUp(
        project_id=customer.project_id,
        customer_id=customer.id,
        owner_id=customer.owner_id,
        partner_id=customer.partner_id,
        team_id=customer.team_id,
        at=at,
        method=told.method,
        result=told.result,
        valid=valid,
        content=told.content.strip(),
        grade_before=before,
        grade_after=told.grade or before,
        next_on=told.next_on,
        by_id=told.by_id or actor.person_id,
    )
    session.add(record)
    customer.grade = record.grade_after
    session.flush()
    if valid:
        after_valid_contact(session, actor, customer, at, told.next_on)
    return record


def note_follow_up(act: Act) -> None:
    """Step 登记跟进 on the customer's page."""
    told = Attempt(
        act.get("method"),
        act.get("result"),
        act.get("content") or "",
        act.get("grade"),
        act.get("next_on"),
        act.get("at"),
        act.get("by_id"),
    )
    follow_up(act.session, act.actor, act.document, told)


def note_loss(act: Act) -> None:
    """Step 标记流失: the reason stays, nothing is due any more. Raises RuleError for a home bought elsewhere by who did not."""
    elsewhere = (act.get("lost_to") or "").strip()[:64]
    if elsewhere and act.get("lost_reason") is not LostReason.BOUGHT_ELSEWHERE:
        raise RuleError("只有流失原因是「已购他盘」的才填购买的楼盘", field="lost_to")
    act.document.lost_reason, act.document.lost_at = act.get("lost_reason"), act.at
    act.document.lost_to = elsewhere or None
    act.document.follow_due_on = None


def note_milestone(act: Act) -> None:
    """认筹, 认购 and 签约 keep the moment of the first time, whatever becomes of the order afterwards."""
    name = MILESTONES[act.document.state]
    if getattr(act.document, name) is None:
        setattr(act.document, name, act.at)


def lower_grade(customer: Customer, today: date, terms: rules.Terms) -> Grade | None:
    """The grade that his silence suggests now; a decision to keep the grade counts like a talk."""
    if customer.state not in WINNING:
        return None
    heard = max(customer.last_contact_at.date(), customer.grade_kept_on or date.min)
    return rules.suggested_grade(customer.grade, heard, today, terms)


def lower_is_suggested(customer: Any, _actor: Actor) -> bool:
    """Whether the two steps of the suggestion are offered."""
    session = object_session(customer)
    if session is None or customer.state not in WINNING:
        return False
    return lower_grade(customer, now().date(), terms_of(session, customer.project_id)) is not None


def lower_is_due(act: Act) -> None:
    """Guard: the suggestion still stands. The log says from where to where, before it is written."""
    customer = act.document
    lower = lower_grade(customer, act.at.date(), terms_of(act.session, customer.project_id))
    if lower is None:
        raise RuleError("客户近期已有有效联系，不再建议降级")
    act.note = f"{customer.grade.label} → {lower.label}　{act.note}".strip()


def take_lower_grade(act: Act) -> None:
    """Step 采纳降级: one grade lower; the duty of that grade counts from the last talk."""
    customer, terms = act.document, terms_of(act.session, act.document.project_id)
    customer.grade = rules.next_lower(customer.grade)
    customer.follow_due_on = rules.follow_due(customer.grade, customer.last_contact_at.date(), None, terms)


def keep_grade(act: Act) -> None:
    """Step 维持等级: with its reason; the suggestion comes again after as long a silence from today."""
    act.document.grade_kept_on = act.at.date()


def rest(act: Act) -> None:
    """He has bought: the duty of the grade ends, the dates of the deal lead from here."""
    act.document.follow_due_on = None


def resume(act: Act) -> None:
    """Step 恢复跟进: due again from today."""
    customer = act.document
    terms = terms_of(act.session, customer.project_id)
    customer.lost_reason = customer.lost_at = customer.lost_to = None
    customer.follow_due_on = rules.follow_due(customer.grade, act.at.date(), None, terms)
