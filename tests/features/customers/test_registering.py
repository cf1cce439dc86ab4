"""登记来访: a customer in one act, known numbers, visitors without a phone, late entries (02 §2.4, §2.5.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.features.customers.choices import ContactKind, CustomerState, Grade, NoPhoneReason, Source
from app.features.customers.effects import Arrival, tail_digest, without_phone
from app.features.customers.effects.lookup import look_up
from app.features.customers.models import Contact, Customer, CustomerPhone
from app.kernel.actors import acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.transactions import write
from tests.cast import MEMBERS, Cast
from tests.features.customers.conftest import Register, numbers_of

KNOWN = "该号码已登记，请找主管判客"


def test_a_first_visit_makes_customer_number_contact_owner_and_protection(
    session: Session, cast: Cast, registered: Register
) -> None:
    customer = registered(
        "consultant1", phone="100 0000-1234", grade=Grade.B, source=Source.OUTDOOR, source_detail="高架大牌",
        noted={"people": 2, "doubts": "学区"}, profile={"home_area": "滨江"},
    )  # fmt: skip
    today = now().date()
    with acting_as(cast.actor("consultant1")):
        assert customer.state is CustomerState.NEW
        assert (customer.owner_id, customer.team_id) == (cast.person_ids["consultant1"], cast.team_ids["a1"])
        assert customer.protected_until == today + timedelta(days=7)
        assert customer.follow_due_on == today + timedelta(days=3)
        assert customer.phones_masked == "100****1234"
        contact = session.scalars(select(Contact)).one()
        assert (contact.customer_id, contact.kind, contact.people) == (customer.id, ContactKind.FIRST_VISIT, 2)
        assert not contact.entered_late


def test_a_call_protects_longer_and_is_no_visit(registered: Register) -> None:
    customer = registered("consultant1", kind=ContactKind.CALL)
    assert customer.protected_until == now().date() + timedelta(days=15)
    assert customer.last_visit_at is None


@pytest.mark.parametrize("login", ["consultant1", "consultant2", "supervisor", "supervisor2", "clerk"])
def test_a_known_number_is_refused_without_naming_anybody(cast: Cast, registered: Register, login: str) -> None:
    registered("consultant1", name="欧阳静")
    with pytest.raises(RuleError) as refused:
        registered(
            login,
            name="李四",
            phone="+86 10000001234",
            receiver_id=cast.person_ids["consultant2"] if login == "clerk" else None,
        )
    assert str(refused.value) == KNOWN
    assert refused.value.field == "phone"
    assert not any(name in str(refused.value) for name, _post, _where in MEMBERS.values())


def test_the_same_number_may_exist_in_another_project(cast: Cast, registered: Register) -> None:
    registered("consultant1")
    assert registered("other_consultant", project="b").project_id == cast.project_ids["b"]


def test_a_customer_may_leave_several_numbers_and_none_of_them_twice(registered: Register) -> None:
    first = registered("consultant1", phones=("10000001234", "10100001234"))
    assert numbers_of(first) == ["10000001234", "10100001234"]
    with pytest.raises(RuleError, match=KNOWN):
        registered("consultant2", phone="10100001234")


def test_nothing_stays_of_a_refused_registration(session: Session, cast: Cast, registered: Register) -> None:
    registered("consultant1")
    with pytest.raises(RuleError):
        registered("consultant2", name="李四", phones=("10200000000", "10000001234"))
    with acting_as(cast.actor("supervisor")):
        assert [c.name for c in session.scalars(select(Customer))] == ["王伟"]
        assert len(session.scalars(select(CustomerPhone)).all()) == len(session.scalars(select(Contact)).all()) == 1


def test_the_desk_names_who_received_him(cast: Cast, registered: Register) -> None:
    customer = registered("clerk", receiver_id=cast.person_ids["consultant2"])
    assert (customer.owner_id, customer.team_id) == (cast.person_ids["consultant2"], cast.team_ids["a2"])
    with pytest.raises(RuleError, match="请选择本项目在岗的"):
        registered("clerk", phone="10200001234")  # the clerk herself receives nobody
    with pytest.raises(RuleError, match="请选择本项目在岗的"):
        registered("clerk", phone="10200001234", receiver_id=cast.person_ids["other_consultant"])


def test_a_consultant_enters_his_own_only(cast: Cast, registered: Register) -> None:
    with pytest.raises(RuleError, match="只能登记自己接待的客户"):
        registered("consultant1", receiver_id=cast.person_ids["consultant2"])


@pytest.mark.parametrize(
    "login", ["developer_site", "finance", "auditor", "admin", "channel_officer", "other_consultant"]
)
def test_other_posts_and_other_projects_register_nothing(registered: Register, login: str) -> None:
    with pytest.raises(Forbidden):
        registered(login)


def test_late_entries_are_the_supervisors_with_a_reason(session: Session, cast: Cast, registered: Register) -> None:
    at = now() - timedelta(days=3)
    with pytest.raises(RuleError, match="请销售主管补录"):
        registered("consultant1", at=at, late_reason="忘记了")
    with pytest.raises(RuleError, match="补录请写明原因"):
        registered("supervisor", at=at, receiver_id=cast.person_ids["consultant1"])
    registered("supervisor", at=at, receiver_id=cast.person_ids["consultant1"], late_reason="当日系统停电")
    with acting_as(cast.actor("consultant1")):
        contact = session.scalars(select(Contact)).one()
        assert (contact.entered_late, contact.late_reason) == (True, "当日系统停电")


def test_a_visitor_without_phone_counts_and_belongs_to_nobody(session: Session, cast: Cast) -> None:
    actor = cast.actor("consultant1")
    with acting_as(actor):
        contact = without_phone(
            session,
            actor,
            cast.project_ids["a"],
            Arrival(ContactKind.FIRST_VISIT, Source.PASSING),
            NoPhoneReason.UNWILLING,
            "张先生",
        )
        assert contact.customer_id is None
        assert contact.receiver_id == cast.person_ids["consultant1"]
        assert session.scalars(select(Customer)).all() == []


def test_the_first_source_is_never_overwritten(session: Session, cast: Cast, registered: Register) -> None:
    customer = registered("consultant1", source=Source.OUTDOOR)
    for name, value in (
        ("source", Source.NETWORK),
        ("first_at", now()),
        ("source_detail", "楼宇"),
        ("first_kind", ContactKind.CALL),
    ):
        before = getattr(customer, name)
        if before == value:
            continue
        with acting_as(cast.actor("supervisor")), pytest.raises(RuleError, match="首次认知途径"):
            setattr(customer, name, value)
        assert getattr(customer, name) == before


def test_the_check_answers_yes_or_no_and_shows_only_what_is_in_scope(
    session: Session, cast: Cast, registered: Register
) -> None:
    customer = registered("consultant1")
    project = cast.project_ids["a"]

    def ask(login: str, number: str = "10000001234") -> tuple[bool, Customer | None]:
        actor = cast.actor(login)
        with acting_as(actor):
            found = look_up(session, actor, project, number)
            return found.known, found.customer

    assert ask("consultant1") == (True, customer)
    assert ask("consultant2") == (True, None)
    assert ask("supervisor") == (True, customer)
    assert ask("supervisor2") == (True, None)  # her team is another one
    assert ask("consultant2", "10900000000") == (False, None)
    with pytest.raises(Forbidden):
        ask("other_consultant")


def test_numbers_are_not_in_the_database_in_the_clear(session: Session, cast: Cast, registered: Register) -> None:
    registered("consultant1", phone="10912345670", profile={"wechat": "wx-canary-77", "mail_address": "滨江路八十八号"})
    tables = session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    ).all()
    for table in tables:
        for row in session.execute(text(f'SELECT * FROM "{table}"')):
            for value in row:
                kept = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                assert "10912345670" not in kept
                assert "wx-canary-77" not in kept
                assert "滨江路八十八号" not in kept
    with acting_as(cast.actor("consultant1")):
        phone = session.scalars(select(CustomerPhone)).one()
        assert (phone.number, phone.tail_digest) == ("10912345670", tail_digest("5670"))


def test_a_generic_write_cannot_take_a_colleagues_customer(session: Session, cast: Cast, registered: Register) -> None:
    from app.kernel.errors import NotFound

    customer = registered("consultant1")

    def steal() -> None:
        found = session.get(Customer, customer.id, execution_options={"unscoped": True})
        found.concerns = "抢客"
        session.flush()

    with acting_as(cast.actor("consultant2")), pytest.raises(NotFound):
        write(session, steal)
