"""The clerk's table in a real browser: mapped, checked, confirmed by a double click once; a task is watched until it is over."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select, update

from app.features.units.models import UnitType
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.imports.records import ImportRun
from app.kernel.tasks.records import Task, TaskState
from app.kernel.tasks.results import new_file, note_progress
from app.kernel.transactions import write
from tests.browser.test_board_walk import sign_in
from tests.tables import table

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEAD = ["叫什么", "几房", "建筑面积", "套内面积"]


def test_a_strange_table_comes_in_once(cast, server, browser_page, session):
    cast.session.remove()
    page = browser_page
    sign_in(page, server, "clerk")
    page.goto(f"{server.url}/unit-type/list/")
    page.get_by_role("link", name="导入", exact=True).click()
    data = table(["云庐户型"], HEAD, ["B", "三房", "89.53", "70.12"], ["C", "两房", "75", "60"])
    page.set_input_files(
        "input[type=file]:not([capture])", {"name": "户型.xlsx", "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name="读取文件").click()
    page.get_by_label("叫什么 对应").select_option("name")
    page.get_by_label("几房 对应").select_option("layout")
    page.get_by_role("button", name="核对数据").click()
    assert "2 行新增" in page.locator("main").inner_text()
    page.get_by_role("button", name=re.compile("导入 2 行")).dblclick()
    page.wait_for_selector("text=导入完成")
    session.rollback()
    for model, wanted in ((UnitType, 2), (ImportRun, 1)):
        assert session.scalar(select(func.count()).select_from(model.__table__)) == wanted


def test_the_page_follows_a_task_to_its_end(app, cast, server, browser_page, session):
    clerk = cast.person_ids["clerk"]

    def add() -> int:
        task = Task(kind="export", title="导出客户列表", person_id=clerk, state=TaskState.RUNNING)
        session.add(task)
        session.flush()
        return task.id

    with acting_as(SYSTEM):
        task_id = write(session, add)
    note_progress(task_id, 1_000, 6_000)
    session.remove()
    page = browser_page
    sign_in(page, server, "clerk")
    page.goto(f"{server.url}/tasks")
    page.wait_for_selector("text=已处理 1,000 / 6,000")
    note_progress(task_id, 4_500, 6_000)
    page.wait_for_selector("text=已处理 4,500 / 6,000")
    assert page.evaluate("document.querySelector('progress').value") == 4_500
    with new_file() as (file, kept):
        file.write(b"PK made")
    done = {
        "state": TaskState.DONE,
        "message": "共 6,000 行",
        "stored_as": kept[0],
        "file_name": "客户.xlsx",
        "file_size": 7,
    }
    with acting_as(SYSTEM):
        write(session, lambda: session.execute(update(Task).where(Task.id == task_id).values(**done)))
    session.remove()
    page.wait_for_selector("text=共 6,000 行")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("下载")).click()
    assert download.value.suggested_filename == "客户.xlsx"
