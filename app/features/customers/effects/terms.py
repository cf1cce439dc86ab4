"""The numbers of the project that customers' rules use (parameters of organisation)."""

from __future__ import annotations

from typing import Any

from app.features.customers.choices import Grade
from app.features.customers.rules import Terms
from app.features.organisation.parameters import parameter


def terms_of(session: Any, project_id: int) -> Terms:
    """Today's terms of a project."""
    duty = {grade: int(parameter(session, project_id, f"follow_days_{grade.value}")) for grade in Grade}
    days = {key: int(parameter(session, project_id, key)) for key in ("call_days", "visit_days", "follow_days")}
    return Terms(duty, **days)
