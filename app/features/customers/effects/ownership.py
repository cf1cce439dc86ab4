"""归属: who owns a customer; everything that a customer has follows his owner, so that a lost ownership hides all at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.features.customers.choices import ContactKind
from app.features.customers.consents.models import Consent
from app.features.customers.effects.terms import terms_of
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.features.customers.owners.models import OwnerRule, OwnershipChange
from app.features.customers.registry import FOLLOWS, OWNER_MOVED, follows_owner
from app.features.customers.rules import follow_due, protection_after_contact
from app.features.organisation.models import team_of_person
from app.kernel.actors import Actor, directory
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.many_changes import CHUNK, change_many
from app.kernel.notices import notify
from app.kernel.plain_rows import write_rows
from app.kernel.posts import Post
from app.kernel.workflow import Act

OWNERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})  # who may own a customer
WHOLE = {"unscoped": True}

follows_owner(CustomerPhone, Contact, FollowUp, Consent, OwnershipChange)


@dataclass(frozen=True)
class Owner:
    """Who owns from now on; None = nobody (公海). share: the owner's part beside a partner (0 … 1), None = the whole."""

    person_id: int | None = None
    team_id: int | None = None
    partner_id: int | None = None
    share: Decimal | None = None

    @property
    def people(self) -> frozenset[int]:
        return frozenset(i for i in (self.person_id, self.partner_id) if i is not None)


@dataclass(frozen=True)
class How:
    """By which rule, by whom, on which paper and why an owner changes."""

    rule: OwnerRule
    actor: Actor
    note: str = ""
    paper: str = ""


def team_at(session: Any, person_id: int, project_id: int, at: datetime) -> int | None:
    """The person's team on that day, None when he works for the whole site."""
    return team_of_person(session, person_id, project_id, at.date())


def owner_now(session: Any, person_id: int, project_id: int, **more: Any) -> Owner:
    """The person as owner, with his team of today."""
    return Owner(person_id, team_at(session, person_id, project_id, now()), **more)


def check_owner(project_id: int, person_id: int, at: datetime, *, field: str = "owner_id") -> None:
    """Only who sells in the project today may own its customers; raises RuleError."""
    if person_id not in {h.person_id for post in OWNERS for h in directory().holders(post, project_id, None, at)}:
        raise RuleError("请选择本项目在岗的置业顾问或销售主管", field=field)


def give_to(session: Any, customer: Customer, owner: Owner, how: How) -> None:
    """Another owner for one customer and for every row that is read through him."""
    give_many(session, [customer.id], owner, how)


def give_many(session: Any, ids: Collection[int], owner: Owner, how: How) -> None:
    """Another owner for these customers, with their rows and the line of their history, in few statements; inside a step.

    Their state does not change. Whoever listens (when_owner_moved) hears of each thousand.
    """
    own = {"owner_id": owner.person_id, "partner_id": owner.partner_id, "team_id": owner.team_id}
    since = now().date() if owner.person_id is not None else None
    keys = sorted(ids)
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        _log(session, some, owner, how)
        change_many(session, Customer, some, {**own, "owner_since": since, "owner_share": owner.share})
        for model in FOLLOWS:
            rows = session.scalars(select(model.id).where(model.customer_id.in_(some)), execution_options=WHOLE)
            change_many(session, model, list(rows), own)
        for listener in OWNER_MOVED:
            listener(session, some, owner, how)


def _log(session: Any, ids: Sequence[int], owner: Owner, how: How) -> None:
    columns = (Customer.id, Customer.project_id, Customer.owner_id, Customer.partner_id, Customer.team_id)
    before = session.execute(select(*columns).where(Customer.id.in_(ids)), execution_options=WHOLE)
    same = {
        "at": now(), "rule": how.rule, "after_id": owner.person_id, "after_partner_id": owner.partner_id, "share": owner.share,
        "by_id": how.actor.person_id, "by_name": how.actor.name, "paper": how.paper, "note": how.note[:500],
    }  # fmt: skip
    names = ("customer_id", "project_id", "owner_id", "partner_id", "team_id", "before_id")
    table: Any = OwnershipChange.__table__
    write_rows(session.connection(), table, names, [(*row, row[2]) for row in before], same)


def begin_anew(session: Any, customer: Customer, today: date) -> None:
    """A new owner is protected like after a first visit, and his duty to call starts today."""
    terms = terms_of(session, customer.project_id)
    customer.protected_until = protection_after_contact(ContactKind.FIRST_VISIT, today, terms)
    customer.follow_due_on = follow_due(customer.grade, today, None, terms)


def change_owner(act: Act) -> None:
    """Step 变更归属 or 公海分配: a new owner, protected anew like after a visit; both people are told."""
    customer, before = act.document, act.document.owner_id
    owner_id = int(act.get("owner_id"))
    check_owner(customer.project_id, owner_id, act.at)
    if owner_id == before:
        raise RuleError("客户已经归这位同事", field="owner_id")
    rule = OwnerRule.ASSIGNED if before is None else OwnerRule.CHANGED
    how = How(rule, act.actor, act.note)
    give_to(act.session, customer, owner_now(act.session, owner_id, customer.project_id), how)
    begin_anew(act.session, customer, act.at.date())
    tell_owners(act.session, customer, before, how)


def tell_owners(session: Any, customer: Customer, before: int | None, how: How) -> None:
    """The new owner with the way to the customer, the former one without."""
    name, where = customer.name, customer.project_id
    if customer.owner_id is not None and customer.owner_id != before:
        notify(
            session,
            [customer.owner_id],
            f"客户「{name}」已分配给你",
            body=how.note,
            url=f"/customer/show/{customer.id}",
            project_id=where,
        )
    if before is not None and before not in (customer.owner_id, customer.partner_id):
        words = "已转入公海" if customer.owner_id is None else "的归属已变更"
        notify(session, [before], f"客户「{name}」{words}", body=how.note, project_id=where)


def to_pool(act: Act) -> None:
    """Step 转入公海: nobody owns him, nothing is due, the former owner sees him no more and is told."""
    customer, before = act.document, act.document.owner_id
    how = How(OwnerRule.POOLED, act.actor, act.note)
    give_to(act.session, customer, Owner(), how)
    customer.protected_until = customer.follow_due_on = None
    tell_owners(act.session, customer, before, how)
