"""Calls and visits: a new customer in one act, a visitor without a phone number, somebody who comes again (02 §2.4, §2.5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.features.customers import rules
from app.features.customers.choices import ContactKind, Grade, NoPhoneReason, Source
from app.features.customers.effects.following import after_valid_contact
from app.features.customers.effects.ownership import OWNERS, check_owner, team_at
from app.features.customers.effects.phones import add_numbers
from app.features.customers.effects.terms import terms_of
from app.features.customers.models import Contact, Customer
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step

REGISTRARS = frozenset({Post.CONSULTANT, Post.ASSISTANT, Post.SUPERVISOR, Post.CLERK})  # 07: 客户 来电来访
LATE_REGISTRARS = frozenset({Post.SUPERVISOR})


@dataclass(frozen=True)
class Arrival:
    """What the desk notes of a call or visit. at None = now, receiver_id None = the actor; `noted` are further columns of Contact."""

    kind: ContactKind
    source: Source
    source_detail: str = ""
    at: datetime | None = None
    receiver_id: int | None = None
    noted: Mapping[str, Any] = field(default_factory=dict)
    late_reason: str = ""
    grade: Grade | None = None  # what the talk says of a known customer; None = as before


@dataclass(frozen=True)
class NewCustomer(Arrival):
    """An arrival that leaves a name and at least one number as typed; `profile` are further columns of Customer."""

    name: str = ""
    phones: tuple[str, ...] = ()
    grade: Grade | None = Grade.C
    profile: Mapping[str, Any] = field(default_factory=dict)


def register(session: Any, actor: Actor, project_id: int, data: NewCustomer) -> Customer:
    """A new customer with his first call or visit; whoever received him owns him and is protected for the project's days.

    Raises RuleError «该号码已登记，请找主管判客» for a known number, naming nobody, and for the faults that rules.py lists.
    """
    numbers = rules.phones(data.phones)
    if not numbers:
        raise RuleError("请填写手机号码；客户没有留下电话的，请登记为「未留电」", field="phone")
    name = rules.person_name(data.name)

    def work() -> Customer:
        with as_step(session):
            at, late = _entry(actor, project_id, data)
            receiver = _receiver(actor, project_id, data)
            kind = rules.visit_kind(data.kind, visited_before=False)
            customer = _customer(session, project_id, name, data, at, kind, receiver)
            add_numbers(session, customer, numbers)
            _note(session, customer, data, at, late, kind, receiver)
            return customer

    return write(session, work)


def _customer(
    session: Any, project_id: int, name: str, data: NewCustomer, at: datetime, kind: ContactKind, owner_id: int
) -> Customer:
    terms = terms_of(session, project_id)
    grade = data.grade or Grade.C
    told = {"home_area": data.noted["home_area"]} if data.noted.get("home_area") else {}
    customer = Customer(
        project_id=project_id,
        name=name,
        grade=grade,
        source=data.source,
        source_detail=data.source_detail.strip(),
        first_kind=kind,
        first_at=at,
        last_contact_at=at,
        last_visit_at=None if kind is ContactKind.CALL else at,
        visits=0 if kind is ContactKind.CALL else 1,
        follow_due_on=rules.follow_due(grade, at.date(), data.noted.get("next_follow_on"), terms),
        protected_until=rules.protection_after_contact(kind, at.date(), terms),
        owner_id=owner_id,
        team_id=team_at(session, owner_id, project_id, at),
        **(told | dict(data.profile)),
    )
    session.add(customer)
    return customer


def without_phone(
    session: Any, actor: Actor, project_id: int, data: Arrival, reason: NoPhoneReason, called: str = ""
) -> Contact:
    """A visitor or caller who leaves no number (未留电): counted, owned by nobody. Raises RuleError as register does."""

    def work() -> Contact:
        with as_step(session):
            at, late = _entry(actor, project_id, data)
            receiver = _receiver(actor, project_id, data)
            contact = _contact(session, project_id, data, at, late, data.kind, receiver)
            contact.no_phone_reason, contact.called = reason, called.strip() or None
            session.add(contact)
            session.flush()
            return contact

    return write(session, work)


def check_registration(actor: Actor, project_id: int, data: Arrival) -> None:
    """What register, without_phone and again refuse, before anything is written. Raises RuleError."""
    if isinstance(data, NewCustomer):
        rules.person_name(data.name)
        if not rules.phones(data.phones):
            raise RuleError("请填写手机号码", field="phone")
    at, _late = _entry(actor, project_id, data)
    _receiver(actor, project_id, data)
    rules.check_next(data.noted.get("next_follow_on"), at.date())


def again(session: Any, actor: Actor, customer: Customer, data: Arrival) -> Contact:
    """A known customer calls or comes again; counts as a valid contact. Runs inside the step note_contact."""
    at, late = _entry(actor, customer.project_id, data)
    receiver = _receiver(actor, customer.project_id, data)
    kind = rules.visit_kind(data.kind, visited_before=customer.last_visit_at is not None)
    contact = _note(session, customer, data, at, late, kind, receiver)
    if kind is not ContactKind.CALL:
        customer.last_visit_at = max(at, customer.last_visit_at or at)
        customer.visits += 1
    if at >= customer.last_contact_at:  # an old visit that is entered later says nothing of today
        customer.grade = data.grade or customer.grade
        customer.home_area = data.noted.get("home_area") or customer.home_area
    after_valid_contact(session, actor, customer, at, contact.next_follow_on)
    return contact


def met(session: Any, actor: Actor, customer: Customer, data: Arrival) -> Contact:
    """Somebody else's customer was received: the visit counts, but neither his duty nor his protection moves (判客 decides)."""
    at, late = _entry(actor, customer.project_id, data)
    receiver = _receiver(actor, customer.project_id, data)
    kind = rules.visit_kind(data.kind, visited_before=customer.last_visit_at is not None)
    if kind is not ContactKind.CALL:
        customer.visits += 1
    return _note(session, customer, data, at, late, kind, receiver)


