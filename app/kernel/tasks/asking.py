"""Asking for a task: its row is written with the act that asks for it and handed to the queue after the commit (outbox)."""

from __future__ import annotations

import logging
from typing import Any

from flask import current_app
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.tasks.records import OPEN, Task
from app.kernel.transactions import AnySession, write

MOST_OPEN = 10
ASKED = "tasks_asked"
log = logging.getLogger(__name__)


def ask_for(
    session: AnySession,
    actor: Actor,
    kind: str,
    title: str,
    arguments: dict[str, Any],
    *,
    project_id: int | None = None,
    key: str = "",
) -> Task:
    """Write a task for this person (joins an open write transaction); with a known key his earlier task answers instead.

    arguments must be plain JSON. SYSTEM asks for the house's own work: on nobody's page, told to nobody, never too much.
    Raises RuleError when ten of a person's tasks are still open.
    """

    def work() -> Task:
        if key:
            query = select(Task).where(Task.person_id == actor.person_id, Task.key == key[:80])
            known = session.scalars(query).first()
            if known is not None:
                return known
        mine = select(func.count(Task.id)).where(Task.person_id == actor.person_id, Task.state.in_(OPEN))
        if not actor.system and (session.scalar(mine) or 0) >= MOST_OPEN:
            raise RuleError("你已有 {n} 个后台任务没有完成，请等它们完成后再提交", n=MOST_OPEN)
        task = Task(
            kind=kind, title=title[:200], person_id=actor.person_id, project_id=project_id, arguments=arguments,
            key=key[:80] or None,
        )  # fmt: skip
        session.add(task)
        session.flush()
        session.info.setdefault(ASKED, []).append(task.id)
        return task

    return write(session, work)


@event.listens_for(Session, "after_commit")
def _hand_over(session: Session) -> None:
    """What was asked for is now true: tell the worker. A queue that does not answer is no fault of the act; the sweeper looks."""
    for task_id in session.info.pop(ASKED, ()):
        try:
            current_app.extensions["anchang_queue"].put(task_id)
        except Exception:
            log.exception("task %s could not be handed over, the sweeper will", task_id)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(ASKED, None)
