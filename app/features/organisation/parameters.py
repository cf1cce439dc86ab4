"""The value of a parameter today: the project's own newest row, else the newest for all projects, else the default."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.features.organisation.models import Parameter
from app.features.organisation.parameter_table import PARAMETERS
from app.kernel.base import now

__all__ = ["PARAMETERS", "parameter", "parameters", "texts_in_force"]


def parameter(session: Session, project_id: int | None, key: str) -> Any:
    """The typed value in force now: int, Decimal, bool, time or str by its declaration. Raises KeyError for no such key."""
    return parameters(session, project_id, (key,))[key]


def parameters(session: Session, project_id: int | None, keys: Iterable[str]) -> dict[str, Any]:
    """Several values in one query."""
    wanted = {key: PARAMETERS[key] for key in keys}
    texts = texts_in_force(session, project_id, wanted, now().date())
    return {key: one.parse(texts[key].value if key in texts else one.default) for key, one in wanted.items()}


def texts_in_force(session: Session, project_id: int | None, keys: Iterable[str], day: date) -> dict[str, Parameter]:
    """The rows that hold on a day; keys that have only their default are missing. Read unscoped: rules bind everybody."""
    here = Parameter.project_id.is_(None)
    query = (
        select(Parameter)
        .where(Parameter.key.in_(list(keys)), Parameter.effective_from <= day)
        .where(here if project_id is None else or_(here, Parameter.project_id == project_id))
        .order_by(Parameter.project_id.is_not(None), Parameter.effective_from, Parameter.id)
    )
    return {row.key.value: row for row in session.scalars(query, execution_options={"unscoped": True})}
