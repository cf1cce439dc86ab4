"""People of the demo world have read their notices, all but those of the last days."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from app.demo.world import World
from app.kernel.notices import Notice
from app.kernel.transactions import write

UNREAD_DAYS = 2


def load(session: Any, world: World) -> None:
    """Last of the chapters: what is older than two days was read the same hour."""
    old = update(Notice).where(Notice.created_at < world.at(UNREAD_DAYS, 0), Notice.read_at.is_(None))
    write(session, lambda: session.execute(old.values(read_at=Notice.created_at)))
    write(
        session, lambda: session.execute(update(Notice).values(planned_at=Notice.created_at, told_at=Notice.created_at))
    )
