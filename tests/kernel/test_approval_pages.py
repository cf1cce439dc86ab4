"""The inbox and the pages around one request (02 §2.1.2–5, 04 S4, R4), walked with a real kind: 代理授权."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.features.organisation.models import Delegation, DelegationState, PostName
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.records import ApprovalRequest, StepState
from app.kernel.attachments import Attachment
from app.kernel.base import now
from app.kernel.notices import Notice
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.kernel.test_file_checks import picture

Clients = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def own_store(app: Flask, tmp_path: Path) -> Any:
    before, app.config["UPLOAD_FOLDER"] = app.config["UPLOAD_FOLDER"], str(tmp_path / "files")
    yield
    app.config["UPLOAD_FOLDER"] = before


def asked(session: Any, cast: Cast, absent: str, deputy: str, post: str) -> int:
    """A delegation is submitted by the absent person; the id of its request."""
    actor, today = cast.actor(absent), now().date()

    def work() -> Delegation:
        made = Delegation(
            absent_id=cast.person_ids[absent], deputy_id=cast.person_ids[deputy], post=PostName[post], project_id=cast.project_ids["a"],
            since=today, until=today + timedelta(days=2), reason="CANARY 外出培训", created_by=actor.person_id,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made

    with acting_as(actor):
        made = write(session, work)
        fire(session, made, "submit", actor)
    return session.scalars(select(ApprovalRequest.id).order_by(ApprovalRequest.id.desc())).first()


@pytest.fixture
def request_id(session: Any, cast: Cast) -> int:
    """周敏 asks that 高远 stands in for her; 吴越 decides."""
    return asked(session, cast, "supervisor", "supervisor2", "SUPERVISOR")


@pytest.fixture
def developer_request(session: Any, cast: Cast) -> int:
    """宋岚 asks that 尤佳 stands in for her; 沈国栋 decides, perhaps on paper."""
    return asked(session, cast, "developer_finance", "developer_finance2", "DEVELOPER_FINANCE")


def state(session: Any) -> DelegationState:
    session.rollback()
    with acting_as(SYSTEM):
        return session.scalars(select(Delegation)).one().state


def request(session: Any) -> ApprovalRequest:
    session.rollback()
    return session.scalars(select(ApprovalRequest)).one()


def form_of(client: FlaskClient, address: str) -> dict[str, str]:
    """The hidden values of a page's form."""
    page = client.get(address)
    assert page.status_code == 200, address
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.get_data(as_text=True))
    return {name: value for name, value in pairs if name in ("step", "_key")}


def test_the_inbox_of_each(request_id: int, client_as: Clients) -> None:
    for login, tab, shown in (
        ("site_manager", "waiting", True), ("supervisor", "started", True), ("supervisor", "waiting", False), ("supervisor2", "waiting", False),
        ("other_site_manager", "waiting", False), ("project_manager", "waiting", False), ("site_manager", "decided", False), ("auditor", "waiting", False),
    ):  # fmt: skip
        page = client_as(login).get(f"/approvals?tab={tab}").get_data(as_text=True)
        assert ("代理授权 · 高远 代 周敏" in page) is shown, (login, tab)
    assert "待代录" in client_as("clerk").get("/approvals").get_data(as_text=True)
    assert "待代录" not in client_as("site_manager").get("/approvals?tab=record").get_data(as_text=True)


def test_the_home_page_and_the_menu_count_it(request_id: int, client_as: Clients) -> None:
    page = client_as("site_manager").get("/").get_data(as_text=True)
    assert "代理授权 · 高远 代 周敏" in page
    assert 'title="1 件"' in page
    assert "吴越" in page


def test_approving_settles_the_paper_and_tells_the_applicant(request_id: int, client_as: Clients, session: Any) -> None:
    client, address = client_as("site_manager"), f"/approvals/{request_id}"
    assert "CANARY" in client.get(address).get_data(as_text=True)
    answer = client.post(address, data=form_of(client, address) | {"verdict": "approve", "opinion": "同意"})
    assert answer.headers["Location"] == "/approvals"
    assert state(session) is DelegationState.APPROVED
    told = session.scalars(select(Notice).where(Notice.title.contains("已同意"))).all()
    assert told
    assert "同意" in client.get("/approvals?tab=decided").get_data(as_text=True)
    assert "提交意见" not in client.get(address).get_data(as_text=True)


@pytest.mark.parametrize(("verdict", "after"), [("return", DelegationState.DRAFT), ("refuse", DelegationState.REFUSED)])
def test_no_without_a_word_is_asked_back_then_taken(
    request_id: int, client_as: Clients, session: Any, verdict: str, after: DelegationState
) -> None:
    client, address = client_as("site_manager"), f"/approvals/{request_id}"
    hidden = form_of(client, address)
    answer = client.post(address, data=hidden | {"verdict": verdict, "opinion": " "})
    assert answer.status_code == 422
    assert "写明原因" in answer.get_data(as_text=True)
    assert f'value="{verdict}" checked' in answer.get_data(as_text=True), "the choice is kept"
    assert state(session) is DelegationState.REVIEW
    assert client.post(address, data=hidden | {"verdict": verdict, "opinion": "请换一位"}).status_code == 302
    assert state(session) is after


def test_a_verdict_that_no_form_has_is_refused(request_id: int, client_as: Clients, session: Any) -> None:
    client, address = client_as("site_manager"), f"/approvals/{request_id}"
    assert client.post(address, data=form_of(client, address) | {"verdict": "grant", "opinion": "x"}).status_code == 422
    assert state(session) is DelegationState.REVIEW


