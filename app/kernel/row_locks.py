"""Rows that the open write transaction holds locked. Nobody else can change them until it ends: they are asked for once.

A step fires other steps on the same papers; each of them wants its row «locked and fresh», and it is, as long as nothing but
the session's own flushes has written since. A statement that changes rows past the session, a savepoint or the end of the
transaction makes all of them be asked for anew.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.orm.util import identity_key

from app.kernel.transactions import AnySession, in_write

HELD = "held_rows"


def locked(session: AnySession, model: type[Any], key: int) -> Any:
    """The row, locked and fresh, whatever its reader may see; None when there is none."""
    known = session.identity_map.get(identity_key(model, key)) if (model, key) in _held(session) else None
    if known is not None:
        _read_relations_anew(session, known)
        return known
    query = select(model).where(model.id == key).with_for_update(of=model)
    row = session.scalars(query, execution_options={"populate_existing": True, "unscoped": True}).first()
    if row is not None and in_write(session):
        _held(session).add((model, key))
    return row


def _held(session: AnySession) -> set[tuple[type[Any], int]]:
    held: set[tuple[type[Any], int]] = session.info.setdefault(HELD, set())
    return held


def _read_relations_anew(session: AnySession, row: Any) -> None:
    """The row's columns are as they are in the database; what hangs on it may have grown by rows that only name its key."""
    state = inspect(row)
    loaded = [relation.key for relation in state.mapper.relationships if relation.key in state.dict]
    if any(name in state.committed_state for name in loaded):
        session.flush()
    if loaded:
        session.expire(row, loaded)


@event.listens_for(Session, "do_orm_execute")
def _written_past_the_session(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info.pop(HELD, None)


@event.listens_for(Session, "after_transaction_end")
def _over(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested or transaction.parent is None:  # not the end of a flush
        session.info.pop(HELD, None)
