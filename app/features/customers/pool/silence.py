"""Who was left alone too long: the rule of rules.last_day as statements that ride on indexes, for a million customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.features.customers.choices import CustomerState
from app.features.customers.models import Customer
from app.features.customers.pool.rules import PoolTerms
from app.features.customers.registry import BUSY
from app.features.organisation.parameters import parameters

OPEN = (CustomerState.NEW, CustomerState.FOLLOWING)
KEYS = {
    "contact_days": "pool_contact_days", "visit_days": "pool_visit_days", "protect_days": "protect_days",
    "warn_days": "pool_warn_days", "back_days": "pool_back_days",
}  # fmt: skip


def pool_terms(session: Session, project_id: int) -> tuple[PoolTerms, bool]:
    """Today's numbers of a project, and whether customers fall back by themselves."""
    value = parameters(session, project_id, (*KEYS.values(), "pool_auto"))
    return PoolTerms(**{name: value[key] for name, key in KEYS.items()}), bool(value["pool_auto"])


def _before(column: Any, day: date) -> ColumnElement[bool]:
    clause: ColumnElement[bool] = column < datetime.combine(day, time())
    return clause


def left_alone(terms: PoolTerms, today: date) -> list[ColumnElement[bool]]:
    """Conditions, each with an index of its own, of customers whose last day lies before `today`; together they are the rule."""
    free = or_(Customer.owner_since.is_(None), Customer.owner_since < today - timedelta(days=terms.protect_days))
    found = []
    if terms.contact_days:
        overdue = or_(Customer.follow_due_on.is_(None), Customer.follow_due_on < today)
        found.append(and_(free, overdue, _before(Customer.last_contact_at, today - timedelta(days=terms.contact_days))))
    if terms.visit_days:
        limit = today - timedelta(days=terms.visit_days)
        rested = or_(Customer.owner_since.is_(None), Customer.owner_since < limit)
        never = and_(Customer.last_visit_at.is_(None), _before(Customer.first_at, limit))
        found += [and_(free, rested, _before(Customer.last_visit_at, limit)), and_(free, rested, never)]
    return found


def falling(project_id: int, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Customers of a project with an owner and without a live paper, for whom this holds."""
    kept = [busy(Customer.id) for busy in BUSY]
    return and_(
        Customer.project_id == project_id,
        Customer.state.in_(OPEN),
        Customer.owner_id.is_not(None),
        condition,
        *(~k for k in kept),
    )


def fallen(session: Session, project_id: int, terms: PoolTerms, today: date, limit: int) -> list[int]:
    """At most so many ids of customers who fall into the 公海 today."""
    found: dict[int, None] = {}
    for condition in left_alone(terms, today):
        query = select(Customer.id).where(falling(project_id, condition)).limit(limit - len(found))
        found.update(dict.fromkeys(session.scalars(query)))
        if len(found) >= limit:
            break
    return sorted(found)


def falling_soon(terms: PoolTerms, today: date) -> ColumnElement[bool]:
    """Whose last day comes within the days of the warning, today included."""
    return (
        or_(*left_alone(terms, today + timedelta(days=terms.warn_days + 1)))
        if left_alone(terms, today)
        else Customer.id < 0
    )


def owners_of_falling(session: Session, project_id: int, terms: PoolTerms, today: date) -> Iterator[tuple[int, int]]:
    """(owner, how many of his customers fall back within the days of the warning)."""
    query = select(Customer.owner_id, func.count()).where(falling(project_id, falling_soon(terms, today)))
    rows: Sequence[Any] = session.execute(query.group_by(Customer.owner_id)).all()
    yield from ((owner, number) for owner, number in rows)
