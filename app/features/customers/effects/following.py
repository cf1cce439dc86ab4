"""Follow-ups: what an attempt changes in grade, due day, protection and state (02 §2.4 跟进, §2.5.3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.features.customers import rules
from app.features.customers.choices import CustomerState, FollowMethod, FollowResult, Grade
from app.features.customers.effects.terms import terms_of
from app.features.customers.models import Customer, FollowUp
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, fire


def after_valid_contact(session: Any, actor: Actor, customer: Customer, at: datetime, next_on: date | None) -> None:
    """He was reached: the duty starts anew, the protection is prolonged, a new customer is now being followed."""
    terms = terms_of(session, customer.project_id)
    customer.last_contact_at = max(at, customer.last_contact_at)
    customer.follow_due_on = rules.follow_due(customer.grade, customer.last_contact_at.date(), next_on, terms)
    if customer.owner_id is not None:
        customer.protected_until = rules.protection_after_follow(customer.protected_until, at.date(), terms)
    session.flush()
    if customer.state is CustomerState.NEW:
        fire(session, customer, "follow", actor, internal=True)


def follow_up(
    session: Any,
    actor: Actor,
    customer: Customer,
    *,
    method: FollowMethod,
    result: FollowResult,
    content: str,
    grade: Grade | None = None,
    next_on: date | None = None,
    at: datetime | None = None,
) -> FollowUp:
    """Write one attempt down; runs inside a step. An invalid one is kept, but neither the due day nor the protection moves.

    Raises RuleError for a moment in the future, a next day in the past, no content, or a grade changed without a talk.
    """
    moment, valid, before = at or now(), rules.is_valid(result), customer.grade
    _check(moment, next_on, content)
    if not valid and grade is not None and grade is not before:
        raise RuleError("没有联系上客户，不能据此调整等级", field="grade")
    record = FollowUp(
        project_id=customer.project_id,
        customer_id=customer.id,
        **_owners(customer),
        at=moment,
        method=method,
        result=result,
        valid=valid,
        content=content.strip(),
        grade_before=before,
        grade_after=grade or before,
        next_on=next_on,
        by_id=actor.person_id,
    )
    session.add(record)
    customer.grade = record.grade_after
    session.flush()
    if valid:
        after_valid_contact(session, actor, customer, moment, next_on)
    return record


def _owners(customer: Customer) -> dict[str, int | None]:
    """What a customer has is read by whoever reads him."""
    return {"owner_id": customer.owner_id, "partner_id": customer.partner_id, "team_id": customer.team_id}


def _check(moment: datetime, next_on: date | None, content: str) -> None:
    if moment > now():
        raise RuleError("跟进时间不能晚于现在", field="at")
    rules.check_next(next_on, moment.date())
    if not content.strip():
        raise RuleError("请写明跟进内容", field="content")


def note_follow_up(act: Act) -> None:
    """Step 登记跟进 on the customer's page."""
    follow_up(
        act.session,
        act.actor,
        act.document,
        method=FollowMethod(act.get("method")),
        result=FollowResult(act.get("result")),
        content=act.get("content") or "",
        grade=Grade(act.get("grade")) if act.get("grade") else None,
        next_on=act.get("next_on"),
        at=act.get("at"),
    )


def note_loss(act: Act) -> None:
    """Step 标记流失: the reason stays, nothing is due any more."""
    act.document.lost_reason = act.get("lost_reason")
    act.document.follow_due_on = None


def resume(act: Act) -> None:
    """Step 恢复跟进: due again from today."""
    customer = act.document
    terms = terms_of(act.session, customer.project_id)
    customer.lost_reason = None
    customer.follow_due_on = rules.follow_due(customer.grade, act.at.date(), None, terms)
