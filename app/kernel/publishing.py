"""Keeps `published_at` of papers that the whole project reads only after they took effect (07 «reads … after»).

Written in the flush that brings the paper into effect, for its parts too, so that no step can forget it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.kernel.base import now
from app.kernel.scope import ByEffect, step_scope


@event.listens_for(Session, "before_flush")
def _publish(session: Session, _context: Any, _instances: Any) -> None:
    """A row in effect gets its moment once and keeps it; a retired paper stays readable."""
    for record in [r for r in [*session.new, *session.dirty] if isinstance(r, ByEffect) and r.published_at is None]:
        with step_scope(session, record.project_id):
            whole = _whole(session, record) if record.__part_of__ else record
            if whole is not None and (whole.published_at or whole.in_effect()):
                record.published_at = whole.published_at or now()
                for name in record.__published_parts__:
                    for part in getattr(record, name):
                        part.published_at = part.published_at or record.published_at


def _whole(session: Session, part: ByEffect) -> Any:
    """The paper that a row is a part of; a new row knows it by its number only."""
    relation = inspect(type(part)).relationships[part.__part_of__]
    (key,) = relation.local_columns
    number = getattr(part, inspect(type(part)).get_property_by_column(key).key)
    return getattr(part, part.__part_of__) or (session.get(relation.mapper.class_, number) if number else None)
