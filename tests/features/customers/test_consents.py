"""Consents: what is given stands by purpose and version, what is taken back ends at once (02 §2.5.11)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.choices import ConsentChannel, CustomerState, FollowMethod, FollowResult
from app.features.customers.consents import rules
from app.features.customers.consents.effects import standing, text_in_force
from app.features.customers.consents.models import Consent, ConsentText, ConsentTextState, Purpose
from app.features.customers.models import Customer, FollowUp
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import RuleError
from tests.cast import Cast
from tests.factories import saved
from tests.features.customers.conftest import Register
from tests.features.deals.orders import decided, step

PAPER = {"version": "2026-01", "channel": ConsentChannel.PAPER}
TALK = {"result": FollowResult.REACHED, "content": "约周六带看"}


@pytest.mark.parametrize(
    ("ticked", "held", "written"),
    [
        ((), (), [Purpose.BASIC]),
        ((Purpose.MARKETING,), (), [Purpose.BASIC, Purpose.MARKETING]),
        ((Purpose.MARKETING,), (Purpose.BASIC,), [Purpose.MARKETING]),
        ((Purpose.MARKETING,), (Purpose.BASIC, Purpose.MARKETING), []),
    ],
)
def test_what_is_written(ticked: Any, held: Any, written: list[Purpose]) -> None:
    assert rules.given(ticked, held) == written


def test_what_is_taken_back() -> None:
    assert rules.taken_back(Purpose.MARKETING) == {Purpose.MARKETING}
    assert rules.taken_back(Purpose.BASIC) == rules.taken_back(None) == set(Purpose)


@pytest.mark.parametrize(
    ("method", "withdrawn", "state", "may"),
    [
        (FollowMethod.PHONE, False, CustomerState.FOLLOWING, True),
        (FollowMethod.PHONE, True, CustomerState.FOLLOWING, False),
        (FollowMethod.WECHAT, True, CustomerState.QUEUED, False),
        (FollowMethod.MEETING, True, CustomerState.FOLLOWING, True),
        (FollowMethod.SHOWING, True, CustomerState.FOLLOWING, True),
        (FollowMethod.PHONE, True, CustomerState.SIGNED, True),  # the contract is being fulfilled
    ],
)
def test_who_may_be_called(method: FollowMethod, withdrawn: bool, state: CustomerState, may: bool) -> None:
    assert rules.may_call(method, now() if withdrawn else None, state) is may


def held(session: Session, customer: Customer) -> set[Purpose]:
    with acting_as(SYSTEM):
        return set(standing(session, customer.id))


def test_withdrawn_marketing_stops_calls_and_duties_until_it_is_given_again(
    session: Session, cast: Cast, registered: Register
) -> None:
    customer = registered("consultant1")
    step(cast, customer, "note_consent", "consultant1", **PAPER, agree_marketing=True)
    assert held(session, customer) == {Purpose.BASIC, Purpose.MARKETING}
    customer = step(cast, customer, "withdraw_consent", "clerk", purpose=Purpose.MARKETING)
    assert held(session, customer) == {Purpose.BASIC}
    assert customer.follow_due_on is None
    for method in (FollowMethod.PHONE, FollowMethod.WECHAT):
        with pytest.raises(RuleError, match="撤回营销联系"):
            step(cast, customer, "note_follow_up", "consultant1", method=method, **TALK)
    customer = step(cast, customer, "note_follow_up", "consultant1", method=FollowMethod.MEETING, **TALK)
    assert customer.follow_due_on is None, "no duty to call him comes back"
    customer = step(cast, customer, "note_consent", "consultant1", **PAPER, agree_marketing=True)
    customer = step(cast, customer, "note_follow_up", "consultant1", method=FollowMethod.PHONE, **TALK)
    assert customer.follow_due_on is not None
    with acting_as(SYSTEM):
        rows = session.scalars(select(Consent).where(Consent.purpose == Purpose.MARKETING)).all()
        assert [row.withdrawn_at is None for row in rows] == [False, True], "the time before stays proved"
        assert len(session.scalars(select(FollowUp)).all()) == 2


def test_the_basic_consent_taken_back_ends_all(session: Session, cast: Cast, registered: Register) -> None:
    customer = registered("consultant1")
    step(cast, customer, "note_consent", "clerk", **PAPER, agree_developer=True, agree_identity=True)
    customer = step(cast, customer, "withdraw_consent", "clerk", purpose=Purpose.BASIC)
    assert held(session, customer) == set()
    assert customer.consent_at is None


def test_an_identity_number_needs_its_own_consent(cast: Cast, registered: Register) -> None:
    customer = registered("consultant1")
    step(cast, customer, "note_consent", "clerk", **PAPER)
    with pytest.raises(RuleError, match="单独同意收集证件号码"):
        step(cast, customer, "note_identity", "clerk", id_kind="id_card", id_number="11010519491231002X")


def test_without_a_version_there_is_no_consent(cast: Cast, registered: Register) -> None:
    with pytest.raises(RuleError, match="没有使用中的同意书"):
        step(cast, registered("consultant1"), "note_consent", "clerk", channel=ConsentChannel.PAPER)


def test_the_text_is_passed_by_the_developers_lawyer_and_takes_the_place_of_the_old_one(
    session: Session, cast: Cast, registered: Register
) -> None:
    texts = []
    for edition in ("2026-01", "2026-02"):
        text = saved(session, ConsentText(
            project_id=cast.project_ids["a"], edition=edition, handler="甲方", contact="案场", content="正文",
            created_by=cast.person_ids["supervisor"],
        ))  # fmt: skip
        text = step(cast, text, "submit", "supervisor")
        decided(cast, text, "site_manager")
        texts.append(decided(cast, text, "developer_legal"))
    session.expire_all()
    with acting_as(SYSTEM):
        assert [t.state for t in texts] == [ConsentTextState.SUPERSEDED, ConsentTextState.IN_FORCE]
        assert text_in_force(session, cast.project_ids["a"]).edition == "2026-02"
    customer = step(cast, registered("consultant1"), "note_consent", "clerk", channel=ConsentChannel.PAPER)
    assert customer.consent_version == "2026-02"


def test_consents_follow_their_customer(session: Session, cast: Cast, registered: Register) -> None:
    customer = registered("consultant1")
    step(cast, customer, "note_consent", "clerk", **PAPER)
    step(cast, customer, "change_owner", "supervisor", owner_id=cast.person_ids["consultant2"], note="原顾问休假")
    for login, count in (("consultant1", 0), ("consultant2", 1), ("other_supervisor", 0)):
        with acting_as(cast.actor(login)):
            assert len(session.scalars(select(Consent)).all()) == count


def test_his_page_says_so_and_prints_the_form(client_as: Any, cast: Cast, registered: Register) -> None:
    customer = registered("consultant1")
    step(cast, customer, "note_consent", "consultant1", **PAPER, agree_marketing=True)
    step(cast, customer, "withdraw_consent", "consultant1", purpose=Purpose.MARKETING)
    page = client_as("consultant1").get(f"/customer/show/{customer.id}").get_data(as_text=True)
    assert "不打营销电话" in page
    assert "向甲方营销策划部提供" in page and "已撤回" in page
    assert "/print/consent_form/" in page


def test_the_reception_page_asks(session: Session, cast: Cast, client_as: Any) -> None:
    text = {"handler": "甲方", "contact": "案场", "content": "正文", "state": ConsentTextState.IN_FORCE}
    saved(session, ConsentText(project_id=cast.project_ids["a"], edition="2026-02", **text))
    client = client_as("consultant1")
    assert "客户同意" in client.get("/reception/").get_data(as_text=True)
    data = {"kind": "first_visit", "phone": "10000001234", "name": "王伟", "source": "passing", "agree_marketing": "1"}
    refused = client.post("/reception/", data=data)
    assert "请选择客户同意的方式" in refused.get_data(as_text=True)
    done = client.post("/reception/", data=data | {"consent_channel": "paper"})
    assert done.status_code == 302
    with acting_as(SYSTEM):
        rows = session.scalars(select(Consent)).all()
    assert {(row.purpose, row.edition) for row in rows} == {(Purpose.BASIC, "2026-02"), (Purpose.MARKETING, "2026-02")}
