"""The pages of the rotation: one click leads into reception with the consultant preset; 公示; the big screen; the report."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.customers.models import Contact, Customer
from app.features.customers.rotation.choices import PostingState, Visitor
from app.features.customers.rotation.effects.postings import end_postings
from app.features.customers.rotation.models import ReceptionPlace, RotationPosting, RotationTurn
from app.features.customers.rotation.views.screen import screen_url
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import StaleError
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.features.customers.conftest import Register
from tests.features.customers.rotation.conftest import Give

Client = Callable[[str], FlaskClient]
VISIT = {"kind": "first_visit", "phone": "10000005678", "name": "王伟", "source": "passing", "grade": "b"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def assign(client: FlaskClient, **form: str):
    return client.post("/rotation/assign", data={"visitor": "new", **form})


def test_one_click_leads_into_reception_with_the_consultant_preset(
    client_as: Client, session: Session, cast: Cast, place: ReceptionPlace
) -> None:
    desk = client_as("clerk")
    page = text(desk.get("/rotation/"))
    assert "新客户，请 林晓 接待" in page
    leads = assign(desk, seen="0", _key="k").headers["Location"]
    assert leads == "/reception/?turn=" + leads.partition("=")[2]
    assert assign(desk, seen="0", _key="k").headers["Location"] == leads  # a double click gives one turn
    form = text(desk.get(leads))
    assert "轮接：新客户由 林晓 接待" in form
    assert 'name="receiver_id"' not in form
    done = desk.post(leads, data={**VISIT, "turn": leads.partition("=")[2]})
    assert done.status_code == 302, text(done)
    with acting_as(SYSTEM):
        visit = session.scalars(select(Contact)).one()
        assert (visit.receiver_id, visit.place, visit.turn) == (cast.person_ids["consultant1"], "案场", "来访 1")
        assert session.scalars(select(Customer)).one().owner_id == cast.person_ids["consultant1"]
    again = desk.post(leads, data={**VISIT, "phone": "10000006789", "turn": leads.partition("=")[2]})
    assert again.status_code == 422
    assert "这一轮的来访已经登记过" in text(again)
    undone = desk.post("/rotation/undo", data={"turn": leads.partition("=")[2], "reason": "点错了"})
    assert "已经登记，不能撤回" in text(undone)


def test_an_old_customer_found_by_number_goes_to_his_own_with_his_history(
    client_as: Client, registered: Register, place: ReceptionPlace
) -> None:
    customer = registered("consultant2", "赵雅婷", "10000005678")
    desk = client_as("clerk")
    answer = assign(desk, visitor="old", phone="10000005678")
    assert f"&customer={customer.id}" in answer.headers["Location"]
    form = text(desk.get(answer.headers["Location"]))
    assert "赵雅婷" in form
    assert "何涛" in form
    assert 'value="revisit" selected' in form
    unknown = assign(desk, visitor="old", phone="10000009999")
    assert unknown.status_code == 422
    assert "没有登记过" in text(unknown)
    assert "10000009999" in text(unknown)  # nothing typed is lost
    own = assign(client_as("consultant1"), visitor="old", phone="10000005678")
    assert "已登记在同事名下" in text(own)
    assert "赵雅婷" not in text(own)
    assert "何涛接" not in text(own)


def test_a_consultant_gives_a_turn_and_registers_only_his_own(
    client_as: Client, place: ReceptionPlace, give: Give
) -> None:
    client = client_as("consultant2")
    assert assign(client).headers["Location"].startswith("/rotation/")  # it went to a colleague
    mine = assign(client).headers["Location"]
    assert client.get(mine).status_code == 200
    assert client_as("consultant1").get(mine).status_code == 404
    assert client_as("other_clerk").get(mine).status_code == 404


def test_who_may_do_what_at_the_desk(client_as: Client, place: ReceptionPlace) -> None:
    for login in ("site_manager", "auditor", "project_manager"):
        client = client_as(login)
        page = text(client.get("/rotation/"))
        assert "现在的队列" in page
        assert "/rotation/assign" not in page
        assert assign(client).status_code == 403
    for login in ("developer_site", "finance", "admin", "channel_officer"):
        assert client_as(login).get("/rotation/").status_code == 403, login
    assert client_as("consultant1").post("/rotation/forfeit", data={"reason": "x"}).status_code == 403


def test_an_unregistered_old_customer_is_posted_claimed_and_judged(
    client_as: Client, session: Session, cast: Cast, place: ReceptionPlace
) -> None:
    desk = client_as("clerk")
    leads = assign(desk, visitor="unregistered").headers["Location"]
    desk.post(leads, data={**VISIT, "turn": leads.partition("=")[2]})
    with acting_as(SYSTEM):
        posting = session.scalars(select(RotationPosting)).one()
        url, pk = f"/rotation-posting/show/{posting.id}", posting.id
        assert (posting.called, posting.phone) == ("王*", "100****5678")
        assert posting.until - posting.came_at == timedelta(days=2)
    colleague = client_as("consultant2")
    page = text(colleague.get(url))
    assert "王*" in page
    assert "王伟" not in page
    assert "老客户公示 1 位" in text(colleague.get("/"))
    own = client_as("consultant1").post(f"/rotation-posting/step/claim/{pk}", data={"evidence": "我接的"})
    assert "不用主张" in text(own)
    assert colleague.post(f"/rotation-posting/step/claim/{pk}", data={"evidence": "10 月 3 日微信"}).status_code == 302
    done = client_as("supervisor").post(f"/rotation-posting/step/uphold/{pk}", data={"note": "聊天记录属实"})
    assert done.status_code == 302, text(done)
    with acting_as(SYSTEM):
        session.rollback()
        assert session.get(RotationPosting, pk).state is PostingState.MOVED
        assert session.scalars(select(Customer)).one().owner_id == cast.person_ids["consultant2"]


def test_after_its_days_he_stays(client_as: Client, session: Session, cast: Cast, place: ReceptionPlace) -> None:
    desk = client_as("clerk")
    leads = assign(desk, visitor="unregistered").headers["Location"]
    desk.post(leads, data={**VISIT, "turn": leads.partition("=")[2]})
    with acting_as(SYSTEM):
        assert write(session, lambda: end_postings(session)) == 0

        def later() -> int:
            session.scalars(select(RotationPosting)).one().until = now() - timedelta(minutes=1)
            session.flush()
            return end_postings(session)

        assert write(session, later) == 1
        posting = session.scalars(select(RotationPosting)).one()
        assert posting.state is PostingState.STAYS
        assert session.scalars(select(Customer)).one().owner_id == cast.person_ids["consultant1"]
        with pytest.raises(StaleError, match="归接待人"):
            fire(session, posting, "claim", cast.actor("consultant2"), evidence="晚了")


def test_the_big_screen_needs_no_account_and_names_no_customer(
    app: Flask,
    client: FlaskClient,
    client_as: Client,
    session: Session,
    place: ReceptionPlace,
    give: Give,
    registered: Register,
) -> None:
    registered("consultant1", "赵雅婷", "10000005678")
    give("clerk")
    with app.test_request_context():
        url = screen_url(place)
    page = client.get(url)
    assert page.status_code == 200
    assert "何涛" in text(page)  # next
    for word in ("赵雅婷", "5678", "/rotation/", "csrf"):
        assert word not in text(page).replace(url, "")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    line = client.get(url + "/line")
    etag = {"If-None-Match": line.headers["ETag"]}
    assert client.get(url + "/line", headers=etag).status_code == 304
    give("clerk")
    assert client.get(url + "/line", headers=etag).status_code == 200
    assert client.get(url[:-2] + "xx").status_code == 404
    assert client_as("consultant1").post(f"/reception-place/renew/{place.id}").status_code == 403
    assert client_as("supervisor").post(f"/reception-place/renew/{place.id}").status_code == 302
    assert client.get(url).status_code == client.get(url + "/line").status_code == 404


def test_the_report_counts_and_leads_to_the_log(client_as: Client, place: ReceptionPlace, give: Give) -> None:
    give("clerk")
    give("clerk", Visitor.OLD, "consultant1")
    give("clerk", Visitor.NAMED, "supervisor")
    give("clerk")
    page = text(client_as("consultant1").get("/rotation/report/"))
    assert re.search(r"林晓</a></td><td class=\"num[^>]*>1</td><td class=\"num[^>]*>1</td>", page), page[-3000:]
    lines = re.search(r'href="(/rotation-turn/list/[?]person_id=[^"]+)"', page)
    assert lines is not None
    drilled = text(client_as("consultant1").get(lines[1].replace("&amp;", "&")))
    assert "新客户由 林晓 接待" in drilled
    assert "何涛 接待" not in drilled
    assert client_as("consultant1").get("/rotation/report/export").status_code == 403
    book = CalamineWorkbook.from_filelike(io.BytesIO(client_as("supervisor").get("/rotation/report/export").data))
    cells = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert {"林晓", "何涛", "周敏", "老客户"} <= set(cells)
    log = text(client_as("consultant2").get("/rotation-turn/list/"))
    assert "新客户由 林晓 接待：按轮序排在最前，占一轮" in log


def test_a_get_writes_nothing(client_as: Client, session: Session, place: ReceptionPlace) -> None:
    for address in ("/rotation/", "/rotation/?channel=call", "/rotation/report/"):
        assert client_as("clerk").get(address).status_code == 200
    with acting_as(SYSTEM):
        assert session.scalar(select(func.count()).select_from(RotationTurn)) == 0
