"""The complaints of a month, read within the person's rows: what speaks of himself is not among them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.complaints.actions.models import CorrectiveAction
from app.features.complaints.cases.models import CaseState, Complaint
from app.features.complaints.reports.rules import CaseFacts, kept
from app.kernel.base import now
from app.kernel.months import beside, borders


def cases_of(session: Session, project_id: int, month: str, months: int = 1) -> list[CaseFacts]:
    """Every complaint registered in the month, or in so many months that end with it; void ones do not count."""
    since, until = borders(beside(month, 1 - months))[0], borders(month)[1]
    query = select(Complaint).where(
        Complaint.project_id == project_id, Complaint.created_at >= since, Complaint.created_at < until,
        Complaint.state != CaseState.VOID,
    )  # fmt: skip
    return [_facts(case) for case in session.scalars(query.order_by(Complaint.created_at, Complaint.id))]


def latest_day(session: Session, project_id: int, before: date) -> date | None:
    """The day of the newest complaint before a day that counts."""
    query = select(func.max(Complaint.created_at)).where(
        Complaint.project_id == project_id, Complaint.state != CaseState.VOID, Complaint.created_at < before
    )
    newest = session.scalar(query)
    return newest.date() if newest is not None else None


def _facts(case: Complaint) -> CaseFacts:
    closed = case.state is CaseState.CLOSED
    return CaseFacts(
        case.id, case.level, case.about, case.source, case.state, f"{case.created_at:%Y-%m}",
        kept(case.reply_due_at, case.replied_at, now()), kept(case.close_due_at, case.closed_at, now()), case.satisfaction,
        case.reopened, closed,
    )  # fmt: skip


def rows_of(session: Session, ids: list[int]) -> list[Complaint]:
    """The records behind a figure, newest first."""
    return list(session.scalars(select(Complaint).where(Complaint.id.in_(ids)).order_by(Complaint.id.desc())))


def actions_of(session: Session, project_id: int, month: str) -> list[CorrectiveAction]:
    """整改 of the month."""
    query = select(CorrectiveAction).where(CorrectiveAction.project_id == project_id, CorrectiveAction.month == month)
    return list(session.scalars(query.order_by(CorrectiveAction.id)))


def count_of(session: Session, model: type[Any], project_id: int, month: str) -> int:
    """How many other papers were written in the month."""
    since, until = borders(month)
    query = select(func.count(model.id)).where(
        model.project_id == project_id, model.created_at >= since, model.created_at < until
    )
    return session.scalar(query) or 0
