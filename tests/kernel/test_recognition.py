"""Text of scans by machine: absent without the extra; a task; a suggestion that is searched only after a person confirmed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.kernel import recognition
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.checkups import REMARKS
from app.kernel.file_texts import FileWords, TextState, read_file
from app.kernel.search_index import SearchRow
from app.kernel.tasks.records import Task, TaskState
from app.kernel.tasks.running import run_task
from tests.cast import Cast
from tests.kernel import pdfs
from tests.kernel.test_file_checks import picture
from tests.kernel.test_files import kept, own_store, upload  # noqa: F401 - the fixture is used by its name

BUTTON = "识别文字"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A fake engine; what it was shown, by number of pictures."""
    shown: list[int] = []

    def reads(pictures: list[bytes]) -> list[str]:
        shown.append(len(pictures))
        return [f"商品房买卖合同 第{i + 1}页 买受人 王伟 13800138000" for i, _p in enumerate(pictures)]

    monkeypatch.setattr(recognition, "engine", lambda: reads)
    return shown


@pytest.fixture
def scan(client_as: Callable[[str], FlaskClient], cast: Cast, session: Any) -> int:
    """A photo of project A whose text the worker looked for in vain."""
    upload(client_as("clerk"), cast.a.id, (picture(), "合同扫描.jpg"))
    file_id = kept(session)[-1].id
    with acting_as(SYSTEM):
        read_file(session, file_id)
    return file_id


def words(session: Any, file_id: int) -> FileWords:
    with acting_as(SYSTEM):
        session.rollback()
        return session.scalars(select(FileWords).where(FileWords.file_id == file_id)).one()


def recognised(session: Any, client: FlaskClient, file_id: int) -> Task:
    assert client.post(f"/files/{file_id}/recognise").status_code == 302
    with acting_as(SYSTEM):
        session.rollback()
        task_id = session.scalars(select(Task.id).where(Task.kind == "recognise").order_by(Task.id.desc())).first()
    assert run_task(session, task_id)
    with acting_as(SYSTEM):
        session.rollback()
        return session.get(Task, task_id)


def indexed(session: Any) -> str:
    with acting_as(SYSTEM):
        session.rollback()
        return " ".join(session.scalars(select(SearchRow.words).where(SearchRow.subject == "attachment")))


def test_without_the_extra_there_is_no_button_and_doctor_says_so(
    scan: int, client_as: Any, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition, "engine", lambda: None)
    client = client_as("clerk")
    assert BUTTON not in client.get(f"/files/{scan}/view").text
    assert client.post(f"/files/{scan}/recognise").status_code == 422
    assert any("未安装" in remark(session) for remark in REMARKS)


def test_a_person_confirms_before_anything_is_found(
    scan: int, client_as: Any, session: Any, machine: list[int]
) -> None:
    client = client_as("clerk")
    assert BUTTON in client.get(f"/files/{scan}/view").text
    task = recognised(session, client, scan)
    assert (task.state, task.url, machine) == (TaskState.DONE, f"/files/{scan}/text", [1])
    assert words(session, scan).state is TextState.SUGGESTED
    assert "买" not in indexed(session), "a suggestion is not searched"
    form = client.get(f"/files/{scan}/text").text
    assert "买受人 王伟 138****8000" in form and f'src="/files/{scan}?inline=1"' in form
    assert client.post(f"/files/{scan}/text", data={"text": "商品房买卖合同 买受人 王玮"}).status_code == 302
    found = words(session, scan)
    assert (found.state, found.text, found.decided_name) == (TextState.CONFIRMED, "商品房买卖合同 买受人 王玮", "方芳")
    assert "王 玮" in indexed(session)
    assert client.post(f"/files/{scan}/text", data={"text": "别的"}).status_code == 422, "decided once"
    with acting_as(SYSTEM):
        assert (
            session.scalars(select(AuditEntry).where(AuditEntry.act == "text_confirmed")).one().changes["file"] == scan
        )
        read_file(session, scan)
    assert words(session, scan).state is TextState.CONFIRMED, "the worker does not undo what a person said"


def test_what_is_dismissed_is_not_found_and_may_be_asked_again(
    scan: int, client_as: Any, session: Any, machine: list[int]
) -> None:
    client = client_as("clerk")
    recognised(session, client, scan)
    assert "请填写文字" in client.post(f"/files/{scan}/text", data={"text": " "}).text
    assert client.post(f"/files/{scan}/text", data={"text": "x", "_save": "dismiss"}).status_code == 302
    assert words(session, scan).state is TextState.DISMISSED
    assert indexed(session) == ""
    assert BUTTON in client.get(f"/files/{scan}/view").text


def test_a_scanned_pdf_is_drawn_page_by_page_up_to_twenty(
    client_as: Any, cast: Cast, session: Any, machine: list[int]
) -> None:
    upload(client_as("clerk"), cast.a.id, (pdfs.pdf(*[""] * 23), "扫描.pdf"))
    file_id = kept(session)[-1].id
    with acting_as(SYSTEM):
        read_file(session, file_id)
    recognised(session, client_as("clerk"), file_id)
    assert machine == [20]


def test_only_who_may_add_files_may_confirm(scan: int, client_as: Any, session: Any, machine: list[int]) -> None:
    recognised(session, client_as("clerk"), scan)
    for login in ("auditor", "other_clerk", "other_lead"):
        client = client_as(login)
        refused = 403 if login == "auditor" else 404
        assert client.get(f"/files/{scan}/text").status_code == refused
        assert client.post(f"/files/{scan}/text", data={"text": "塞进来"}).status_code == refused
        assert client.post(f"/files/{scan}/recognise").status_code == refused
    assert words(session, scan).state is TextState.SUGGESTED


def test_who_lost_the_record_meanwhile_gets_nothing(
    scan: int, client_as: Any, session: Any, machine: list[int]
) -> None:
    client_as("clerk").post(f"/files/{scan}/recognise")
    client_as("clerk").post(f"/files/{scan}/remove")
    with acting_as(SYSTEM):
        session.rollback()
        task_id = session.scalars(select(Task.id).where(Task.kind == "recognise")).one()
    run_task(session, task_id)
    with acting_as(SYSTEM):
        session.rollback()
        assert session.get(Task, task_id).state is TaskState.FAILED
    assert machine == []
