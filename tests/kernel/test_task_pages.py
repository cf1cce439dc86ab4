"""我的任务: a person sees and takes his own tasks only; the page asks quietly."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.kernel import sessions
from app.kernel.actors import acting_as
from app.kernel.posts import Post
from app.kernel.tasks import results
from app.kernel.tasks.asking import ask_for
from app.kernel.tasks.records import Outcome, Task
from app.kernel.tasks.running import KINDS, run_task
from app.kernel.transactions import write
from tests.kernel.people import PASSWORD


@pytest.fixture
def made(session, people, monkeypatch):
    """A clerk's finished task with a file; the id."""

    def work(_run):
        with results.new_file() as (file, kept):
            file.write(b"PK-what-was-made")
        return Outcome("共 3 行", file_name="江畔云庐-客户.xlsx", stored_as=kept[0], file_size=16, done=3)

    monkeypatch.setitem(KINDS, "sample", work)
    clerk = people.add(session, "clerk", Post.CLERK)
    people.add(session, "other", Post.SITE_MANAGER)
    with acting_as(clerk):
        task_id = ask_for(session, clerk, "sample", "导出客户列表", {}).id
    run_task(session, task_id)
    return task_id


@pytest.fixture
def as_(app, login):
    return lambda name: login(app.test_client(), name, PASSWORD)


def test_the_owner_takes_the_file_and_nobody_else(made, as_):
    mine, foreign = as_("clerk"), as_("other")
    page = mine.get("/tasks").get_data(as_text=True)
    assert "导出客户列表" in page
    assert f'href="/tasks/{made}/file"' in page
    answer = mine.get(f"/tasks/{made}/file")
    assert answer.data == b"PK-what-was-made"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "导出客户列表" not in foreign.get("/tasks").get_data(as_text=True)
    assert foreign.get(f"/tasks/{made}/file").status_code == 404
    assert foreign.get("/tasks/progress").json == {"tasks": []}


def test_after_seven_days_there_is_nothing_to_take(made, as_, session):
    results.path_of(session.get(Task, made).stored_as).unlink()
    session.remove()
    mine = as_("clerk")
    assert f"/tasks/{made}/file" not in mine.get("/tasks").get_data(as_text=True)
    assert mine.get(f"/tasks/{made}/file").status_code == 404


def test_how_far_it_is(made, as_, session):
    write(session, lambda: session.execute(update(Task).values(state="running")))
    session.remove()
    mine = as_("clerk")
    assert mine.get("/tasks/progress").json["tasks"][0]["text"] == "正在读取"
    results.note_progress(made, 1500, 6000)
    assert mine.get("/tasks/progress").json["tasks"][0] == {
        "id": made, "open": True, "state": "running", "done": 1500, "total": 6000, "text": "已处理 1,500 / 6,000",
    }  # fmt: skip
    page = mine.get("/tasks").get_data(as_text=True)
    assert 'max="6000" value="1500"' in page
    assert "tasks.js" in page
    assert "TasksView.progress" in sessions.QUIET
