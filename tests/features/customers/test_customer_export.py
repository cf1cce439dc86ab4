"""Exporting customers: what the list shows, why, how many, by whom — and more than a page can carry as a task."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.features.customers.choices import Grade
from app.features.organisation.models import Parameter
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from app.kernel.base import now
from app.kernel.notices import Notice
from app.kernel.screens import export
from app.kernel.spreadsheets import read_workbook
from app.kernel.tasks.records import Task, TaskState
from app.kernel.tasks.results import path_of
from app.kernel.tasks.running import run_task
from tests import factories

LIST = "/customer/list/export"


@pytest.fixture
def three(registered):
    """Two customers of consultant1, one of consultant2; one grade A."""
    registered("consultant1", "王伟", "10000001234", grade=Grade.A)
    registered("consultant1", "李秀英", "10000001235")
    registered("consultant2", "张=SUM(1)", "10000001236")


def sheet_of(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return read_workbook(answer.data, "a.xlsx")[0]


def exports(session):
    with acting_as(SYSTEM):
        session.rollback()
        return list(session.scalars(select(AuditEntry).where(AuditEntry.act == "export")))


def limit(session, key, value):
    factories.saved(session, Parameter(key=key, value=value, effective_from=now().date()))


def test_people_are_not_exported_without_being_asked(three, client_as, session):
    page = client_as("supervisor2").get(LIST).get_data(as_text=True)
    assert "含个人信息：姓名、手机" in page
    assert "共 1 行" in page
    assert exports(session) == []


def test_the_sheet_is_what_the_list_shows(three, client_as, session):
    answer = client_as("supervisor").post(f"{LIST}?grade=a&chip=ab", data={"reason": "报甲方核对"})
    assert quote("江畔云庐-客户列表-") in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = sheet_of(answer)
    top = [row[0] if row else None for row in sheet.rows[:3]]
    assert top[:2] == ["安居房地产顾问有限公司", "江畔云庐 客户列表"]
    assert top[2].startswith("筛选：A/B 级意向　等级：A　导出时间")
    assert sheet.rows[3][:3] == ["姓名", "手机", "等级"]
    assert [row[0] for row in sheet.rows[4:5]] == ["王伟"]
    assert sheet.rows[4][1] == "100****1234"
    last = [row[0] for row in sheet.rows[-2:]]
    assert last[0].startswith("制表：")
    assert last[1].startswith("周敏 20")
    (line,) = exports(session)
    assert line.changes["rows"] == 1
    assert line.changes["reason"] == "报甲方核对"
    assert "等级：A" in line.changes["filters"]
    assert line.changes["personal"] == "姓名、手机"


def test_whose_rows_are_exported_is_whose_rows_are_seen(three, client_as):
    names = {
        login: [r[0] for r in sheet_of(client_as(login).post(LIST)).rows[4:-3]] for login in ("supervisor2", "clerk")
    }
    assert sorted(names["supervisor2"]) == ["张=SUM(1)"]
    assert len(names["clerk"]) == 3
    assert client_as("consultant1").post(LIST).status_code == 403


def test_a_name_that_looks_like_a_formula_stays_a_name(three, client_as):
    data = client_as("clerk").post(LIST).data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert "张=SUM(1)" in [r[0] for r in read_workbook(data, "a.xlsx")[0].rows if r]


def test_beyond_the_number_of_people_a_reason_is_needed(three, client_as, session):
    limit(session, "export_reason_persons", "2")
    clerk = client_as("clerk")
    refused = clerk.post(LIST, data={"reason": "看"})
    assert refused.status_code == 422
    assert "请写明导出原因" in refused.get_data(as_text=True)
    assert exports(session) == []
    assert clerk.post(LIST, data={"reason": "内部统计"}).status_code == 200


def test_the_cap_of_the_site_holds(three, client_as, session):
    limit(session, "export_personal_rows", "2")
    answer = client_as("clerk").post(LIST, data={"reason": "内部统计"})
    assert answer.status_code == 422
    assert "一次最多" in answer.get_data(as_text=True)


def large(client, monkeypatch, **more):
    monkeypatch.setattr(export, "AT_ONCE", 1)
    return client.post(LIST, data={"reason": "内部统计", "_key": "k1"} | more)


def test_many_rows_are_a_task_of_the_person(three, client_as, session, monkeypatch):
    clerk = client_as("clerk")
    answer = large(clerk, monkeypatch)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tasks")
    large(clerk, monkeypatch)  # a double click
    session.rollback()
    task_id = session.scalars(select(Task.id)).one()
    assert run_task(session, task_id)
    task = session.get(Task, task_id)
    assert (task.state, task.done, task.message) == (TaskState.DONE, 3, "共 3 行")
    assert task.file_name.startswith("江畔云庐-客户列表-")
    (sheet,) = read_workbook(path_of(task.stored_as).read_bytes(), "a.xlsx")
    assert sorted(r[0] for r in sheet.rows[4:-3]) == ["张=SUM(1)", "李秀英", "王伟"]
    (line,) = exports(session)
    assert (line.person_name, line.changes["reason"], line.changes["rows"]) == ("方芳", "内部统计", 3)
    assert session.scalars(select(Notice).where(Notice.title == "导出客户列表：完成")).one().url == "/tasks"
    assert clerk.get(f"/tasks/{task.id}/file").status_code == 200


def test_who_lost_his_post_meanwhile_gets_no_file(three, client_as, session, cast, monkeypatch):
    from app.features.organisation.models import Assignment

    large(client_as("clerk"), monkeypatch)
    with acting_as(SYSTEM):
        session.rollback()
        held = session.scalars(select(Assignment).where(Assignment.person_id == cast.person_ids["clerk"])).one()
        held.until = factories.LONG_AGO
        session.commit()
        task_id = session.scalars(select(Task.id)).one()
    run_task(session, task_id)
    session.rollback()
    assert session.get(Task, task_id).state is TaskState.FAILED
    assert exports(session) == []
