"""kill -9 in the middle of a large import: nothing half-written, and it runs again by itself to the end (04 R5, R10)."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.features.units.models import UnitType
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.imports.records import ImportRun
from app.kernel.tasks.records import Task, TaskState
from app.kernel.tasks.results import progress_of
from tests.bench.web import nursery
from tests.tables import bring, plain, table

pytestmark = [pytest.mark.slow]
ROWS = 2_100
HEAD = ["名称", "房型", "建筑面积", "套内面积"]
SECONDS = 400


def run_worker(environ: dict[str, str], log: str) -> None:
    """In the new process: what `./anchang worker` does."""
    os.environ.clear()
    os.environ.update(environ)
    into = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(into, 2)

    from app import create_app
    from app.commands.worker import work

    work(create_app(), os.getppid())


@pytest.fixture
def worker(app, session, tmp_path):
    """worker() starts one on the database of this test; all are gone at the end."""
    from app.extensions import db

    environ = {
        **os.environ, "ANCHANG_DATA": app.config["DATA_DIR"], "ANCHANG_DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "ANCHANG_SECRET_KEY": app.config["SECRET_KEY"], "ANCHANG_INDEX_KEY": app.config["INDEX_KEY"],
        "ANCHANG_FIELD_KEYS": ",".join(app.config["FIELD_KEYS"]),
    }  # fmt: skip
    started = []

    def start():
        one = nursery.Process(target=run_worker, args=(environ, str(tmp_path / "worker.log")))
        one.start()
        started.append(one)
        return one

    yield start
    for one in started:
        if one.is_alive():
            one.kill()
        one.join()
    told = (tmp_path / "worker.log").read_text("utf-8") if (tmp_path / "worker.log").exists() else ""
    assert "Traceback" not in told, told


def until(condition, what: str) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def count(session, model) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model.__table__))


def state(session) -> tuple[TaskState, int]:
    session.rollback()
    task = session.scalars(select(Task)).one()
    return task.state, task.attempts


@pytest.mark.both_databases
def test_a_killed_import_leaves_nothing_and_runs_again(client_as, session, worker):
    data = table(HEAD, *[[f"户{n}", "", "90", "70"] for n in range(ROWS)])
    way = bring(client_as("clerk"), "unit-type", data).check()
    assert f"导入 {ROWS} 行（后台处理）" in way.preview
    assert way.confirm().headers["Location"] == "/tasks"
    session.rollback()
    task_id = session.scalars(select(Task.id)).one()
    session.remove()
    first = worker()
    until(lambda: progress_of(task_id)[0] >= 200, "the import does not run")
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    assert count(session, UnitType) == 0
    assert count(session, ImportRun) == 0
    assert state(session) == (TaskState.RUNNING, 1)
    session.remove()
    worker()
    until(lambda: state(session)[0] is TaskState.DONE, "the lost task was not taken up")
    assert state(session)[1] == 2
    assert count(session, UnitType) == ROWS
    assert count(session, ImportRun) == 1
    page = plain(way.client.get("/tasks").get_data(as_text=True))
    assert f"{ROWS} 行新增，0 条已存在且一致" in page
    assert not list(Path(way.client.application.config["DATA_DIR"]).glob(f"imports/{way.token}*")), (
        "the upload is put away"
    )


@pytest.mark.both_databases
def test_two_people_who_bring_one_file_at_once_have_one_winner(app, client_as, session):
    """Both saw «40 new»; one writes them, the other is told that they are there."""
    data = table(HEAD, *[[f"户{n}", "", "90", "70"] for n in range(40)])
    ways = [bring(client_as(who), "unit-type", data).check() for who in ("clerk", "sales_admin")]
    session.remove()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda way: way.confirm(), ways))
    assert count(session, UnitType) == 40
    with acting_as(SYSTEM):
        runs = sorted((run.new, run.same) for run in session.scalars(select(ImportRun)))
    told = [plain(a.get_data(as_text=True)) for a in answers if a.status_code == 422]
    assert runs in ([(0, 40), (40, 0)], [(40, 0)])
    assert len(runs) + len(told) == 2
    assert all("0 行新增，40 条已存在且一致" in one for one in told)
