"""Who was turned away where: a refused attempt leaves a line of the trail like an act that succeeded (04 S11)."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import request
from sqlalchemy import Select, bindparam, func, select

from app.kernel import audit
from app.kernel.actors import current_actor
from app.kernel.audit import AuditEntry
from app.kernel.base import now
from app.kernel.transactions import AnySession, write

REFUSED = "refused"
A_MINUTE = 30  # lines that one person can leave: whoever probes is seen, and cannot fill the trail


def note_refusal(session: AnySession, code: int) -> None:
    """One line for a signed-in person who was refused (403) or asked for what is not his or not there (404).

    Only the path is kept: what follows the question mark may name people.
    """
    actor = current_actor()
    if actor is None:
        return
    asked = {"since": now() - timedelta(minutes=1), "person": actor.person_id}
    told: int = session.execute(_told(), asked, execution_options={"unscoped": True}).scalar_one()
    if (
        told >= A_MINUTE
    ):  # read before the writer's queue is joined: whoever floods waits for nobody, and nobody for him
        return
    line = audit.entry(REFUSED, code=code, method=request.method, path=request.path[:200])
    write(session, lambda: session.add(line))


@lru_cache
def _told() -> Select[Any]:
    """How many lines a person has left since then; made once, because every refusal asks it. The trail has no row scope."""
    mine = (AuditEntry.person_id == bindparam("person"), AuditEntry.act == REFUSED)
    return select(func.count(AuditEntry.id)).where(AuditEntry.at >= bindparam("since"), *mine)