@pytest.mark.parametrize(
    "stranger", ["other_site_manager", "other_lead", "consultant2", "clerk", "developer_finance", "admin"]
)
def test_who_has_no_hand_in_it_finds_nothing(request_id: int, client_as: Clients, session: Any, stranger: str) -> None:
    client, step = client_as(stranger), request(session).steps[0].id
    for path in ("", "/record", "/check"):
        seen = client.get(f"/approvals/{request_id}{path}")
        assert seen.status_code in (403, 404)
        assert "CANARY" not in seen.get_data(as_text=True)
        sent = client.post(f"/approvals/{request_id}{path}", data={"step": step, "verdict": "approve", "opinion": "x"})
        assert sent.status_code in (403, 404)
    assert state(session) is DelegationState.REVIEW


def test_nobody_decides_his_own_request(request_id: int, client_as: Clients, session: Any) -> None:
    client, step = client_as("supervisor"), request(session).steps[0].id
    assert "提交意见" not in client.get(f"/approvals/{request_id}").get_data(as_text=True)
    answer = client.post(f"/approvals/{request_id}", data={"step": step, "verdict": "approve", "opinion": "自己批"})
    assert answer.status_code == 403
    assert "自己批" in answer.get_data(as_text=True), "what was typed is given back"
    assert state(session) is DelegationState.REVIEW


def test_yesterdays_tab_and_a_double_click(request_id: int, client_as: Clients, session: Any) -> None:
    client, address = client_as("site_manager"), f"/approvals/{request_id}"
    data = form_of(client, address) | {"verdict": "approve", "opinion": "同意"}
    first = client.post(address, data=data)
    assert first.status_code == 302
    late = client.post(address, data=data | {"_key": "another", "opinion": "又想了想"})
    assert late.status_code == 409
    assert "又想了想" in late.get_data(as_text=True)
    assert len([s for s in request(session).steps if s.state is StepState.APPROVED]) == 1


def registered(client: FlaskClient, request_id: int, cast: Cast, **more: Any) -> Any:
    address = f"/approvals/{request_id}/record"
    data = form_of(client, address) | {
        "medium": "wechat", "decider_id": str(cast.person_ids["developer_lead"]), "verdict": "approve", "opinion": "可以",
        "photo": (io.BytesIO(picture()), "截图.jpg"),
    }  # fmt: skip
    return client.post(address, data=data | more, content_type="multipart/form-data")


def test_a_decision_by_message_is_registered_and_checked_by_a_second_person(
    developer_request: int, client_as: Clients, cast: Cast, session: Any
) -> None:
    clerk = client_as("clerk")
    assert "1 件等甲方批复" in clerk.get("/").get_data(as_text=True), "her home page leads there"
    assert "代理授权" in clerk.get("/approvals?tab=record").get_data(as_text=True)
    assert registered(clerk, developer_request, cast).status_code == 302
    assert state(session) is DelegationState.REVIEW, "registered is not yet decided"
    photo = session.scalars(select(Attachment)).one()
    assert (photo.owner_table, photo.name) == ("delegation", "截图.jpg")
    assert clerk.post(f"/files/{photo.id}/remove").status_code in (404, 422), "the decision rests on it"
    assert session.scalars(select(Attachment.removed_at)).one() is None
    assert clerk.get(f"/approvals/{developer_request}/check").status_code == 404, "not by the one who registered it"
    checker, address = client_as("supervisor"), f"/approvals/{developer_request}/check"
    page = checker.get(address).get_data(as_text=True)
    assert "可以" in page
    assert "沈国栋" in page
    shown, asked = page.index(f'<img class="proof" src="/files/{photo.id}?inline=1"'), page.index('name="agrees"')
    assert shown < asked, "the photo stands above the answer"
    assert checker.get(f"/files/{photo.id}").status_code == 200, "the photo may be compared"
    assert checker.post(address, data=form_of(checker, address) | {"agrees": "1"}).status_code == 302
    assert state(session) is DelegationState.APPROVED
    assert checker.get(f"/files/{photo.id}").status_code == 404, "the grant ends with the decision"


def test_what_does_not_agree_goes_back(developer_request: int, client_as: Clients, cast: Cast, session: Any) -> None:
    registered(client_as("clerk"), developer_request, cast)
    checker, address = client_as("site_manager"), f"/approvals/{developer_request}/check"
    hidden = form_of(checker, address)
    assert "哪里不符" in checker.post(address, data=hidden | {"agrees": "0"}).get_data(as_text=True)
    assert checker.post(address, data=hidden | {"agrees": "0", "opinion": "截图是别的单"}).status_code == 302
    assert request(session).steps[-1].state is StepState.PENDING
    assert state(session) is DelegationState.REVIEW


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({"photo": (io.BytesIO(b""), "")}, "照片"),
        ({"opinion": ""}, "批复原话"),
        ({"medium": "smoke"}, "从列表中选择"),
        ({"decider_id": "99999"}, "请选择作出批复的人"),
        ({"photo": (io.BytesIO(b"<html>"), "页面.jpg")}, "页面.jpg"),
    ],
)
def test_a_registration_needs_everything(
    developer_request: int, client_as: Clients, cast: Cast, session: Any, missing: dict[str, Any], says: str
) -> None:
    answer = registered(client_as("clerk"), developer_request, cast, **missing)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert request(session).steps[-1].state is StepState.PENDING


def test_an_agency_decision_is_never_registered_from_paper(request_id: int, client_as: Clients) -> None:
    assert client_as("clerk").get(f"/approvals/{request_id}/record").status_code == 404
