"""Periodic work: expiry of locks and holds, escalation, sealing. Each run is one write transaction as SYSTEM, safe to repeat."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write

log = logging.getLogger(__name__)
Work = Callable[[Session], int]


@dataclass
class Job:
    """A named piece of periodic work; `last` is the monotonic time of its last run in this process."""

    name: str
    seconds: int
    work: Work
    in_parts: bool = (
        False  # does a part a run, so that nobody waits long for the lock; due again at once until nothing is left
    )
    last: float = 0.0


JOBS: dict[str, Job] = {}


def every(*, seconds: int, name: str, in_parts: bool = False) -> Callable[[Work], Work]:
    """Declare periodic work. in_parts: each run moves a bounded number of records and is due again at once until one moves none."""

    def declare(work: Work) -> Work:
        JOBS[name] = Job(name, seconds, work, in_parts)
        return work

    return declare


def run(session: Any, job: Job) -> int:
    """One run as SYSTEM; returns how many records it moved."""
    with acting_as(SYSTEM):
        return write(session, lambda: job.work(session))


def run_due(session: Any, moment: float | None = None) -> dict[str, int]:
    """Run what is due; a failing job is logged with its traceback and does not stop the others."""
    moment = time.monotonic() if moment is None else moment
    done: dict[str, int] = {}
    for job in JOBS.values():
        if job.last and moment - job.last < job.seconds:
            continue
        job.last = moment
        try:
            done[job.name] = run(session, job)
            if job.in_parts and done[job.name]:
                job.last = 0.0  # the next part with the next round, so that the other jobs have their turn between
        except Exception:
            log.exception("job %s failed", job.name)
        finally:
            session.remove() if hasattr(session, "remove") else session.close()
    return done
