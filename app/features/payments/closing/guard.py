"""Nothing is dated into a closed month: asked by every paper of money while it is written, and by the ledger itself."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.payments.closing.models import MonthClose, MonthState
from app.kernel.errors import RuleError

UNSCOPED = {"unscoped": True}  # the rule binds everybody who writes money, also those who do not read the book


def closed_until(months: dict[str, MonthState], day: date) -> str:
    """The last closed month when this day may not be used, else "". months: state by «2026-11».

    A month without a row is closed with any later one, because books are closed in order; a re-opened one is open.
    """
    month = f"{day:%Y-%m}"
    last = max((m for m, state in months.items() if state is MonthState.CLOSED), default="")
    own = months.get(month)
    shut = own is MonthState.CLOSED or (own is None and bool(last) and month < last)
    return last if shut else ""


def next_day(month: str) -> date:
    """The first day after a month."""
    first = date(int(month[:4]), int(month[5:7]), 1)
    return (first + timedelta(days=32)).replace(day=1)


def _last_closed(session: Session, project_id: int, day: date) -> str:
    query = select(MonthClose.month, MonthClose.state).where(MonthClose.project_id == project_id)
    return closed_until({row[0]: row[1] for row in session.execute(query, execution_options=UNSCOPED)}, day)


def month_is_closed(session: Session, project_id: int, day: date) -> bool:
    """Whether nothing may be dated on this day any more."""
    return bool(_last_closed(session, project_id, day))


def require_open_month(session: Session, project_id: int, day: date, field: str, what: str) -> None:
    """Raises RuleError that names the month and the remedy; field and what: the field of the form and its word."""
    last = _last_closed(session, project_id, day)
    if last:
        raise RuleError(
            "{year} 年 {month} 月已结账，{what}不能是 {day}；请改用 {first} 以后的日期并在备注写明原因，或请甲方负责人重开该月",
            field=field, year=day.year, month=day.month, what=what, day=day.isoformat(), first=next_day(last).isoformat(),
        )  # fmt: skip
