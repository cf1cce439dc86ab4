"""归属: who owns a customer; everything that a customer has follows his owner, so that a lost ownership hides all at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.features.customers.choices import ContactKind
from app.features.customers.effects.terms import terms_of
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.features.customers.rules import follow_due, protection_after_contact
from app.features.organisation.models import team_of_person
from app.kernel.actors import directory
from app.kernel.errors import RuleError
from app.kernel.notices import notify
from app.kernel.posts import Post
from app.kernel.workflow import Act

OWNERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})  # who may own a customer


OWNED_WITH_CUSTOMER: list[type[Any]] = [CustomerPhone, Contact, FollowUp]  # rows that are read through the customer


def follows_owner(model: type[Any]) -> None:
    """Papers of this model (with a customer_id) change hands with their customer."""
    if model not in OWNED_WITH_CUSTOMER:
        OWNED_WITH_CUSTOMER.append(model)


def team_at(session: Any, person_id: int, project_id: int, at: datetime) -> int | None:
    """The person's team on that day, None when he works for the whole site."""
    return team_of_person(session, person_id, project_id, at.date())


def check_owner(project_id: int, person_id: int, at: datetime, *, field: str = "owner_id") -> None:
    """Only who sells in the project today may own its customers; raises RuleError."""
    if person_id not in {h.person_id for post in OWNERS for h in directory().holders(post, project_id, None, at)}:
        raise RuleError("请选择本项目在岗的置业顾问或销售主管", field=field)


def give_to(
    session: Any, customer: Customer, owner_id: int | None, team_id: int | None, partner_id: int | None = None
) -> None:
    """Set the owner on the customer and on every row that is read through him."""
    rows: list[Any] = [customer]
    for model in OWNED_WITH_CUSTOMER:
        rows += session.scalars(
            select(model).where(model.customer_id == customer.id), execution_options={"unscoped": True}
        )
    for row in rows:
        row.owner_id, row.team_id, row.partner_id = owner_id, team_id, partner_id
    session.flush()


def change_owner(act: Act) -> None:
    """Step 变更归属 or 公海分配: a new owner, protected anew like after a visit; both people are told."""
    customer, before = act.document, act.document.owner_id
    owner_id = int(act.get("owner_id"))
    check_owner(customer.project_id, owner_id, act.at)
    if owner_id == before:
        raise RuleError("客户已经归这位同事", field="owner_id")
    give_to(act.session, customer, owner_id, team_at(act.session, owner_id, customer.project_id, act.at))
    terms, today = terms_of(act.session, customer.project_id), act.at.date()
    customer.protected_until = protection_after_contact(ContactKind.FIRST_VISIT, today, terms)
    customer.follow_due_on = follow_due(customer.grade, today, None, terms)
    url = f"/customer/show/{customer.id}"
    notify(
        act.session,
        [owner_id],
        f"客户「{customer.name}」已分配给你",
        body=act.note,
        url=url,
        project_id=customer.project_id,
    )
    if before is not None:
        notify(
            act.session, [before], f"客户「{customer.name}」的归属已变更", body=act.note, project_id=customer.project_id
        )


def to_pool(act: Act) -> None:
    """Step 转入公海: nobody owns him, nothing is due, the former owner sees him no more and is told."""
    customer, before = act.document, act.document.owner_id
    give_to(act.session, customer, None, None)
    customer.protected_until = customer.follow_due_on = None
    if before is not None:
        notify(
            act.session, [before], f"客户「{customer.name}」已转入公海", body=act.note, project_id=customer.project_id
        )
