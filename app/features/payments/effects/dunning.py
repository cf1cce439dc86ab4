"""Rows fall due and overdue with the days; who was reminded, what he promised (02 §2.2.2 应收行)."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.features.payments.effects.allocating import refresh
from app.features.payments.models import OrderAccount, Receivable, ReceivableState
from app.kernel.actors import SYSTEM
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.workflow import Act


def note_reminder(act: Act) -> None:
    """One more 催款: counted, with the promised and the next day."""
    row: Receivable = act.document
    for name in ("promised_on", "next_on"):
        day = act.get(name)
        if day is not None and day < act.at.date():
            raise RuleError("日期不能早于今天", field=name)
    row.reminders += 1
    row.promised_on = act.get("promised_on") or row.promised_on
    row.next_reminder_on = act.get("next_on")


@every(seconds=600, name="receivables_due")
def age_rows(session: Session) -> int:
    """未到期 → 应收 → 逾期 by the calendar; run again it changes nothing."""
    today = now().date()
    young = (ReceivableState.NOT_DUE, ReceivableState.DUE, ReceivableState.PARTIAL)
    stale = or_(
        and_(Receivable.state == ReceivableState.NOT_DUE, Receivable.due_on <= today),
        and_(Receivable.state.in_(young), Receivable.due_on < today),
    )
    accounts = session.scalars(
        select(OrderAccount)
        .where(OrderAccount.id.in_(select(Receivable.account_id).where(stale)))
        .order_by(OrderAccount.id)
    )
    return sum(refresh(session, account, SYSTEM) for account in list(accounts))
