"""Who is due: customers of the reader by their due day, and those whose silence suggests a lower grade (02 §2.5.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.features.customers.choices import Grade
from app.features.customers.effects.following import WINNING
from app.features.customers.models import Contact, Customer, FollowUp
from app.features.customers.rules import Terms, silent_days
from app.kernel.gathering import how_many

SHOWN = 30  # a page of work; whatever is done leaves it, the rest moves up


class Work(StrEnum):
    """The lists of the page."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LOWER = "lower"


@dataclass(frozen=True)
class LastTalk:
    """What was said last, and whether a meeting was agreed for the due day."""

    said: str = ""
    appointed: bool = False


def due(project_id: int, work: Work, today: date, terms: Terms, owner_id: int | None = None) -> Select[Any]:
    """The customers of one list, the oldest duty first; owner_id narrows it to one consultant.

    Who has bought has no duty by grade any more, but stands here on a day that was agreed with him.
    """
    query = select(Customer).where(Customer.project_id == project_id)
    if owner_id is not None:
        query = query.where(Customer.owner_id == owner_id)
    if work is Work.LOWER:
        return query.where(silent(today, terms)).order_by(Customer.last_contact_at, Customer.id)
    day = Customer.follow_due_on
    within = {
        Work.LATE: day < today, Work.TODAY: day == today, Work.SOON: day.between(today + timedelta(1), today + timedelta(2)),
    }  # fmt: skip
    return query.where(within[work]).order_by(day, Customer.id)


def silent(today: date, terms: Terms) -> Any:
    """Of each grade but the lowest, who was not heard of for longer than it bears (effects.following.lower_grade in SQL)."""
    ways = []
    for grade in list(Grade)[:-1]:
        border = today - timedelta(days=silent_days(grade, terms))
        kept = or_(Customer.grade_kept_on.is_(None), Customer.grade_kept_on < border)
        ways.append(and_(Customer.grade == grade, Customer.last_contact_at < border, kept))
    return and_(Customer.state.in_(WINNING), or_(*ways))


def counts(project_id: int, today: date, terms: Terms, owner_id: int | None = None) -> list[Select[int]]:
    """How many stand on each list, in the order of Work."""
    return [how_many(due(project_id, work, today, terms, owner_id).with_only_columns(Customer.id)) for work in Work]


def last_talks(session: Session, ids: Sequence[int], today: date) -> dict[int, LastTalk]:
    """The last follow-up of each, and whether somebody agreed on today with him."""
    newest = select(func.max(FollowUp.id)).where(FollowUp.customer_id.in_(ids)).group_by(FollowUp.customer_id)
    said = {
        row.customer_id: f"{row.at:%m-%d} {row.method.label}（{row.result.label}）{row.content}"
        for row in session.scalars(select(FollowUp).where(FollowUp.id.in_(newest)))
    }
    agreed = set(session.scalars(
        select(FollowUp.customer_id).where(FollowUp.customer_id.in_(ids), FollowUp.next_on == today)
    )) | set(session.scalars(
        select(Contact.customer_id).where(Contact.customer_id.in_(ids), Contact.next_follow_on == today)
    ))  # fmt: skip
    return {key: LastTalk(said.get(key, ""), key in agreed) for key in ids}
