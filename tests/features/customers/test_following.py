"""跟进, 变更归属, 公海, 流失, 证件: what the steps of a customer's page do (02 §2.4, §2.5.2, §2.5.3, §2.5.11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.choices import (
    ConsentChannel,
    ContactKind,
    CustomerState,
    FollowMethod,
    FollowResult,
    Grade,
    IdKind,
    LostReason,
    Source,
    Transport,
)  # fmt: skip
from app.features.customers.effects import advance
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.kernel.actors import acting_as
from app.kernel.audit import AuditEntry
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError, StaleError
from app.kernel.notices import Notice
from app.kernel.workflow import StateChange, fire, legal_steps
from tests.cast import Cast
from tests.features.customers.conftest import Register, numbers_of

TALK = {"method": FollowMethod.PHONE, "result": FollowResult.REACHED, "content": "约周六带看"}


@pytest.fixture
def take(session: Session, cast: Cast) -> Any:
    """take("supervisor", customer, "pool", note="…") fires a step as that person."""

    def act(login: str, customer: Customer, step: str, **more: Any) -> Any:
        actor = cast.actor(login)
        with acting_as(actor):
            return fire(session, customer, step, actor, **more)

    return act


def rows_of(session: Session, cast: Cast, login: str, model: type[Any]) -> list[Any]:
    with acting_as(cast.actor(login)):
        return list(session.scalars(select(model)))


def test_a_valid_follow_up_moves_state_due_day_protection_and_grade(
    session: Session, cast: Cast, registered: Register, take: Any
) -> None:
    customer, today = registered("consultant1", grade=Grade.C), now().date()
    take("consultant1", customer, "note_follow_up", grade=Grade.A, **TALK)
    assert (customer.state, customer.grade) == (CustomerState.FOLLOWING, Grade.A)
    assert customer.follow_due_on == today + timedelta(days=2)
    assert customer.protected_until == today + timedelta(days=10)
    record = rows_of(session, cast, "consultant1", FollowUp)[0]
    assert (record.valid, record.grade_before, record.grade_after) == (True, Grade.C, Grade.A)
    assert record.by_id == cast.person_ids["consultant1"]


def test_an_attempt_in_vain_is_kept_and_moves_nothing(
    session: Session, cast: Cast, registered: Register, take: Any
) -> None:
    customer = registered("consultant1")
    before = (customer.state, customer.follow_due_on, customer.protected_until, customer.last_contact_at)
    take("consultant1", customer, "note_follow_up", **TALK | {"result": FollowResult.NO_ANSWER})
    assert (customer.state, customer.follow_due_on, customer.protected_until, customer.last_contact_at) == before
    assert [f.valid for f in rows_of(session, cast, "consultant1", FollowUp)] == [False]
    with pytest.raises(RuleError, match="不能据此调整等级"):
        take("consultant1", customer, "note_follow_up", **TALK | {"result": FollowResult.REFUSED, "grade": Grade.D})


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (lambda: {"content": " "}, "请写明跟进内容"),
        (lambda: {"at": now() + timedelta(hours=2)}, "不能晚于现在"),
        (lambda: {"next_on": now().date() - timedelta(1)}, "不能早于今天"),
    ],
)
def test_follow_ups_refused(registered: Register, take: Any, more: Callable[[], dict[str, Any]], sentence: str) -> None:
    customer = registered("consultant1")
    with pytest.raises(RuleError, match=sentence):
        take("consultant1", customer, "note_follow_up", **TALK | more())


@pytest.mark.parametrize(
    "login", ["consultant2", "supervisor2", "clerk", "assistant", "auditor", "other_supervisor", "developer_lead"]
)
def test_only_owner_and_his_supervisor_follow_up(registered: Register, take: Any, login: str) -> None:
    customer = registered("consultant1")
    with pytest.raises(Forbidden):
        take(login, customer, "note_follow_up", **TALK)


def test_a_second_visit_is_a_revisit_and_keeps_the_first_source(
    session: Session, cast: Cast, registered: Register, take: Any
) -> None:
    customer = registered("consultant1", kind=ContactKind.CALL, source=Source.OUTDOOR)
    for expected in (ContactKind.FIRST_VISIT, ContactKind.REVISIT):
        take("consultant1", customer, "note_contact", kind=ContactKind.REVISIT, source=Source.NETWORK, people=2)
        assert rows_of(session, cast, "consultant1", Contact)[-1].kind is expected
    assert customer.source is Source.OUTDOOR
    assert customer.state is CustomerState.FOLLOWING


def test_the_customers_page_asks_what_the_reception_page_asks(
    session: Session, cast: Cast, registered: Register, take: Any
) -> None:
    told = {
        "people": 3, "companions": "配偶、父亲", "liked": "江景", "doubts": "楼间距", "rivals": "云杉府", "budget": Decimal(1_100_000),
        "transport": Transport.METRO, "stay_minutes": 40, "home_area": "滨江新城",
    }  # fmt: skip
    take(
        "consultant1",
        registered("consultant1"),
        "note_contact",
        kind=ContactKind.REVISIT,
        source=Source.NETWORK,
        **told,
    )
    customer = rows_of(session, cast, "consultant1", Customer)[0]
    assert (customer.home_area, customer.grade) == ("滨江新城", Grade.C)
    take("consultant1", customer, "note_contact", kind=ContactKind.REVISIT, source=Source.NETWORK, grade=Grade.A)
    assert (customer.grade, customer.follow_due_on) == (Grade.A, now().date() + timedelta(days=2))
    asked, again = rows_of(session, cast, "consultant1", Contact)[-2:]
    assert again.home_area == "滨江新城", "the region of a known customer is counted without being asked again"
    newest = asked
    assert {name: getattr(newest, name) for name in told} == told


def test_everything_of_a_customer_changes_hands_at_once(
    session: Session, cast: Cast, registered: Register, take: Any
) -> None:
    customer = registered("consultant1")
    take("consultant1", customer, "note_follow_up", **TALK)
    take("supervisor", customer, "change_owner", owner_id=cast.person_ids["consultant2"], note="原顾问休假")
    assert customer.team_id == cast.team_ids["a2"]
    for model in (Customer, CustomerPhone, Contact, FollowUp):
        assert rows_of(session, cast, "consultant1", model) == []
        assert len(rows_of(session, cast, "consultant2", model)) == 1
    told = {n.person_id for n in session.scalars(select(Notice))}
    assert told == {cast.person_ids["consultant1"], cast.person_ids["consultant2"]}


@pytest.mark.parametrize("login", ["consultant1", "clerk", "supervisor2", "other_supervisor", "project_manager"])
def test_others_change_no_owner(cast: Cast, registered: Register, take: Any, login: str) -> None:
    customer = registered("consultant1")
    with pytest.raises(Forbidden):
        take(login, customer, "change_owner", owner_id=cast.person_ids["consultant2"], note="试试")


@pytest.mark.parametrize("to", ["consultant1", "clerk", "other_consultant"])
def test_owners_refused(cast: Cast, registered: Register, take: Any, to: str) -> None:
    customer = registered("consultant1")
    with pytest.raises(RuleError):
        take("supervisor", customer, "change_owner", owner_id=cast.person_ids[to], note="调整")


def test_pool_hides_from_the_owner_and_assignment_brings_back(
    session: Session, cast: Cast, registered: Register, take: Any
) -> None:
    customer = registered("consultant1")
    take("supervisor", customer, "pool", note="三十天未到访")
    assert (customer.state, customer.owner_id, customer.follow_due_on) == (CustomerState.POOL, None, None)
    assert rows_of(session, cast, "consultant1", Customer) == []
    with pytest.raises(RuleError):
        registered("consultant2")  # his number stays taken
    take("supervisor", customer, "assign", owner_id=cast.person_ids["consultant2"])
    assert customer.state is CustomerState.FOLLOWING
    assert len(rows_of(session, cast, "consultant2", CustomerPhone)) == 1


def test_a_lost_customer_frees_his_number_until_he_comes_back(registered: Register, take: Any) -> None:
    customer = registered("consultant1")
    take("consultant1", customer, "lose", lost_reason=LostReason.PRICE, note="预算不足")
    assert (customer.state, customer.follow_due_on, numbers_of(customer)) == (CustomerState.LOST, None, [])
    take("consultant1", customer, "resume")
    assert (customer.state, customer.lost_reason) == (CustomerState.FOLLOWING, None)
    assert numbers_of(customer) == ["10000001234"]
    take("consultant1", customer, "lose", lost_reason=LostReason.PRICE, note="预算不足")
    registered("consultant2", name="王伟")
    with pytest.raises(RuleError, match="请找主管判客"):
        take("consultant1", customer, "resume")


def test_numbers_are_added_and_dropped_but_never_the_last(registered: Register, take: Any) -> None:
    customer = registered("consultant1")
    registered("consultant2", name="李四", phone="10300000001")
    with pytest.raises(RuleError, match="请找主管判客"):
        take("consultant1", customer, "add_phone", phone="10300000001")
    with pytest.raises(RuleError, match="至少保留一个"):
        take("consultant1", customer, "drop_phone", tail="1234")
    take("consultant1", customer, "add_phone", phone="10300005678", belongs_to="配偶")
    with pytest.raises(RuleError, match="没有尾号"):
        take("consultant1", customer, "drop_phone", tail="9999")
    take("consultant1", customer, "drop_phone", tail="1234")
    assert numbers_of(customer) == ["10300005678"]
    assert numbers_of(registered("consultant2", name="赵六")) == ["10000001234"]  # given back


def test_identity_needs_consent_is_kept_secret_and_founds_one_customer(
    session: Session, cast: Cast, registered: Register, take: Any
) -> None:
    customer, number = registered("consultant1"), "11010519491231002X"
    paper = {"id_kind": IdKind.ID_CARD, "id_number": number}
    with pytest.raises(RuleError, match="请先登记客户的个人信息同意书"):
        take("consultant1", customer, "note_identity", **paper)
    for owner, who in (("consultant1", customer), ("consultant2", registered("consultant2", phone="10400000001"))):
        take(owner, who, "note_consent", version="2026-01", channel=ConsentChannel.PAPER, agree_identity=True)
    take("consultant1", customer, "note_identity", **paper)
    assert customer.id_number == number
    with pytest.raises(RuleError) as refused:
        take("consultant2", who, "note_identity", **paper)
    assert str(refused.value) == "该客户已登记，请找主管判客"
    logged = [str(c.values) for c in session.scalars(select(StateChange))] + [
        str(e.changes) for e in session.scalars(select(AuditEntry))
    ]
    assert not any(number in line or "10400000001" in line for line in logged)


def test_deals_move_a_customer_forward_and_back(session: Session, cast: Cast, registered: Register) -> None:
    customer, actor = registered("consultant1"), cast.actor("consultant1")
    with acting_as(actor):
        for step, state in (
            ("reserve", CustomerState.RESERVED), ("reserve", CustomerState.RESERVED), ("queue", CustomerState.RESERVED),
            ("sign", CustomerState.SIGNED), ("reserve", CustomerState.SIGNED), ("back", CustomerState.FOLLOWING),
            ("back", CustomerState.FOLLOWING),
        ):  # fmt: skip
            advance(session, customer.id, step, actor)
            assert customer.state is state
        with pytest.raises(StaleError):
            advance(session, customer.id, "sign", actor)


def test_the_duty_of_the_grade_rests_when_he_has_bought(
    session: Session, cast: Cast, registered: Register, take: Any
) -> None:
    customer, actor, today = registered("consultant1", grade=Grade.A), cast.actor("consultant1"), now().date()
    with acting_as(actor):
        advance(session, customer.id, "reserve", actor)
    assert customer.follow_due_on is None
    take("consultant1", customer, "note_follow_up", **TALK)
    assert customer.follow_due_on is None
    take("consultant1", customer, "note_follow_up", **TALK, next_on=today + timedelta(days=5))
    assert customer.follow_due_on == today + timedelta(days=5)  # what was agreed stays agreed
    with acting_as(actor):
        advance(session, customer.id, "back", actor)
    assert customer.follow_due_on == today + timedelta(days=2)


def test_buttons_of_the_page_by_post(cast: Cast, registered: Register) -> None:
    customer = registered("consultant1")

    def buttons(login: str) -> set[str]:
        with acting_as(cast.actor(login)):
            return {s.name for s in legal_steps(customer, cast.actor(login))}

    own = {
        "note_follow_up",
        "note_contact",
        "add_phone",
        "drop_phone",
        "note_consent",
        "withdraw_consent",
        "note_identity",
        "note_relative",
        "lose",
    }
    assert buttons("consultant1") == own
    assert buttons("supervisor") == own | {"change_owner", "pool"}
    assert buttons("clerk") == buttons("assistant") == {
        "note_contact", "note_consent", "withdraw_consent", "note_identity",
    }  # fmt: skip
    assert buttons("site_manager") == {"change_owner", "pool"}
    assert buttons("consultant2") == buttons("auditor") == buttons("developer_lead") == buttons("supervisor2") == set()
