"""What a 缴款通知单 asks for is registered once: its receipts never add up to more (02 §2.2.2)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.models import (
    CONFIRMED_STATES,
    NoticeState,
    PaymentNotice,
    Receipt,
    ReceiptState,
)
from app.kernel.errors import RuleError
from app.kernel.money import format_amount


def notice_of(session: Session, notice_id: int) -> PaymentNotice:
    """The notice of a receipt."""
    return session.scalars(select(PaymentNotice).where(PaymentNotice.id == notice_id), execution_options=UNSCOPED).one()


def taken_of(session: Session, notice: PaymentNotice, *states: ReceiptState, but: int | None = None) -> Decimal:
    """What receipts in these states brought for a notice, yuan; but: the receipt that does not count."""
    query = select(func.coalesce(func.sum(Receipt.amount), 0)).where(
        Receipt.notice_id == notice.id, Receipt.state.in_(states), Receipt.id != (but or 0)
    )
    return session.scalar(query, execution_options=UNSCOPED) or Decimal(0)


def require_room(session: Session, receipt: Receipt) -> None:
    """Raises RuleError where the notice of a receipt is voided or what it asks for is registered already."""
    notice = notice_of(session, receipt.notice_id or 0)
    if notice.state is NoticeState.VOID:
        raise RuleError("缴款通知单 {no} 已作废，请另选或不选通知单", field="notice_id", no=notice)
    taken = taken_of(session, notice, ReceiptState.PENDING, *CONFIRMED_STATES, but=receipt.id)
    left = notice.amount - taken
    if left <= 0:
        raise RuleError(
            "缴款通知单 {no} 的 {amount} 元已经登记过收款，请核对是否重复登记；另有一笔款的，请不选通知单登记",
            field="notice_id", no=notice, amount=format_amount(notice.amount),
        )  # fmt: skip
    if receipt.amount > left:
        raise RuleError(
            "缴款通知单 {no} 共 {amount} 元，还可登记 {left} 元；多收的款请不选通知单另登记一笔",
            field="amount", no=notice, amount=format_amount(notice.amount), left=format_amount(left),
        )  # fmt: skip
