"""Builds with a guard patched out: proof that the checker sees what it must. Only the servers of these tests load them."""

from __future__ import annotations

import os
import signal
from contextvars import ContextVar
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from app.features.deals.reservations.views import lock_page
from app.features.units import effects as units
from app.features.units.models import Unit, UnitState
from app.kernel import workflow

DEATHS = 3  # one of so many locks of a process dies between its two commits
taking: ContextVar[bool] = ContextVar("taking", default=False)


def without_guard() -> None:
    """Every unit looks free to whoever locks it. The test drops the unique index of live orders besides."""
    lock, read, fresh = lock_page.lock_unit, units.locked_unit, workflow._check_fresh

    def blind_lock(*arguments: Any, **more: Any) -> Any:
        token = taking.set(True)
        try:
            return lock(*arguments, **more)
        finally:
            taking.reset(token)

    def blind_read(*arguments: Any) -> Unit:
        unit = read(*arguments)
        if taking.get():
            set_committed_value(unit, "state", UnitState.FREE)
        return unit

    def blind_check(row: Any, step: Any, seen: int | None) -> None:
        if not taking.get():
            fresh(row, step, seen)

    lock_page.lock_unit, units.locked_unit, workflow._check_fresh = blind_lock, blind_read, blind_check


def two_commits() -> None:
    """The order is committed before the unit is taken, and now and then the process dies in between."""
    take, done = units.take, 0

    def late(session: Any, *arguments: Any, **more: Any) -> Unit:
        nonlocal done
        session.commit()
        done += 1
        if done % DEATHS == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return take(session, *arguments, **more)

    units.take = late
