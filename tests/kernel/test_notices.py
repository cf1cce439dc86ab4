"""通知: opening one marks it read, by POST only; a decided request reminds nobody (02 §2.1.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel.actors import acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.escalation import escalate
from app.kernel.approval.records import ApprovalRequest
from app.kernel.base import now
from app.kernel.notices import Notice, notify
from app.kernel.transactions import write
from tests.cast import Cast
from tests.kernel.test_approval_pages import asked

Clients = Callable[[str], FlaskClient]


def unread(session: Any, cast: Cast, login: str) -> list[str]:
    """Titles that the person has not read, oldest first."""
    session.rollback()
    mine = select(Notice.title).where(Notice.person_id == cast.person_ids[login], Notice.read_at.is_(None))
    return list(session.scalars(mine.order_by(Notice.id)))


@pytest.fixture
def notice_id(session: Any, cast: Cast) -> int:
    """One notice for the clerk about the board."""
    write(session, lambda: notify(session, [cast.person_ids["clerk"]], "第 1 批推盘已推出", url="/board"))
    return session.scalars(select(Notice.id)).one()


def test_opening_by_post_leads_on_and_marks_read(session: Any, cast: Cast, client_as: Clients, notice_id: int) -> None:
    clerk = client_as("clerk")
    assert f'method="post" action="/notices/{notice_id}"' in clerk.get("/").get_data(as_text=True)
    assert clerk.get(f"/notices/{notice_id}").headers["Location"] == "/board"
    assert unread(session, cast, "clerk") == ["第 1 批推盘已推出"], "reading an address marks nothing"
    answer = clerk.post(f"/notices/{notice_id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/board")
    assert unread(session, cast, "clerk") == []
    assert f'href="/notices/{notice_id}"' in clerk.get("/notices").get_data(as_text=True), "read ones are links"


def test_nobody_opens_the_notice_of_another(session: Any, cast: Cast, client_as: Clients, notice_id: int) -> None:
    assert client_as("supervisor").post(f"/notices/{notice_id}").status_code == 404
    assert unread(session, cast, "clerk") == ["第 1 批推盘已推出"]


def test_notices_stand_by_day_whatever_their_number(
    session: Any, cast: Cast, client_as: Clients, notice_id: int
) -> None:
    def older() -> None:
        notify(session, [cast.person_ids["clerk"]], "旧通知")
        session.flush()
        session.scalars(select(Notice).where(Notice.title == "旧通知")).one().told_at = now() - timedelta(days=9)

    write(session, older)
    page = client_as("clerk").get("/notices").get_data(as_text=True)
    assert page.index("第 1 批推盘已推出") < page.index("旧通知")


def test_a_decided_request_reminds_nobody(session: Any, cast: Cast) -> None:
    """Neither who was asked nor who was told that it is late; the answer is news to the applicant."""
    request_id = asked(session, cast, "supervisor", "supervisor2", "SUPERVISOR")
    title = session.scalars(select(ApprovalRequest.title)).one()

    def late() -> None:
        session.get_one(ApprovalRequest, request_id).steps[0].due_at = now() - timedelta(hours=1)
        session.flush()
        escalate(session)

    write(session, late)
    assert unread(session, cast, "site_manager") == [f"待你审批：{title}"]
    assert unread(session, cast, "project_manager") == [f"超时未批：{title}"]
    actor = cast.actor("site_manager")
    with acting_as(actor):
        step = session.get_one(ApprovalRequest, request_id).steps[0].id
        decide(session, request_id, step, actor, "approve", "同意")
    assert unread(session, cast, "site_manager") == []
    assert unread(session, cast, "project_manager") == []
    assert f"{title} 已同意" in unread(session, cast, "supervisor")
