"""What an entry must fit: the account that it is for, and the 缴款通知单, which asks for its sum once (02 §2.2.2, §2.3.3)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.models import (
    CONFIRMED_STATES,
    EARNEST,
    FundKind,
    NoticeState,
    OrderAccount,
    PaymentNotice,
    Receipt,
    ReceiptState,
)
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.workflow import Act


def require_fitting(account: OrderAccount, kind: FundKind) -> None:
    """订金 and 诚意金 are no 定金: each is registered where it was agreed. Raises RuleError with the field."""
    if account.is_of_order:
        if kind in EARNEST:
            raise RuleError(
                "「{kind}」登记在认筹单或小订单的账户；认购书的定金请选「{deposit}」",
                field="kind", kind=kind.label, deposit=FundKind.DEPOSIT.label,
            )  # fmt: skip
        return
    due = {row.kind for row in account.receivables}
    if due and kind not in due:
        names = "」或「".join(sorted(one.label for one in due))
        raise RuleError("「{title}」只收「{kinds}」，请改款项类型", field="kind", title=account.title, kinds=names)


def notice_of(session: Session, notice_id: int) -> PaymentNotice:
    """The notice of a receipt."""
    return session.scalars(select(PaymentNotice).where(PaymentNotice.id == notice_id), execution_options=UNSCOPED).one()


def taken_of(session: Session, notice: PaymentNotice, *states: ReceiptState, but: int | None = None) -> Decimal:
    """What receipts in these states brought for a notice, yuan; but: the receipt that does not count."""
    query = select(func.coalesce(func.sum(Receipt.amount), 0)).where(
        Receipt.notice_id == notice.id, Receipt.state.in_(states), Receipt.id != (but or 0)
    )
    return session.scalar(query, execution_options=UNSCOPED) or Decimal(0)


def left_of(session: Session, notice: PaymentNotice, receipt: Receipt) -> Decimal:
    """What a notice still asks for beside this receipt, yuan; never negative."""
    taken = taken_of(session, notice, ReceiptState.PENDING, *CONFIRMED_STATES, but=receipt.id)
    return max(notice.amount - taken, Decimal(0))


def beyond_notice(session: Session, receipt: Receipt) -> Decimal:
    """What a receipt brings beyond the rest of its notice, yuan: the customer paid too much, or it was registered twice."""
    if receipt.notice_id is None:
        return Decimal(0)
    return max(receipt.amount - left_of(session, notice_of(session, receipt.notice_id), receipt), Decimal(0))


def nothing_waits(act: Act) -> None:
    """Guard of 作废 of a notice: money that was registered for it is confirmed or voided first."""
    query = select(Receipt).where(Receipt.notice_id == act.document.id, Receipt.state == ReceiptState.PENDING)
    waiting = act.session.scalars(query.order_by(Receipt.id).limit(1), execution_options=UNSCOPED).first()
    if waiting is not None:
        raise RuleError("通知单有待确认的收款（{no}），请先确认或作废收款", no=waiting)


def require_room(session: Session, receipt: Receipt) -> None:
    """Asked while a receipt is entered, not when it is confirmed: the money is there. Raises RuleError where its notice is voided
    or all that it asks for is registered already."""
    notice = notice_of(session, receipt.notice_id or 0)
    if notice.state is NoticeState.VOID:
        raise RuleError("缴款通知单 {no} 已作废，请另选或不选通知单", field="notice_id", no=notice)
    if not left_of(session, notice, receipt):
        raise RuleError(
            "缴款通知单 {no} 的 {amount} 元已经登记过收款，请核对是否重复登记；另有一笔款的，请不选通知单登记",
            field="notice_id", no=notice, amount=format_amount(notice.amount),
        )  # fmt: skip
