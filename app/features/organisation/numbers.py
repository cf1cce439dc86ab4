"""Numbers of papers: «RG-JPYL-2026-0318» — prefix of the kind, code of the project, year, running number (07 §7.1)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.kernel.numbering import next_number


def number_for(session: Session, document: Any, day: date) -> str:
    """The next number of the document's kind in its project."""
    code = session.scalars(
        select(Project.code).where(Project.id == document.project_id), execution_options={"unscoped": True}
    ).one()
    return next_number(session, document.__number__, code, day)
