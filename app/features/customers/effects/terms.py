"""The numbers of the project that customers' rules use (parameters of organisation)."""

from __future__ import annotations

from typing import Any

from app.features.customers.choices import Grade
from app.features.customers.rules import Terms
from app.features.organisation.parameters import parameters


def terms_of(session: Any, project_id: int) -> Terms:
    """Today's terms of a project."""
    duty = {grade: f"follow_days_{grade.value}" for grade in Grade}
    days = ("call_days", "visit_days", "follow_days")
    value = parameters(session, project_id, (*duty.values(), *days, "silence_duties"))
    numbers = {key: value[key] for key in days}
    return Terms({grade: value[key] for grade, key in duty.items()}, **numbers, silence=value["silence_duties"])
