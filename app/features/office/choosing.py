"""Whom and what one may choose in the forms of this room."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from app.features.organisation.directory import in_force
from app.features.organisation.models import Assignment, Company, CompanyKind, Person, PersonState
from app.kernel.base import now
from app.kernel.entrance import current_project_id
from app.kernel.posts import AGENCY_POSTS


def colleagues(query: Select[Any]) -> Select[Any]:
    """People of the agency who hold a post in this project, or one of the whole company."""
    assignment: Any = Assignment.__table__
    posted = select(assignment.c.person_id).where(
        in_force(assignment.c, now().date()),
        assignment.c.post.in_([post.value for post in AGENCY_POSTS]),
        or_(assignment.c.project_id == current_project_id(), assignment.c.project_id.is_(None)),
    )
    company: Any = Company.__table__
    agencies = select(company.c.id).where(company.c.kind == CompanyKind.AGENCY)
    return query.where(
        Person.id.in_(posted), Person.company_id.in_(agencies), Person.state == PersonState.ACTIVE
    ).order_by(Person.name)
