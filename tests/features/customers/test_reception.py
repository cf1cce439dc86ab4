"""Reception: known customers are found within scope, come again without a second record, and a lost race loses no typing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.customers.choices import Grade, Source
from app.features.customers.effects.lookup import Known
from app.features.customers.models import Contact, Customer
from app.features.customers.views import reception_saving
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.customers.conftest import Register

Client = Callable[[str], FlaskClient]
VISIT = {"kind": "first_visit", "phone": "10000005678", "name": "王伟", "source": "passing", "grade": "b"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def found(client: FlaskClient, q: str) -> list[str]:
    return [one["name"] for one in client.post("/reception/find", data={"q": q}).json["results"]]


def test_known_customers_are_found_while_typing_within_scope(client_as: Client, registered: Register) -> None:
    registered("consultant1", "王伟", "10000005678")
    registered("consultant2", "王薇", "10000001234")
    own, desk = client_as("consultant1"), client_as("clerk")
    for q in ("ww", "wangw", "王", "5678", "10000005678"):
        assert found(own, q) == ["王伟"], q
    assert found(own, "1234") == found(own, "567") == found(own, " ") == []
    assert set(found(desk, "ww")) == {"王伟", "王薇"}
    note = desk.post("/reception/find", data={"q": "1234"}).json["results"][0]["note"]
    assert "100****1234" in note
    assert "何涛" in note
    assert client_as("developer_site").post("/reception/find", data={"q": "王"}).status_code == 403


def test_the_history_stands_beside_for_whoever_sees_him(client_as: Client, registered: Register) -> None:
    pk = registered("consultant2", "赵雅婷", "10000001234").id
    client_as("consultant2").post(
        f"/customer/step/note_follow_up/{pk}",
        data={"method": "phone", "result": "reached", "content": "周末带父母来", "grade": "b"},
    )
    card = text(client_as("clerk").get(f"/reception/history/{pk}"))
    for word in ("赵雅婷", "何涛", "周末带父母来", "首访", "100****1234"):
        assert word in card, word
    assert "10000001234" not in card
    for login in ("consultant1", "other_clerk"):
        assert client_as(login).get(f"/reception/history/{pk}").status_code == 404
        assert client_as(login).get(f"/reception/?customer={pk}").status_code == 404


def test_a_known_customer_comes_again_and_keeps_his_first_source(
    client_as: Client, session: Session, registered: Register
) -> None:
    pk = registered("consultant1", "王伟", "10000005678").id
    form = {
        "customer_id": str(pk),
        "kind": "revisit",
        "source": "event",
        "companions": "妻子",
        "stay_minutes": "40",
        "people": "2",
        "wanted_layout": "四房",
        "grade": "a",
        "home_area": "滨江新城",
    }
    answer = client_as("consultant1").post("/reception/", data=form)
    assert answer.headers["Location"] == f"/customer/show/{pk}", text(answer)
    with acting_as(SYSTEM):
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Customer)) == 1
        known = session.get(Customer, pk)
        assert (known.source, known.wanted_layout, known.home_area) == (Source.PASSING, "四房", "滨江新城")
        assert known.grade is Grade.A, "what is said at the desk is kept, nothing typed is lost"
        latest = session.scalars(select(Contact).order_by(Contact.id.desc())).first()
        assert (latest.customer_id, latest.source, latest.companions, latest.stay_minutes) == (
            pk,
            Source.EVENT,
            "妻子",
            40,
        )
    foreign = registered("consultant2", "赵雅婷", "10000001234").id
    assert client_as("consultant1").post("/reception/", data={**form, "customer_id": str(foreign)}).status_code == 404


@pytest.mark.parametrize(("person", "told"), [("clerk", "归属 何涛"), ("consultant1", "请找主管判客")])
def test_whoever_loses_the_race_keeps_what_she_typed_and_reads_whose_he_is_by_scope(
    client_as: Client, cast: Cast, registered: Register, monkeypatch: pytest.MonkeyPatch, person: str, told: str
) -> None:
    """The look-up said «new», a colleague saved first: the constraint speaks."""
    registered("consultant2", "赵雅婷", "10000005678")
    monkeypatch.setattr(reception_saving, "known_number", lambda *_: Known(known=False))
    form = {**VISIT, "needs": "三房朝南", "receiver_id": str(cast.person_ids["consultant1"])}
    answer = client_as(person).post("/reception/", data=form)
    assert answer.status_code == 422
    for word in (told, "10000005678", "王伟", "三房朝南"):
        assert word in text(answer), word
    assert ("何涛" in text(answer).replace("何涛（置业顾问）", "")) is (person == "clerk")


def test_an_obviously_false_number_is_refused_at_its_field(client_as: Client) -> None:
    for number in ("11111111111", "12345678901", "13800000000", "138001"):
        answer = client_as("consultant1").post("/reception/", data={**VISIT, "phone": number})
        assert answer.status_code == 422, number
        assert f'value="{number}"' in text(answer)


def test_an_anonymised_customer_does_not_come_again(client_as: Client, session: Session, registered: Register) -> None:
    gone = registered("consultant1", "王伟", "10000001111").id
    with acting_as(SYSTEM):
        write(session, lambda: setattr(session.get_one(Customer, gone), "anonymised_at", now()))
    client = client_as("consultant1")
    assert client.post("/reception/find", data={"q": "王伟"}).get_json() == {"results": []}
    assert client.get(f"/reception/?customer={gone}").status_code == 404
