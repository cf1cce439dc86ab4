"""What follows on an 意向分析: scope and grade of the customer, the supervisor's notice, the advice, what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.analysis.models import IntentAnalysis
from app.features.customers.effects.following import WINNING
from app.features.customers.models import Customer
from app.features.customers.registry import follows_owner
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, answered, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act

follows_owner(IntentAnalysis)


def follow_customer(session: Session, paper: Any) -> Customer:
    """Scope of the customer's owner. Raises RuleError for a customer out of reach or one who has bought or left."""
    customer = session.scalars(select(Customer).where(Customer.id == paper.customer_id)).first()
    if customer is None:
        raise RuleError("请从自己的客户里选择", field="customer_id")
    if customer.state not in WINNING:
        raise RuleError(
            "客户「{name}」已是「{state}」，不用再做",
            field="customer_id",
            name=customer.name,
            state=customer.state.label,
        )
    paper.project_id, paper.owner_id = customer.project_id, customer.owner_id
    paper.partner_id, paper.team_id = customer.partner_id, customer.team_id
    return customer


def begin(session: Session, paper: IntentAnalysis, customer: Customer) -> None:
    """A new analysis: the grade of the day, the next action becomes due, the supervisor of the team hears of it."""
    paper.grade = customer.grade.label
    if customer.follow_due_on is None or paper.next_on < customer.follow_due_on:
        customer.follow_due_on = paper.next_on
    session.flush()
    title = f"{customer.name}（{customer.grade.label} 级）有意向分析，请给建议" + ("并陪谈" if paper.wants_talk else "")
    notify_posts(
        session, [Post.SUPERVISOR], paper.project_id, title, url=page_of(paper), team_id=paper.team_id,
        kind=NoticeKind.REMINDER, outside="有意向客户分析待建议",
    )  # fmt: skip


def page_of(paper: IntentAnalysis) -> str:
    return f"/intent-analysis/show/{paper.id}"


def check_next(paper: IntentAnalysis) -> None:
    """The next action lies ahead; raises RuleError."""
    if paper.next_on < now().date():
        raise RuleError("行动日期不能早于今天", field="next_on")


def adviser_is_not_seller(act: Act) -> None:
    """Guard: whoever looks after the customer does not advise himself; his superior does."""
    if act.actor.person_id in (act.document.owner_id, act.document.partner_id):
        raise RuleError("自己的客户请由上一级给建议")


def note_advice(act: Act) -> None:
    """The supervisor's word, or that he sat with them; whoever looks after the customer hears of it."""
    paper: IntentAnalysis = act.document
    paper.advice, paper.advice_way = act.form["advice"], act.form["way"]
    paper.advised_by, paper.advised_at = act.actor.person_id, act.at
    answered(act.session, [act.actor.person_id], page_of(paper))
    if paper.owner_id is not None:
        notify(
            act.session, [paper.owner_id], f"{paper.customer.name}：{paper.advice_way.label}，{paper.advice[:80]}", url=page_of(paper),
            project_id=paper.project_id, outside="意向客户有主管建议",
        )  # fmt: skip


def note_outcome(act: Act) -> None:
    """What came of it."""
    act.document.outcome, act.document.done_at = act.form["outcome"], act.at
