"""延期签约, 延期付款: both dates are kept, days count from the original one, a late fee from the new one (02 §2.2.3)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.changes.effects.steps import order_of
from app.features.deals.changes.models import ChangeKind, ChangeRequest
from app.features.deals.reservations.models import Reservation
from app.features.deals.rules import extension_days
from app.features.payments.effects import account_of, extend_row
from app.features.payments.models import Receivable, ReceivableState
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}


def fill(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """The original date of the signing or of the row; asked for before the date that holds now is over."""
    if change.new_due_on is None:
        raise RuleError("请填写延期到哪一天", field="new_due_on")
    first, holds = _dates(session, change, order)
    extension_days(first, change.new_due_on, asked_on=now().date(), extended_to=holds)
    change.old_due_on = first


def _dates(session: Session, change: ChangeRequest, order: Reservation) -> tuple[date, date]:
    """The original date and the one that holds now."""
    if change.kind is ChangeKind.LATER_SIGNING:
        if order.sign_due_on is None:
            raise RuleError("认购书 {no} 还没有应签约日", field="reservation_id", no=order)
        return order.first_sign_due_on or order.sign_due_on, order.sign_due_on
    row = row_of(session, change, order)
    if row.due_on is None:
        raise RuleError("「{row}」还没有应收日，不需要延期", field="receivable_id", row=row.title)
    return row.due_on, row.extended_to or row.due_on


def row_of(session: Session, change: ChangeRequest, order: Reservation) -> Receivable:
    """The row of this very order that is still owed."""
    if change.receivable_id is None:
        raise RuleError("请选择要延期的应收", field="receivable_id")
    row = session.scalars(
        select(Receivable).where(Receivable.id == change.receivable_id), execution_options=UNSCOPED
    ).first()
    account = account_of(session, order.id)
    if row is None or account is None or row.account_id != account.id:
        raise RuleError("所选应收不属于这份认购书，请重新选择", field="receivable_id")
    if row.state in (ReceivableState.PAID, ReceivableState.CANCELLED):
        raise RuleError("「{row}」已经{state}，不需要延期", field="receivable_id", row=row.title, state=row.state.label)
    return row


def execute(act: Act) -> None:
    """The new date holds from now on."""
    change: ChangeRequest = act.document
    order, until = order_of(act), change.new_due_on
    if until is None:
        raise ValueError(f"change {change.id} without a date")
    if change.kind is ChangeKind.LATER_SIGNING:
        fire(act.session, order, "extend_signing", act.actor, internal=True, note=str(change), until=until)
    else:
        extend_row(act.session, act.actor, row_of(act.session, change, order), until, change)
