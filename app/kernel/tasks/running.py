"""Running tasks: taken by a guarded UPDATE, done as the person who asked with his rights of now, told when done or failed.

A task that was lost (kill -9, power) is found by the sweeper and runs again: its work is one transaction with its own end, so
that it is done wholly or not at all; what fails three times is marked 失败.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, select, update

from app.kernel.actors import SYSTEM, Actor, acting_as, directory
from app.kernel.base import now
from app.kernel.errors import Forbidden, NotFound, RuleError, StaleError
from app.kernel.jobs import every
from app.kernel.notices import NoticeKind, notify
from app.kernel.tasks.asking import ASKED
from app.kernel.tasks.queue import Queue
from app.kernel.tasks.records import OPEN, Outcome, Task, TaskState
from app.kernel.tasks.results import drop_old, drop_progress, note_progress
from app.kernel.transactions import AnySession, in_write, write

MOST_ATTEMPTS = 3
HANDED_OVER = timedelta(seconds=15)  # a task that waits longer may have been lost on its way to the queue
KEPT = timedelta(days=30)
THIS_RUNNER = secrets.token_hex(8)
LOST = "处理被中断 {n} 次，已停止，没有写入任何内容。请重新提交；再次失败请联系系统管理员"
log = logging.getLogger(__name__)
Work = Callable[["Run"], Outcome]
KINDS: dict[str, Work] = {}


def task_kind(name: str) -> Callable[[Work], Work]:
    """Declare what runs for tasks of this kind."""

    def declare(work: Work) -> Work:
        KINDS[name] = work
        return work

    return declare


class Run:
    """One attempt at a task."""

    def __init__(self, session: AnySession, task: Task, actor: Actor) -> None:
        self.session, self.actor = session, actor
        self.task_id, self.attempt = task.id, task.attempts
        self.title, self.project_id, self.arguments = task.title, task.project_id, dict(task.arguments)
        self.person_id = task.person_id

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is."""
        note_progress(self.task_id, done, total)

    def finish(self, outcome: Outcome) -> None:
        """Mark it done: inside the work's own transaction, so that both happen or neither. Once; later calls do nothing.

        Raises StaleError when somebody else runs it by now: the transaction of the work must not stand.
        """
        _end(self, TaskState.DONE, outcome)


def _runner() -> str:
    return f"{os.getpid()}-{THIS_RUNNER}"


def take(session: AnySession, task_id: int) -> Task | None:
    """The task, now 进行中 and ours; None when it is not waiting (any more)."""

    def work() -> Task | None:
        waiting = update(Task).where(Task.id == task_id, Task.state == TaskState.QUEUED)
        taken = session.execute(
            waiting.values(state=TaskState.RUNNING, attempts=Task.attempts + 1, runner=_runner(), started_at=now()),
            execution_options={"synchronize_session": False},
        )
        return session.get(Task, task_id, populate_existing=True) if taken.rowcount else None  # type: ignore[attr-defined]

    return write(session, work)


def run_task(session: Any, task_id: int) -> bool:
    """Run one task if it waits; True when it ran. Whatever goes wrong ends in the task's row, never in the queue."""
    with acting_as(SYSTEM):
        task = take(session, task_id)
        if task is None:
            return False
        own = task.person_id == SYSTEM.person_id
        actor = SYSTEM if own else directory().actor_for_person(task.person_id, now())
        run = Run(session, task, actor or Actor(task.person_id, ""))
        kind = task.kind
    try:
        if actor is None or not (actor.system or actor.postings):
            raise RuleError("你的账号已停用或没有岗位，任务没有执行")
        with acting_as(actor):
            outcome = KINDS[kind](run)
        with acting_as(SYSTEM):
            write(session, lambda: run.finish(outcome))
    except (RuleError, NotFound, Forbidden) as refusal:
        _fail(session, run, _words(refusal))
    except Exception:
        log.exception("task %s (%s) failed", task_id, kind)
        _fail(session, run, "处理时出错，已停止，没有写入任何内容。请重试，仍不行请把任务编号告诉系统管理员")
    finally:
        drop_progress(task_id)
        session.remove() if hasattr(session, "remove") else session.close()
    return True


def _words(refusal: Exception) -> str:
    return str(refusal) if isinstance(refusal, RuleError) else "你现在没有权限做这件事，任务没有执行"


def _fail(session: Any, run: Run, message: str) -> None:
    session.rollback()
    with acting_as(SYSTEM):
        try:
            write(session, lambda: _end(run, TaskState.FAILED, Outcome(message)))
        except StaleError:
            log.warning("task %s was taken over while it failed: %s", run.task_id, message)


def _end(run: Run, state: TaskState, outcome: Outcome) -> None:
    """The end of this attempt, guarded by its number; its person is told."""
    session: Any = run.session
    if not in_write(session):
        raise RuntimeError("a task ends inside a write transaction")
    values = {
        "state": state, "finished_at": now(), "message": outcome.message[:500], "url": outcome.url,
        "file_name": outcome.file_name[:200], "file_size": outcome.file_size, "stored_as": outcome.stored_as,
        "done": outcome.done, "total": outcome.done,
    }  # fmt: skip
    mine = (Task.id == run.task_id, Task.attempts == run.attempt)
    ended = session.execute(
        update(Task).where(*mine, Task.state == TaskState.RUNNING).values(**values),
        execution_options={"synchronize_session": False},
    )
    if not ended.rowcount:
        if session.scalar(select(Task.id).where(*mine, Task.state == state)) is not None:
            return
        raise StaleError("这个任务已由另一个后台进程接手")
    if run.person_id == SYSTEM.person_id:
        return
    word = "完成" if state is TaskState.DONE else "没有完成"
    notify(
        session, [run.person_id], f"{run.title}：{word}", body=outcome.message, url=outcome.url or "/tasks",
        project_id=run.project_id, kind=NoticeKind.TASK, outside=f"后台任务{word}",
    )  # fmt: skip


@every(seconds=10, name="lost_tasks")
def sweep(session: Any) -> int:
    """Tasks whose runner is gone wait again (or are given up), and those that the queue may have lost are handed over again."""
    moved = 0
    lost = select(Task).where(Task.state == TaskState.RUNNING, Task.runner != _runner())
    for task in session.scalars(lost):
        moved += 1
        if task.attempts >= MOST_ATTEMPTS:
            run = Run(session, task, SYSTEM)
            _end(run, TaskState.FAILED, Outcome(LOST.format(n=task.attempts)))
        else:
            values = {"state": TaskState.QUEUED, "queued_at": now() - HANDED_OVER}
            again = update(Task).where(Task.id == task.id, Task.attempts == task.attempts).values(**values)
            session.execute(again, execution_options={"synchronize_session": False})
    session.flush()
    waiting = select(Task.id).where(Task.state == TaskState.QUEUED, Task.queued_at <= now() - HANDED_OVER)
    session.info.setdefault(ASKED, []).extend(session.scalars(waiting.order_by(Task.id).limit(100)))
    return moved


@every(seconds=3600, name="old_tasks")
def forget_old(session: Any) -> int:
    """Results are kept seven days, the rows thirty."""
    drop_old()
    old = delete(Task).where(Task.finished_at < now() - KEPT, Task.state.not_in(OPEN))
    return int(session.execute(old).rowcount)


def install(app: Flask) -> None:
    """Gives the site its queue; called by create_app."""

    def run(task_id: int) -> None:
        run_task(app.appbuilder.session, task_id)  # type: ignore[attr-defined]

    app.extensions["anchang_queue"] = Queue(app, run)
