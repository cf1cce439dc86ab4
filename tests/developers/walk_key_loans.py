"""What a new document type has without any further line: run by test_add_a_document.py in a process of its own."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.commands.schema_versions import in_sync
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import current_step, open_of
from app.kernel.audit import AuditEntry
from app.kernel.base import now
from app.kernel.workflow import StateChange
from tests.cast import Cast
from tests.developers.key_loans.models import KeyLoan, KeyLoanState
from tests.developers.key_loans.rules import days_overdue, may_run_until
from tests.developers.with_room import MIGRATIONS
from tests.features.units import makers

As = Callable[[str], FlaskClient]


@pytest.mark.parametrize(("late", "days"), [(-1, 0), (0, 0), (1, 1), (9, 9)])
def test_the_rule(late: int, days: int) -> None:
    today = now().date()
    assert days_overdue(today - timedelta(days=late), today) == days
    assert may_run_until(today - timedelta(days=late), today) is (late <= 0)


def loan(cast: Cast) -> KeyLoan:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.scalars(select(KeyLoan)).one()


def written(cast: Cast, client: FlaskClient, **more: Any) -> KeyLoan:
    unit = makers.house(cast, "1102")[0]
    due = now().date() + timedelta(days=2)
    fields = {
        "unit_id": unit.id,
        "borrower": "王师傅",
        "purpose": "repair",
        "due_on": due.isoformat(),
        "deposit": "1,200.50",
    }
    cast.session.remove()
    answer = client.post("/key-loan/add", data={**fields, **more})
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)
    return loan(cast)


def test_the_migration_says_what_the_model_says(app: Any, session: Any) -> None:
    (script,) = MIGRATIONS.glob("versions/*key_loans*.py")
    assert "create_table('key_loan'" in script.read_text("utf-8")
    assert in_sync()


def test_from_the_draft_to_the_archive_of_the_trail(cast: Cast, client_as: As) -> None:
    consultant, supervisor, clerk = client_as("consultant1"), client_as("supervisor"), client_as("clerk")
    page = consultant.get("/key-loan/add").get_data(as_text=True)
    assert all(word in page for word in ("借用人", "用途", "带看", "应还日期", "押金", "房源"))
    assert "归还日期" not in page, "what the system sets is in no form"
    paper = written(cast, consultant)
    show = f"/key-loan/show/{paper.id}"
    assert "1,200.50" in consultant.get(show).get_data(as_text=True)
    assert paper.number is None and paper.state is KeyLoanState.DRAFT

    assert consultant.post(f"/key-loan/step/submit/{paper.id}").status_code in (302, 303)
    paper = loan(cast)
    assert paper.number and paper.number.startswith("YS") and paper.state is KeyLoanState.REVIEW
    assert consultant.post(f"/key-loan/edit/{paper.id}", data={"borrower": "别人"}).status_code == 403

    inbox = supervisor.get("/approvals").get_data(as_text=True)
    assert paper.number in inbox
    with acting_as(SYSTEM):
        request = open_of(cast.session, paper)
        station = current_step(request)
        asked, step = request.id, station.id
    cast.session.remove()
    answer = supervisor.post(f"/approvals/{asked}", data={"verdict": "approve", "step": step, "opinion": "同意"})
    assert answer.status_code in (302, 303), answer.get_data(as_text=True)
    assert loan(cast).state is KeyLoanState.LENT

    back = {"returned_on": now().date().isoformat()}
    assert supervisor.post(f"/key-loan/step/give_back/{paper.id}", data=back).status_code == 403
    assert clerk.post(f"/key-loan/step/give_back/{paper.id}", data=back).status_code in (302, 303)
    paper = loan(cast)
    assert paper.state is KeyLoanState.RETURNED and paper.returned_on == now().date()

    page = supervisor.get(show).get_data(as_text=True)
    assert all(word in page for word in ("已归还", "提交审批", "审批通过", "林晓", "周敏"))
    with acting_as(SYSTEM):
        steps = cast.session.scalars(select(StateChange.step).where(StateChange.subject == "key_loan")).all()
        assert steps == ["submit", "key_loan.approve", "give_back"]
        assert cast.session.scalars(select(AuditEntry).where(AuditEntry.subject == "key_loan")).first() is not None


def test_lists_search_export_and_the_tab_of_the_unit(cast: Cast, client_as: As) -> None:
    consultant, supervisor, clerk = client_as("consultant1"), client_as("supervisor"), client_as("clerk")
    paper = written(cast, consultant)
    consultant.post(f"/key-loan/step/submit/{paper.id}")
    paper = loan(cast)
    for query in ("", "?q=王师傅", "?q=师傅", f"?q={paper.number}", "?purpose=repair", "?state=review"):
        assert "王师傅" in supervisor.get(f"/key-loan/list/{query}").get_data(as_text=True), query
    assert "王师傅" not in supervisor.get("/key-loan/list/?purpose=viewing").get_data(as_text=True)
    assert paper.number in supervisor.get(f"/search?q={paper.number}").get_data(as_text=True)
    answer = clerk.get("/key-loan/list/export")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert any("王师傅" in row and 1200.5 in row for row in rows)
    assert consultant.get("/key-loan/list/export").status_code == 403
    assert "钥匙借用" in clerk.get(f"/unit/show/{paper.unit_id}").get_data(as_text=True)
    assert "钥匙借用单" in clerk.get("/").get_data(as_text=True), "the menu"


def test_scope_rights_and_the_rule_in_chinese(cast: Cast, client_as: As) -> None:
    clerk = client_as("clerk")
    late = (now().date() + timedelta(days=30)).isoformat()
    paper = written(cast, clerk, due_on=late)
    answer = clerk.post(f"/key-loan/step/submit/{paper.id}", follow_redirects=True)
    assert "应还日期要在今天起 7 天之内" in answer.get_data(as_text=True)
    assert loan(cast).state is KeyLoanState.DRAFT
    for login in ("other_clerk", "other_supervisor"):
        stranger = client_as(login)
        assert stranger.get(f"/key-loan/show/{paper.id}").status_code == 404
        assert "王师傅" not in stranger.get("/key-loan/list/").get_data(as_text=True)
    assert client_as("developer_lead").get("/key-loan/list/").status_code == 403
    assert client_as("supervisor").get("/key-loan/add").status_code == 403
    bad = clerk.post("/key-loan/add", data={"unit_id": paper.unit_id, "borrower": "", "deposit": "1.234"})
    page = bad.get_data(as_text=True)
    assert bad.status_code == 422 and "请填写借用人" in page and "1.234" in page


def test_one_key_is_lent_once(cast: Cast, client_as: As) -> None:
    clerk = client_as("clerk")
    first = written(cast, clerk)
    clerk.post(f"/key-loan/step/submit/{first.id}")
    due = (now().date() + timedelta(days=1)).isoformat()
    fields = {"unit_id": first.unit_id, "borrower": "李四", "purpose": "viewing", "due_on": due, "deposit": "0"}
    assert clerk.post("/key-loan/add", data=fields).status_code in (302, 303)
    answer = clerk.post(f"/key-loan/step/submit/{first.id + 1}", follow_redirects=True)
    assert "这套房的钥匙还没有归还" in answer.get_data(as_text=True)
