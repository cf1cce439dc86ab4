"""What the worker does at night with a million customers: one part of the 公海 job, one batch of the purge of personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.features.customers.pool.effects import PART, recycle
from app.features.organisation.models import Project
from app.features.privacy.purge.effects import BATCH, prepare, work_off
from app.features.privacy.purge.models import PurgeRun, PurgeState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from benchmarks.measuring import Timing, timed

RUNS = 3  # each takes its customers for good


def lines() -> Iterator[str]:
    """Rows of the report: what one transaction of each job costs. The site loses those customers."""
    with acting_as(SYSTEM):
        for turn in range(RUNS):
            yield _line(f"公海回收，一批 {PART:,} 位，第 {turn + 1} 批", lambda: recycle(db.session()))
        yield _line("清理名单：列出一个项目的全部到期客户", _listed)
        run = db.session.scalars(select(PurgeRun.id).where(PurgeRun.state == PurgeState.LISTED)).first()
        for turn in range(RUNS if run is not None else 0):
            yield _line(f"个人信息清理，一批 {BATCH} 位，第 {turn + 1} 批", lambda: _worked_off(run))


def _line(what: str, work: Callable[[], int]) -> str:
    moved = 0

    def once() -> None:
        nonlocal moved
        moved = write(db.session, work)

    taken: Timing = timed(once)
    db.session.remove()
    return f"| {what} | {moved:,} | {taken.wall:,.0f} | {taken.cpu:,.0f} |"


def _listed() -> int:
    projects = db.session.scalars(select(Project.id).order_by(Project.id))
    made = next((run for project_id in list(projects) if (run := prepare(db.session(), project_id)) is not None), None)
    return made.found if made is not None else 0


def _worked_off(run_id: Any) -> int:
    return work_off(db.session(), db.session.get_one(PurgeRun, run_id), SYSTEM)
