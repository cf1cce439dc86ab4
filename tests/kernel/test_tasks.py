"""后台任务: asked for with the act, taken once, done wholly or not at all, told to the person alone (docs/decisions/0009)."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kernel.actors import SYSTEM, Actor, acting_as, current_actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.notices import Notice
from app.kernel.posts import Post
from app.kernel.tasks import results, running
from app.kernel.tasks.asking import MOST_OPEN, ask_for
from app.kernel.tasks.records import Outcome, Task, TaskState
from app.kernel.tasks.running import KINDS, MOST_ATTEMPTS, Run, run_task, sweep, take
from app.kernel.transactions import write
from tests.kernel.people import People


@pytest.fixture
def clerk(session: Any, people: People) -> Actor:
    return people.add(session, "clerk", Post.CLERK)


@pytest.fixture
def kinds() -> Iterator[dict[str, Any]]:
    """Kinds of this test only."""
    before = dict(KINDS)
    yield KINDS
    KINDS.clear()
    KINDS.update(before)


@pytest.fixture
def handed(app: Flask) -> Iterator[list[int]]:
    """What was put into the queue."""
    told: list[int] = []

    class Told:
        def put(self, task_id: int) -> None:
            told.append(task_id)

    real = app.extensions["anchang_queue"]
    app.extensions["anchang_queue"] = Told()
    yield told
    app.extensions["anchang_queue"] = real


def asked(session: Any, who: Actor, **more: Any) -> int:
    with acting_as(who):
        return ask_for(session, who, "sample", "样例任务", {"n": 3}, project_id=1, **more).id


def row(session: Any, task_id: int) -> Task:
    session.rollback()
    return session.get(Task, task_id)


def test_it_runs_as_the_person_who_asked_and_tells_him(session, clerk, kinds, handed):
    def work(run: Run) -> Outcome:
        who = current_actor()
        run.progress(2, 3)
        assert results.progress_of(run.task_id) == (2, 3)
        return Outcome(f"{who.name}：{run.arguments['n']}", url="/board", done=3)

    kinds["sample"] = work
    task_id = asked(session, clerk)
    assert handed == [task_id]
    assert run_task(session, task_id)
    task = row(session, task_id)
    assert (task.state, task.message, task.done, task.attempts) == (TaskState.DONE, "林晓：3", 3, 1)
    assert results.progress_of(task_id) == (0, 0)
    (notice,) = session.scalars(select(Notice))
    assert (notice.person_id, notice.title, notice.url) == (clerk.person_id, "样例任务：完成", "/board")
    assert not run_task(session, task_id), "a second hand-over runs nothing"


def test_the_act_that_fails_asks_for_nothing(session, clerk, handed):
    def work() -> None:
        ask_for(session, clerk, "sample", "样例任务", {})
        raise RuleError("不行")

    with acting_as(clerk), pytest.raises(RuleError):
        write(session, work)
    assert handed == []
    assert session.scalars(select(Task)).first() is None


def test_one_key_is_one_task_and_ten_open_ones_are_enough(session, clerk, handed):
    assert asked(session, clerk, key="k") == asked(session, clerk, key="k")
    for _ in range(MOST_OPEN - 1):
        asked(session, clerk)
    with pytest.raises(RuleError, match="没有完成"):
        asked(session, clerk)


@pytest.mark.parametrize(
    ("error", "words"),
    [(RuleError("第 3 行：缺少姓名"), "第 3 行"), (NotFound("unit"), "没有权限"), (ZeroDivisionError(), "处理时出错")],
)
def test_a_failure_is_told_in_chinese(session, clerk, kinds, handed, error, words):
    def work(_run: Run) -> Outcome:
        raise error

    kinds["sample"] = work
    task_id = asked(session, clerk)
    run_task(session, task_id)
    task = row(session, task_id)
    assert task.state is TaskState.FAILED
    assert words in task.message
    assert session.scalars(select(Notice)).one().title == "样例任务：没有完成"


def test_who_was_disabled_meanwhile_gets_nothing(session, clerk, people, kinds, handed):
    ran = []
    kinds["sample"] = lambda run: ran.append(1) or Outcome("")
    task_id = asked(session, clerk)
    del people.by_user[clerk.user_id]
    run_task(session, task_id)
    assert (ran, row(session, task_id).state) == ([], TaskState.FAILED)


@pytest.mark.both_databases
def test_eight_workers_take_it_once(app, session, clerk, handed):
    task_id = asked(session, clerk)
    session.remove()

    def grab(_number: int) -> bool:
        with app.app_context(), acting_as(SYSTEM):
            from app.extensions import db

            took = take(db.session, task_id) is not None
            db.session.remove()
            return took

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(grab, range(8))) == 1


def lose(session: Any, task_id: int, attempts: int = 1) -> None:
    """As if the worker had been killed while it ran."""
    lost = update(Task).where(Task.id == task_id)
    write(session, lambda: session.execute(lost.values(state=TaskState.RUNNING, runner="1-dead", attempts=attempts)))


def test_a_lost_task_waits_again_and_is_handed_over(session, clerk, kinds, handed):
    kinds["sample"] = lambda run: Outcome("好")
    task_id = asked(session, clerk)
    handed.clear()
    lose(session, task_id)
    with acting_as(SYSTEM):
        assert write(session, lambda: sweep(session)) == 1
    assert handed == [task_id]
    assert run_task(session, task_id)
    assert (row(session, task_id).state, row(session, task_id).attempts) == (TaskState.DONE, 2)


def test_what_is_lost_three_times_is_given_up(session, clerk, handed):
    task_id = asked(session, clerk)
    lose(session, task_id, MOST_ATTEMPTS)
    with acting_as(SYSTEM):
        write(session, lambda: sweep(session))
    assert row(session, task_id).state is TaskState.FAILED
    assert "被中断 3 次" in row(session, task_id).message


def test_the_sweeper_hands_over_what_the_queue_forgot(session, clerk, handed):
    task_id = asked(session, clerk)
    handed.clear()
    old = update(Task).where(Task.id == task_id).values(queued_at=now() - timedelta(minutes=1))
    write(session, lambda: session.execute(old))
    with acting_as(SYSTEM):
        assert write(session, lambda: sweep(session)) == 0
    assert handed == [task_id]


def test_a_queue_that_does_not_answer_is_no_fault_of_the_act(app, session, clerk, monkeypatch):
    def broken(_id: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(app.extensions["anchang_queue"], "put", broken)
    assert row(session, asked(session, clerk)).state is TaskState.QUEUED


def test_the_work_of_an_attempt_that_was_taken_over_does_not_stand(session, clerk, kinds, handed):
    """The fence: a stalled worker wakes up after the sweeper gave its task to another one."""

    def work(run: Run) -> Outcome:
        def inside() -> None:
            session.add(Notice(person_id=1, title="不该留下"))
            session.flush()
            run.finish(Outcome("晚了"))

        taken_over = update(Task).where(Task.id == run.task_id).values(attempts=run.attempt + 1)
        write(session, lambda: session.execute(taken_over))
        return write(session, inside) or Outcome("")

    kinds["sample"] = work
    task_id = asked(session, clerk)
    run_task(session, task_id)
    assert row(session, task_id).state is TaskState.RUNNING
    assert session.scalars(select(Notice)).first() is None


def test_the_end_of_the_work_is_told_once(session, clerk, kinds, handed):
    def work(run: Run) -> Outcome:
        outcome = Outcome("写完")
        write(session, lambda: run.finish(outcome))
        return outcome

    kinds["sample"] = work
    run_task(session, asked(session, clerk))
    assert len(list(session.scalars(select(Notice)))) == 1


def half_a_file() -> None:
    with results.new_file() as (file, _kept):
        file.write(b"half")
        raise OSError("disk full")


def test_results_are_kept_whole_or_not_at_all_and_seven_days(app, session):
    with results.new_file() as (file, kept):
        file.write(b"abc")
    assert results.path_of(kept[0]).read_bytes() == b"abc"
    before = set(results.folder().iterdir())
    with pytest.raises(OSError, match="full"):
        half_a_file()
    assert set(results.folder().iterdir()) == before
    for name in ("../live.db", "0" * 32, ""):
        with pytest.raises(NotFound):
            results.path_of(name)
    assert results.drop_old() == 0
    assert (
        results.drop_old(results.path_of(next(p.name for p in results.folder().iterdir())).stat().st_mtime + 8 * 86400)
        >= 1
    )


def test_old_rows_are_forgotten_open_ones_never(session, clerk, handed):
    old, waiting = asked(session, clerk), asked(session, clerk)
    ended = update(Task).where(Task.id == old)
    long_ago = {"state": TaskState.DONE, "finished_at": now() - timedelta(days=31)}
    write(session, lambda: session.execute(ended.values(**long_ago)))
    with acting_as(SYSTEM):
        assert write(session, lambda: running.forget_old(session)) == 1
    assert [t.id for t in session.scalars(select(Task))] == [waiting]