def note_again(act: Act) -> None:
    """Step 登记来电来访 on the customer's page."""
    form = dict(act.form)
    data = Arrival(
        kind=form.pop("kind"),
        source=form.pop("source"),
        source_detail=form.pop("source_detail", None) or "",
        at=form.pop("at", None),
        receiver_id=form.pop("receiver_id", None),
        late_reason=form.pop("late_reason", None) or "",
        grade=form.pop("grade", None),
        noted={key: value for key, value in form.items() if value not in (None, "")},
    )
    again(act.session, act.actor, act.document, data)


def _entry(actor: Actor, project_id: int, data: Arrival) -> tuple[datetime, bool]:
    return moment_told(actor, project_id, data.at, data.late_reason)


def moment_told(actor: Actor, project_id: int, at: datetime | None, reason: str) -> tuple[datetime, bool]:
    """When it was, and whether it is a late entry. Raises RuleError for one that he may not make."""
    moment = now()
    at = at or moment
    by_supervisor = actor.system or actor.holds(LATE_REGISTRARS, project_id)
    return at, rules.check_entry(at, moment, by_supervisor=by_supervisor, reason=reason)


def _receiver(actor: Actor, project_id: int, data: Arrival) -> int:
    return receiver_told(actor, project_id, data.receiver_id)


def receiver_told(actor: Actor, project_id: int, receiver_id: int | None) -> int:
    """Who received him: consultants enter their own, the desk names a consultant or supervisor of the project."""
    if not actor.holds(REGISTRARS, project_id) and not actor.system:
        raise Forbidden("register")
    receiver = receiver_id or actor.person_id
    desk = actor.system or actor.holds(REGISTRARS - {Post.CONSULTANT}, project_id)
    if receiver != actor.person_id and not desk:
        raise RuleError("置业顾问只能登记自己接待的客户", field="receiver_id")
    if receiver != actor.person_id or not actor.holds(OWNERS, project_id):
        check_owner(project_id, receiver, now(), field="receiver_id")
    return receiver


def _note(
    session: Any, customer: Customer, data: Arrival, at: datetime, late: bool, kind: ContactKind, receiver: int
) -> Contact:
    contact = _contact(session, customer.project_id, data, at, late, kind, receiver)
    contact.customer_id, contact.owner_id = customer.id, customer.owner_id
    contact.partner_id, contact.team_id = customer.partner_id, customer.team_id
    contact.home_area = contact.home_area or customer.home_area  # counted by region without being asked twice
    session.add(contact)
    session.flush()
    return contact


def _contact(
    session: Any, project_id: int, data: Arrival, at: datetime, late: bool, kind: ContactKind, receiver: int
) -> Contact:
    rules.check_next(data.noted.get("next_follow_on"), at.date())
    return Contact(
        project_id=project_id,
        at=at,
        kind=kind,
        receiver_id=receiver,
        owner_id=receiver,
        team_id=team_at(session, receiver, project_id, at),
        source=data.source,
        source_detail=data.source_detail.strip(),
        entered_late=late,
        late_reason=data.late_reason.strip() if late else None,
        **data.noted,
    )
