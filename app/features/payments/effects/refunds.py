"""Money that goes back: over-payments, and the settlement of an ended order (02 §2.2.3, §2.3.3). 甲方财务 alone pays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.parameters import parameter
from app.features.payments.bills.effects import ask_recall, outstanding
from app.features.payments.closing.guard import require_open_month
from app.features.payments.effects.accounts import close_account, locked_account, pending_total, require_open
from app.features.payments.effects.allocating import (
    allocated_parts,
    confirmed_receipts,
    free_money,
    refunded,
    write_parts,
)
from app.features.payments.effects.ledger import UNSCOPED, confirmed_total, held_by_kind, post
from app.features.payments.effects.receipts import follow_account, number_for
from app.features.payments.models import (
    LedgerAllocation,
    LedgerCode,
    OrderAccount,
    PostingKind,
    Receipt,
    ReceiptState,
    Refund,
    RefundState,
)
from app.features.payments.rules import Settlement, refund_parts, require_closes
from app.features.payments.rules.booking import credit_code, refund_lines, settlement_lines
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step


def check_refund(session: Session, receipt: Receipt, amount: Decimal) -> None:
    """Only 预收 goes back by a paper of its own; money that pays rows needs 退订, 退房 … Raises RuleError with the field.

    The account must be locked by the caller, so that two refunds never share the same money.
    """
    session.refresh(receipt)  # as it is since the account is ours
    if receipt.state is not ReceiptState.CONFIRMED:
        raise RuleError(
            "收款单「{no}」现在是「{state}」，不能退款", field="receipt_id", no=receipt, state=receipt.state.label
        )
    if credit_code(receipt.kind) is not LedgerCode.BUYERS:
        raise RuleError("「{kind}」不是房款，不在这里退款", field="receipt_id", kind=receipt.kind.label)
    free = free_money(session, receipt)
    if amount <= 0 or amount > free:
        raise RuleError(
            "这张收款单多收未用的款是 {free} 元，退款金额应大于零且不超过它", field="amount", free=format_amount(free)
        )


def request_refund(session: Any, actor: Actor, receipt: Receipt, amount: Decimal, reason: str) -> Refund:
    """Ask to give an over-payment back to the original payer; 甲方财务 pays it, but not who asked (step «pay»)."""

    def work() -> Refund:
        account = locked_account(session, receipt.account_id)
        require_open(account)
        check_refund(session, receipt, amount)
        with as_step(session):
            return _refund(session, actor, account, receipt, amount, reason)

    return write(session, work)


def _refund(
    session: Session, actor: Actor, account: OrderAccount, receipt: Receipt, amount: Decimal, reason: str, **more: Any
) -> Refund:
    made = Refund(
        account_id=account.id,
        receipt_id=receipt.id,
        amount=amount,
        reason=reason[:300],
        payee_name=receipt.payer_name,
        created_by=actor.person_id,
        **more,
    )
    follow_account(made, account)
    session.add(made)
    session.flush()
    return made


def settle(
    session: Any, actor: Actor, account: OrderAccount, settlement: Settlement, *, paper: Any, reason: str
) -> list[Refund]:
    """退订 挞定 退房 executed: plan cancelled, confirmed money divided, refunds to the original payers wait for payment.

    paper: the executed 变更申请 (a row with project_id; one settlement each). Raises RuleError when receipts wait for
    confirmation or a red entry, when refunds are unpaid, or when the division does not use up the money to the fen.
    """

    def work() -> list[Refund]:
        held = locked_account(session, account.id)
        require_open(held)
        require_quiet(session, held)
        require_closes(settlement, confirmed_total(session, held.id))
        receipts = [r for r in confirmed_receipts(session, held.id) if credit_code(r.kind) is LedgerCode.BUYERS]
        there = [(r.id, r.amount - refunded(session, r.id)) for r in receipts]
        with as_step(session):
            lines = settlement_lines(settlement, held_by_kind(session, held.id))
            if lines:
                memo = f"{paper} {reason}"
                post(session, actor, paper, PostingKind.SETTLEMENT, lines, account_id=held.id, memo=memo, at=now())
            _free_rows(session, held, receipts)
            ask_recall(session, held, f"{paper} {reason}")
            by_id = {r.id: r for r in receipts}
            made = [
                _refund(session, actor, held, by_id[key], part, reason, paper=str(paper)[:64], settled=True)
                for key, part in refund_parts(settlement.refundable, there)
            ]
            close_account(session, held, actor)
        return made

    return write(session, work)


def require_quiet(session: Session, account: OrderAccount) -> None:
    """No money may be under way while an account is divided."""
    if pending_total(session, account.id):
        raise RuleError("还有待确认的收款，请甲方财务先确认或作废")
    if refunds_unpaid(session, account.id):
        raise RuleError("还有待付款的退款单，请甲方财务先付款或作废")
    for receipt in confirmed_receipts(session, account.id):
        if receipt.state is ReceiptState.REVERSING:
            raise RuleError("收款单 {no} 正在红冲，请先办完", no=receipt.number)


def _free_rows(session: Session, account: OrderAccount, receipts: list[Receipt]) -> None:
    by_id = {r.id: r for r in receipts}
    for row, receipt_id, amount in allocated_parts(session, LedgerAllocation.account_id == account.id):
        if receipt_id in by_id:
            write_parts(session, by_id[receipt_id], [(row, -amount)], now())


def refunds_unpaid(session: Session, account_id: int) -> bool:
    """Whether something of the account still waits to be paid back."""
    query = select(Refund.id).where(Refund.account_id == account_id, Refund.state == RefundState.PENDING).limit(1)
    return session.scalar(query, execution_options=UNSCOPED) is not None


def paid_by_another(act: Act) -> None:
    """Nobody pays what he asked for himself; a settlement was decided by its own chain (02 §2.1.2)."""
    refund: Refund = act.document
    if not refund.settled and refund.created_by == act.actor.person_id:
        raise RuleError("退款须由申请人以外的甲方财务付款")


def bills_are_back(act: Act) -> None:
    """Where the site wants it, money of an ended order goes back only when its bills did (02 §2.2.3 «bills recalled»)."""
    refund: Refund = act.document
    ended = refund.settled and refund.account.closed_at is not None  # a running order keeps its bills
    if not ended or not parameter(act.session, refund.project_id, "bills_before_refund"):
        return
    serials = outstanding(act.session, refund.account_id)
    if serials:
        raise RuleError("还有票据没有收回：{serials}，请先收回再付款", serials="、".join(serials[:10]))


def pay_refund(act: Act) -> None:
    """甲方财务 paid: number and posting; the money is out of the account."""
    refund: Refund = act.document
    locked_account(act.session, refund.account_id)
    if act.form["paid_on"] > act.at.date():
        raise RuleError("付款日不能晚于今天", field="paid_on")
    require_open_month(act.session, refund.project_id, act.form["paid_on"], "paid_on", "付款日")
    refund.paid_on, refund.credited, refund.reference = act.form["paid_on"], act.form["credited"], act.form["reference"]
    refund.payee_account = act.form["payee_account"]
    number = number_for(act.session, refund, act.at.date())
    refund.number, refund.paid_at, refund.paid_by = number, act.at, act.actor.person_id
    lines = refund_lines(refund.amount, refund.receipt.kind, refund.credited, settled=refund.settled)
    memo = f"{refund.number} {refund.account.title} 退款"
    post(
        act.session,
        act.actor,
        refund,
        PostingKind.REFUND,
        lines,
        account_id=refund.account_id,
        memo=memo,
        at=act.at,
        booked_on=refund.paid_on,
    )


def not_of_a_settlement(act: Act) -> None:
    """What a settlement or an approved paper owes is paid, not dropped."""
    if act.document.settled or act.document.paper:
        raise RuleError("结算产生的退款不能作废，只能付款")
