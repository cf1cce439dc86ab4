"""The value of a parameter today: the project's own newest row, else the newest for all projects, else the default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import event, or_, select
from sqlalchemy.orm import Session, SessionTransaction

from app.features.organisation.models import Parameter
from app.features.organisation.parameter_table import PARAMETERS
from app.kernel.base import now
from app.kernel.transactions import AnySession, in_write

READ = "parameters_in_force"
__all__ = ["PARAMETERS", "parameter", "parameters", "texts_in_force"]


def parameter(session: Session, project_id: int | None, key: str) -> Any:
    """The typed value in force now: int, Decimal, bool, time or str by its declaration. Raises KeyError for no such key."""
    return parameters(session, project_id, (key,))[key]


def parameters(session: Session, project_id: int | None, keys: Iterable[str]) -> dict[str, Any]:
    """Several values in one query."""
    wanted = {key: PARAMETERS[key] for key in keys}
    texts = _all_in_force(session, project_id, now().date())
    return {key: one.parse(texts.get(key, one.default)) for key, one in wanted.items()}


def _all_in_force(session: AnySession, project_id: int | None, day: date) -> Mapping[str, str]:
    """Every value that holds on a day, read once a transaction: a page or a step asks for several, and they are few."""
    known: dict[tuple[int | None, date], Mapping[str, str]] = session.info.setdefault(READ, {})
    if (project_id, day) not in known:
        query = _of_day(select(Parameter.key, Parameter.value), project_id, day)
        waits = not in_write(session) or any(isinstance(record, Parameter) for record in session.new)
        rows = session.execute(query, execution_options={"unscoped": True, "autoflush": waits})
        known[project_id, day] = {row.key.value: row.value for row in rows}
    return known[project_id, day]


def _forget(session: Session) -> None:
    session.info.pop(READ, None)


@event.listens_for(Session, "after_flush")
def _changed(session: Session, _context: Any) -> None:
    if any(
        isinstance(record, Parameter) for records in (session.new, session.dirty, session.deleted) for record in records
    ):
        _forget(session)


@event.listens_for(Session, "after_transaction_end")
def _over(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested or transaction.parent is None:
        _forget(session)


def texts_in_force(session: Session, project_id: int | None, keys: Iterable[str], day: date) -> dict[str, Parameter]:
    """The rows that hold on a day; keys that have only their default are missing. Read unscoped: rules bind everybody."""
    query = _of_day(select(Parameter).where(Parameter.key.in_(list(keys))), project_id, day)
    return {row.key.value: row for row in session.scalars(query, execution_options={"unscoped": True})}


def _of_day(query: Any, project_id: int | None, day: date) -> Any:
    """In the order in which later rows win: the house before the project, older before newer."""
    here = Parameter.project_id.is_(None)
    return (
        query.where(Parameter.effective_from <= day)
        .where(here if project_id is None else or_(here, Parameter.project_id == project_id))
        .order_by(Parameter.project_id.is_not(None), Parameter.effective_from, Parameter.id)
    )
