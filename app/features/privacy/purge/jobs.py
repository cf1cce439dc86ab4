"""What the worker does by itself: one look a day for each project, then the confirmed lists batch by batch."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.features.privacy.purge.effects import prepare, work_off
from app.features.privacy.purge.models import PurgeRun, PurgeState
from app.kernel.actors import SYSTEM
from app.kernel.jobs import every

UNSCOPED = {"unscoped": True}


@every(seconds=86400, name="list_old_visitors")
def list_old_visitors(session: Session) -> int:
    """A list for every project that has visitors past their time; returns how many lists."""
    ids = list(session.scalars(select(Project.id), execution_options=UNSCOPED))
    return sum(1 for project_id in ids if prepare(session, project_id) is not None)


@every(seconds=20, name="erase_old_visitors")
def erase_old_visitors(session: Session) -> int:
    """The next batch of the oldest confirmed list; returns how many customers."""
    query = select(PurgeRun).where(PurgeRun.state == PurgeState.CONFIRMED).order_by(PurgeRun.id).limit(1)
    run = session.scalars(query, execution_options=UNSCOPED).first()
    return work_off(session, run, SYSTEM) if run is not None else 0
