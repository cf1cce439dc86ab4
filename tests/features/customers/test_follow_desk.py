"""跟进待办, 降级建议, 全程记录: the page of the day, what it writes, who sees what (S1.3.1, 02 §2.5.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState, Grade
from app.features.customers.models import Customer, FollowUp
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError
from app.kernel.transactions import write
from app.kernel.workflow import StateChange, fire, legal_steps
from tests.cast import Cast
from tests.features.customers.conftest import Register
from tests.features.deals import orders

Client = Callable[[str], FlaskClient]
TALK = {"method": "phone", "result": "reached", "content": "约周六带看", "grade": "c"}


def change(session: Session, pk: int, **values: Any) -> None:
    """Set columns as SYSTEM."""

    def work() -> None:
        for name, value in values.items():
            setattr(session.get(Customer, pk), name, value)

    with acting_as(SYSTEM):
        write(session, work)


def silent(session: Session, pk: int, days: int) -> None:
    change(
        session, pk, last_contact_at=now() - timedelta(days=days), follow_due_on=now().date() - timedelta(days=days - 7)
    )


def page(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def test_the_desk_lists_who_is_due_and_takes_a_note(client_as: Client, session: Session, registered: Register) -> None:
    late, soon = (
        registered("consultant1", "王伟", "10000001111").id,
        registered("consultant1", "李静", "10000002222").id,
    )
    other = registered("consultant2", "赵强", "10000003333").id
    today = now().date()
    change(session, late, follow_due_on=today - timedelta(days=3))
    change(session, soon, follow_due_on=today)
    change(session, other, follow_due_on=today)
    mine = client_as("consultant1")
    shown = page(mine, "/follow-desk/")
    assert "王伟" in shown and "逾期 3 天" in shown and "李静" not in shown and "赵强" not in shown
    assert "逾期 1" in shown and "今日应跟进 1" in shown
    both = page(client_as("supervisor"), "/follow-desk/?list=today")
    assert "李静" in both and "赵强" in both
    answer = mine.post(
        f"/follow-desk/{late}?list=late", data={**TALK, "next_on": (today + timedelta(days=2)).isoformat()}
    )
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/follow-desk/?list=late")
    with acting_as(SYSTEM):
        session.rollback()
        row = session.get(Customer, late)
        assert row.follow_due_on == today + timedelta(days=2)
        assert session.scalars(select(FollowUp)).one().content == "约周六带看"
    assert "这张清单上没有客户" in page(mine, "/follow-desk/?list=late")


def test_a_refused_note_loses_nothing(client_as: Client, session: Session, registered: Register) -> None:
    pk = registered("consultant1").id
    change(session, pk, follow_due_on=now().date())
    gone = (now().date() - timedelta(days=1)).isoformat()
    answer = client_as("consultant1").post(f"/follow-desk/{pk}?list=today", data={**TALK, "next_on": gone})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "下次跟进日期不能早于今天" in text and "约周六带看" in text
    in_vain = {**TALK, "result": "no_answer", "grade": "a"}
    assert "没有联系上客户，不能据此调整等级" in client_as("consultant1").post(
        f"/follow-desk/{pk}?list=today", data=in_vain
    ).get_data(as_text=True)
    with acting_as(SYSTEM):
        session.rollback()
        assert session.scalars(select(FollowUp)).all() == []


def test_another_consultants_customer_is_not_there(client_as: Client, registered: Register) -> None:
    pk = registered("consultant2").id
    mine = client_as("consultant1")
    assert mine.post(f"/follow-desk/{pk}", data=TALK).status_code == 404
    assert mine.get(f"/customer-timeline/{pk}").status_code == 404
    assert mine.get(f"/customer-insight/{pk}").status_code == 404


def test_a_lower_grade_is_accepted_or_declined_and_logged(session: Session, cast: Cast, registered: Register) -> None:
    customer, actor = registered("consultant1", grade=Grade.B), cast.actor("consultant1")
    names = {"lower_grade", "keep_grade"}
    with acting_as(actor):
        assert not names & {s.name for s in legal_steps(customer, actor)}
        with pytest.raises(Forbidden):
            fire(session, customer, "lower_grade", actor)
    silent(session, customer.id, 7)  # twice three days are borne, the seventh is too many
    with acting_as(actor):
        customer = session.get(Customer, customer.id)
        assert names <= {s.name for s in legal_steps(customer, actor)}
        with pytest.raises(RuleError, match="请填写原因"):
            fire(session, customer, "keep_grade", actor)
        fire(session, customer, "keep_grade", actor, note="客户出差，周末回来")
        assert not names & {s.name for s in legal_steps(customer, actor)}
    change(session, customer.id, grade_kept_on=now().date() - timedelta(days=7))
    with acting_as(actor):
        customer = session.get(Customer, customer.id)
        fire(session, customer, "lower_grade", actor)
        assert customer.grade is Grade.C
    with acting_as(SYSTEM):
        said = {c.step: c.note for c in session.scalars(select(StateChange).where(StateChange.step.in_(names)))}
    assert said == {"keep_grade": "客户出差，周末回来", "lower_grade": "B → C"}


def test_the_list_of_suggestions_is_the_rule_in_sql(client_as: Client, session: Session, registered: Register) -> None:
    ids = {}
    for place, (grade, days) in enumerate([(Grade.A, 4), (Grade.A, 5), (Grade.C, 14), (Grade.C, 15), (Grade.D, 300)]):
        pk = registered("consultant1", f"客户{place}", f"1000001{place}234", grade=grade).id
        silent(session, pk, days)
        ids[place] = pk
    shown = page(client_as("consultant1"), "/follow-desk/?list=lower")
    assert [n for n in ids if f"客户{n}" in shown] == [1, 3]
    assert "建议降级 2" in shown


def test_milestones_are_kept_once(session: Session, cast: Cast) -> None:
    order = orders.effective(cast, orders.unit(cast), orders.customer(cast), orders.scheme(cast))
    with acting_as(SYSTEM):
        customer = session.get(Customer, order.customer_id)
        first = customer.reserved_at
        assert customer.state is CustomerState.RESERVED and first is not None and customer.signed_at is None
        assert customer.visits == 1


def test_the_line_tells_of_every_room_within_the_readers_posts(client_as: Client, cast: Cast) -> None:
    order = orders.effective(cast, orders.unit(cast), orders.customer(cast), orders.scheme(cast))
    url = f"/customer-timeline/{order.customer_id}"
    mine = page(client_as("consultant1"), url)
    for part in ("首访", "认购", "收款单", "20,000.00 元"):
        assert part in mine, part
    narrowed = page(client_as("consultant1"), url + "?kind=认购")
    assert "收款单" not in narrowed and order.number in narrowed
    fragment = client_as("consultant1").get(url, headers={"X-Requested-With": "fetch"}).get_data(as_text=True)
    assert "<html" not in fragment and order.number in fragment
    assert client_as("finance").get(url).status_code in (403, 404)
    assert f'data-src="{url}"' in page(client_as("consultant1"), f"/customer/show/{order.customer_id}")


def test_an_english_reader_chooses_english_words(client_as: Client, session: Session, registered: Register) -> None:
    change(session, registered("consultant1", "王伟", "10000001111").id, follow_due_on=now().date())
    client = client_as("consultant1")
    client.post("/language", data={"language": "en"})
    shown = page(client, "/follow-desk/")
    assert '<option value="phone" selected>Telephone</option>' in shown
    assert "有效沟通" not in shown
