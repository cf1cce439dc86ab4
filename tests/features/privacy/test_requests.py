"""Requests of persons: the clock, who he is, what is done, what the law keeps (02 §2.5.11)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.features.customers.choices import ConsentChannel, CustomerState, FollowMethod, FollowResult
from app.features.customers.consents.effects import standing
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.features.privacy.breaches.rules import due_at, hours_left
from app.features.privacy.requests.effects import begin
from app.features.privacy.requests.models import AskedBy, PersonRequest, RequestKind, RequestState
from app.features.privacy.requests.rules import days_left, due_on
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.calendar import BusinessClock
from app.kernel.errors import Forbidden, RuleError
from app.kernel.search import proposed_ids
from app.kernel.search_index import faults as search_faults
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders as o


class Weekdays:
    def is_working(self, day: date) -> bool:
        return day.weekday() < 5


@pytest.mark.parametrize(
    ("asked", "due"), [(date(2026, 11, 2), date(2026, 11, 23)), (date(2026, 11, 7), date(2026, 11, 27))]
)
def test_fifteen_working_days(asked: date, due: date) -> None:
    assert due_on(asked, 15, BusinessClock(Weekdays())) == due


def test_days_left() -> None:
    assert (days_left(None, date(2026, 11, 2)), days_left(date(2026, 11, 1), date(2026, 11, 2))) == (None, -1)


@pytest.mark.parametrize(("passed", "left"), [(0, 72), (71.5, 0), (72, 0), (72.5, -1), (80, -8)])
def test_a_leak_is_reported_within_seventy_two_hours(passed: float, left: int) -> None:
    found = datetime(2026, 11, 27, 22)
    assert hours_left(due_at(found, 72), found + timedelta(hours=passed)) == left


def asked(cast: Cast, customer: Customer, kind: RequestKind, login: str = "consultant1") -> PersonRequest:
    """Registered as the form does."""
    actor = cast.actor(login)

    def work() -> PersonRequest:
        paper = PersonRequest(
            customer_id=customer.id, kind=kind, asked_by=AskedBy.HIMSELF, asked_on=now().date(), content="请办理"
        )
        begin(cast.session, paper, actor)
        cast.session.add(paper)
        cast.session.flush()
        return paper

    with acting_as(actor):
        return write(cast.session, work)


def verified(cast: Cast, customer: Customer, kind: RequestKind) -> PersonRequest:
    return o.step(cast, asked(cast, customer, kind), "verify", "clerk", proof="核对身份证原件")


@pytest.fixture
def visitor(session: Session, cast: Cast) -> Customer:
    """王伟 with a visit, a follow-up, a WeChat name and an address."""
    who = o.customer(cast)
    talk = {"method": FollowMethod.PHONE, "result": FollowResult.REACHED, "content": "机密往来 QXW"}
    o.step(cast, who, "note_follow_up", "consultant1", **talk)
    with acting_as(SYSTEM):

        def work() -> None:
            row = session.get(Customer, who.id)
            row.wechat, row.mail_address, row.occupation = "wx-secret", "滨江路 1 号", "教师"
            session.scalars(select(Contact)).one().needs = "三房 QXN"

        write(session, work)
    return o.fresh(cast, Customer, who.id)


def test_nothing_is_done_before_it_is_known_who_asks(cast: Cast, visitor: Customer) -> None:
    paper = asked(cast, visitor, RequestKind.ACCESS)
    assert paper.number.startswith("GR-JPYL-") and paper.due_on > now().date() + timedelta(days=14)
    with pytest.raises(RuleError):
        o.step(cast, paper, "answer", "supervisor", answer="已提供")
    paper = o.step(cast, paper, "verify", "clerk", proof="核对身份证原件")
    done = o.step(cast, paper, "answer", "supervisor", answer="已提供")
    assert (done.state, done.answer) == (RequestState.ANSWERED, "已提供")


def test_a_withdrawal_ends_every_consent(session: Session, cast: Cast, visitor: Customer) -> None:
    o.step(cast, visitor, "note_consent", "clerk", version="1", channel=ConsentChannel.PAPER, agree_developer=True)
    o.step(cast, verified(cast, visitor, RequestKind.WITHDRAW), "withdraw", "supervisor")
    with acting_as(SYSTEM):
        assert standing(session, visitor.id) == {}
    assert o.fresh(cast, Customer, visitor.id).no_calls_at is not None


def test_only_the_head_office_erases(cast: Cast, visitor: Customer) -> None:
    paper = verified(cast, visitor, RequestKind.ERASE)
    for login in ("supervisor", "site_manager", "clerk"):
        with pytest.raises(Forbidden):
            o.step(cast, paper, "erase", login)


def test_an_erased_person_is_in_no_table_and_no_search(
    session: Session, cast: Cast, visitor: Customer, client_as: Any
) -> None:
    paper = verified(cast, visitor, RequestKind.ERASE)
    done = o.step(cast, paper, "erase", "sales_admin")
    assert done.state is RequestState.ANSWERED
    gone = o.fresh(cast, Customer, visitor.id)
    assert (gone.name, gone.wechat, gone.mail_address, gone.occupation) == ("已匿名客户", None, None, None)
    assert (gone.state, gone.first_at, gone.source) == (CustomerState.LOST, visitor.first_at, visitor.source), (
        "what counts stays"
    )
    actor = cast.actor("supervisor")
    with acting_as(SYSTEM):
        phone = session.scalars(select(CustomerPhone)).one()
        assert (phone.live, phone.digest, "10000001234" in phone.number) == (False, "", False)
        assert session.scalars(select(Contact.needs)).all() == [None]
        assert session.scalars(select(FollowUp.content)).all() == ["（已匿名处理）"]
        words = " ".join(session.scalars(text("SELECT words FROM search_entry")))
    assert not any(word in words for word in ("王伟", "wangwei", "QXW", "QXN"))
    with acting_as(SYSTEM):
        assert list(search_faults(session)) == [], "the doctor finds every record in the search"
    with acting_as(actor):
        for word in ("王伟", "10000001234", "1234"):
            assert proposed_ids(session, actor, Customer, word)[0] == []
    page = client_as("supervisor").get(f"/customer/show/{visitor.id}").get_data(as_text=True)
    assert not any(word in page for word in ("王伟", "QXW", "QXN", "wx-secret")), "the history tells nothing any more"
    with pytest.raises(Forbidden):
        o.step(cast, gone, "resume", "consultant1")
    again = o.customer(cast)
    assert again.id != visitor.id, "the number is free: he may come as a new customer"
    with pytest.raises(RuleError, match="已匿名处理"):
        asked(cast, gone, RequestKind.ACCESS, "supervisor")


def test_the_log_of_steps_keeps_no_talk(session: Session, visitor: Customer) -> None:
    kept = " ".join(session.scalars(text("SELECT form_values FROM state_change")))
    assert "QXW" not in kept and "***" in kept


def test_orders_and_money_are_kept_by_law_with_the_reason(session: Session, cast: Cast, client_as: Any) -> None:
    buyer = o.customer(cast)
    o.effective(cast, o.unit(cast), buyer, o.scheme(cast))
    paper = verified(cast, buyer, RequestKind.ERASE)
    with pytest.raises(RuleError) as refused:
        o.step(cast, paper, "erase", "sales_admin")
    for words in ("认购书", "收款记录", "会计档案管理办法", "反洗钱法", "10 年", "30 年"):
        assert words in str(refused.value)
    page = client_as("supervisor").get(f"/person-request/show/{paper.id}").get_data(as_text=True)
    assert "不能删除" in page
    done = o.step(cast, paper, "refuse", "supervisor", note="交易资料依法保存")
    assert (done.state, done.answer) == (RequestState.REFUSED, "交易资料依法保存")
    assert o.fresh(cast, Customer, buyer.id).name == "王伟"


def test_the_form_starts_the_clock_and_tells_who_decides(client_as: Any, visitor: Customer) -> None:
    data = {
        "customer_id": str(visitor.id), "kind": "erase", "asked_by": "himself", "asked_how": "site", "asked_on": f"{now():%Y-%m-%d}",
        "content": "请删除",
    }  # fmt: skip
    made = client_as("consultant1").post("/person-request/add", data=data)
    assert made.status_code == 302, made.get_data(as_text=True)[:500]
    page = client_as("sales_admin").get(made.headers["Location"]).get_data(as_text=True)
    assert "答复期限" in page and "请删除" in page
    assert client_as("consultant2").get(made.headers["Location"]).status_code == 404
