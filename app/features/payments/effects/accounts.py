"""An order opens its account and owes the rows of its plan; what is owed, received and under way (02 §2.3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.payments.bills.effects import ask_recall
from app.features.payments.effects.allocating import live_rows, pending_parts, refresh
from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.models import (
    FundKind,
    NoticeState,
    OrderAccount,
    PaidBy,
    PaymentNotice,
    Receipt,
    ReceiptState,
    Receivable,
    ReceivableState,
)
from app.features.payments.models.accounts import ORDER
from app.features.payments.rules import PlanRow, RowKind
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

PLAN_KINDS = {FundKind.labelled(kind.value): kind for kind in RowKind}
PAYERS = {"买受人": PaidBy.BUYER, "银行": PaidBy.BANK, "公积金中心": PaidBy.FUND}


class Order(Protocol):
    """What an account needs to know of its order (a 认购书)."""

    id: Any
    project_id: Any
    unit_id: Any
    customer_id: Any
    owner_id: Any
    partner_id: Any
    team_id: Any
    number: Any
    total: Any
    unit: Any
    customer: Any
    buyers: Any


@dataclass(frozen=True)
class PlanLine:
    """A row of the plan as it stands: yuan owed, confirmed, waiting for confirmation."""

    receivable_id: int
    kind: RowKind
    payer: PaidBy
    instalment: int
    due_on: date | None
    amount: Decimal
    confirmed: Decimal
    pending: Decimal
    state: ReceivableState


def open_account(
    session: Any, actor: Actor, *, order: Order, plan: Sequence[PlanRow], reserved_on: date, signed_on: date | None
) -> OrderAccount:
    """Open the account of an order with the receivables of its plan; joins the caller's transaction.

    Raises RuleError when the plan does not add up to the total or the order has an account already.
    """

    def work() -> OrderAccount:
        names = [b.name for b in order.buyers] or [
            order.customer.name
        ]  # who may not read the customer reads the buyers
        account = OrderAccount(
            project_id=order.project_id,
            owner_id=order.owner_id,
            partner_id=order.partner_id,
            team_id=order.team_id,
            title=f"{order.unit.full_name} {names[0]}"[:160],
            reservation_id=order.id,
            order_number=order.number or "",
            unit_id=order.unit_id,
            customer_id=order.customer_id,
            buyers="、".join(names)[:200],
            total=order.total,
            opened_on=now().date(),
        )
        require_sum(sum((row.amount for row in plan), Decimal(0)), order.total)
        with as_step(session):
            session.add(account)
            session.flush()
            add_rows(session, account, plan, reserved_on, signed_on)
            refresh(session, account, actor)
        return account

    return write(session, work)


def open_earnest_account(
    session: Any, actor: Actor, *, subject: str, paper: Any, unit: Any, kind: FundKind, amount: Decimal
) -> OrderAccount:
    """诚意金 and 订金 come before there is an order: an account of their own with the one row that they are.

    paper: 认筹单 or 小订单, a row with number, customer and the scope columns of an order.
    """

    def work() -> OrderAccount:
        account = OrderAccount(
            project_id=paper.project_id, owner_id=paper.owner_id, partner_id=paper.partner_id, team_id=paper.team_id,
            title=f"{paper.__label__} {paper.customer_name}"[:160], subject=subject, reservation_id=paper.id,
            order_number=paper.number or "", unit_id=unit.id, customer_id=paper.customer_id, buyers=paper.customer_name,
            total=amount, opened_on=now().date(),
        )  # fmt: skip
        with as_step(session):
            session.add(account)
            session.flush()
            session.add(row_of(account, kind, amount, now().date(), payer=PaidBy.BUYER, instalment=0))
            session.flush()
            refresh(session, account, actor)
        return account

    return write(session, work)


def rename_account(session: Session, account: OrderAccount, *, order: Order) -> None:
    """更名, 增减名: the account bears the names of those who buy now; papers of money that were made stay as they are."""
    names = [b.name for b in order.buyers]
    held = locked_account(session, account.id)
    require_open(held)
    with as_step(session):
        held.customer_id, held.buyers = order.customer_id, "、".join(names)[:200]
        held.title = f"{order.unit.full_name} {names[0]}"[:160]
        session.flush()


def require_sum(planned: Decimal, total: Decimal) -> None:
    if planned != total:
        raise RuleError(
            "付款计划合计 {planned} 元与成交总价 {total} 元不符",
            planned=format_amount(planned),
            total=format_amount(total),
        )


def add_rows(
    session: Session, account: OrderAccount, plan: Iterable[PlanRow], reserved_on: date, signed_on: date | None
) -> None:
    for row in plan:
        session.add(
            row_of(
                account,
                FundKind.labelled(row.kind.value),
                row.amount,
                row.due_on(reserved_on=reserved_on, signed_on=signed_on),
                payer=PAYERS[row.payer.value],
                instalment=row.instalment,
                anchor=row.anchor.value,
                anchor_days=row.days,
                line=row.line,
                line_name=row.line_name,
            )
        )
    session.flush()


def row_of(account: OrderAccount, kind: Any, amount: Decimal, due_on: date | None, **more: Any) -> Receivable:
    return Receivable(
        project_id=account.project_id,
        owner_id=account.owner_id,
        partner_id=account.partner_id,
        team_id=account.team_id,
        account=account,
        kind=kind,
        amount=amount,
        due_on=due_on,
        **more,
    )


def account_of(session: Session, paper_id: int, subject: str = ORDER) -> OrderAccount | None:
    """The account of an order (or of another paper), whoever asks: the caller sees the paper."""
    query = select(OrderAccount).where(OrderAccount.reservation_id == paper_id, OrderAccount.subject == subject)
    return session.scalars(query, execution_options=UNSCOPED).first()


def locked_account(session: Session, account_id: int) -> OrderAccount:
    """The account, locked and fresh: everything that moves its money waits here."""
    query = select(OrderAccount).where(OrderAccount.id == account_id).with_for_update(of=OrderAccount)
    return session.scalars(query, execution_options={"populate_existing": True, **UNSCOPED}).one()


def plan_rows_of(session: Session, account: OrderAccount) -> list[PlanLine]:
    """The rows that make up the price, with what is confirmed and what waits for confirmation."""
    waiting = pending_parts(session, account)
    return [
        PlanLine(
            row.id,
            PLAN_KINDS[row.kind],
            row.payer,
            row.instalment,
            row.due_on,
            row.amount,
            row.received,
            waiting.get(row.id, Decimal(0)),
            row.state,
        )
        for row in live_rows(session, account.id)
        if row.kind in PLAN_KINDS
    ]


def pending_total(session: Session, account_id: int, kinds: Iterable[FundKind] | None = None) -> Decimal:
    """«待确认» of an account, yuan: entered, not yet confirmed by 甲方财务; it is never part of «已收»."""
    query = select(func.coalesce(func.sum(Receipt.amount), 0)).where(
        Receipt.account_id == account_id, Receipt.state == ReceiptState.PENDING
    )
    if kinds is not None:
        query = query.where(Receipt.kind.in_(list(kinds)))
    total: Decimal = session.scalar(query, execution_options=UNSCOPED) or Decimal(0)
    return total


def require_open(account: OrderAccount) -> None:
    """No money moves on a settled account."""
    if account.closed_at is not None:
        raise RuleError("账户「{title}」已结清关闭，不能再收付款", title=account.title)


def close_account(session: Any, account: OrderAccount, actor: Actor) -> None:
    """Cancel every row that is left, void the open 缴款通知单, ask the bills back and close the account; joins the caller's step."""
    with as_step(session):
        for row in live_rows(session, account.id):
            fire(session, row, "cancel", actor, internal=True, note="账户关闭")
        open_notices = select(PaymentNotice).where(
            PaymentNotice.account_id == account.id, PaymentNotice.state == NoticeState.ISSUED
        )
        for notice in session.scalars(open_notices.order_by(PaymentNotice.id), execution_options=UNSCOPED).all():
            fire(session, notice, "discard", actor, internal=True, note="收款账户已关闭，不再收款")
        account.closed_at = now()
        ask_recall(session, account, "收款账户已关闭")
        session.flush()
