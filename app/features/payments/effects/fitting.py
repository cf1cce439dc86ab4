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
