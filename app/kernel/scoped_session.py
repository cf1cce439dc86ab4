"""The session of the site: `get` obeys the scope although SQLAlchemy answers it from memory (03 §3.3.1).

Guards and locks read rows of any scope by their id. Such a row stays in the session, and `get` would hand it to the next
reader without a statement, so that the row scope never sees it: a refused form could then name a foreign paper.
"""

from __future__ import annotations

from typing import Any

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event, inspect, select

from app.kernel.actors import current_actor
from app.kernel.scope import Scoped

MARK = "_read_beyond_scope"


def _everything(options: Any) -> bool:
    actor = current_actor()
    return bool(options.get("unscoped")) or (actor is not None and actor.system)


@event.listens_for(Scoped, "load", propagate=True)
def _mark(record: Any, context: Any) -> None:
    """Remember that nobody's scope was asked when this row came into memory."""
    if _everything(context.execution_options):
        setattr(record, MARK, True)


class ScopedSession(FlaskSession):
    """Asks the database again for a row that was read beyond the reader's scope."""

    def get(self, entity: Any, ident: Any, **options: Any) -> Any:
        """As SQLAlchemy's; None for a row that the actor may not see."""
        found = super().get(entity, ident, **options)
        if found is None or not getattr(found, MARK, False) or _everything(options.get("execution_options") or {}):
            return found
        key = inspect(type(found)).primary_key[0]
        return self.scalars(select(type(found)).where(key == found.id)).first()
