"""Who was turned away where: a refused attempt leaves a line of the trail like an act that succeeded (04 S11)."""

from __future__ import annotations

from datetime import timedelta

from flask import request
from sqlalchemy import func, select

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

    mine = (AuditEntry.person_id == actor.person_id, AuditEntry.act == REFUSED)
    since = now() - timedelta(minutes=1)
    told = session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.at >= since, *mine)) or 0
    if (
        told >= A_MINUTE
    ):  # read before the writer's queue is joined: whoever floods waits for nobody, and nobody for him
        return
    line = audit.entry(REFUSED, code=code, method=request.method, path=request.path[:200])
    write(session, lambda: session.add(line))
