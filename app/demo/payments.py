"""Money of the demo world: paid at earlier moments, and what waits at the cashier's desk today."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.world import World
from app.features.payments.dunning.effects import age_rows
from app.features.payments.effects import enter_receipt, request_refund
from app.features.payments.effects.receipts import follow_account, number_for
from app.features.payments.models import (
    FundKind,
    Method,
    OrderAccount,
    PaidBy,
    PaymentNotice,
    Receipt,
    Receivable,
    ReceivableState,
)
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

BY_CARD = Decimal(100_000)  # what a card pays at once
SHORT = Decimal(8000)  # of what is open, so that rows paid in part are seen


def pay(
    session: Any, world: World, account: OrderAccount, kind: FundKind, amount: Decimal, moment: datetime,
    *, cashier: str = "developer_finance", **more: Any,
) -> Receipt:  # fmt: skip
    """The clerk enters a receipt at a moment and the cashier confirms it the same hour; through the flow, as in life."""
    receipt = enter(session, world, account, kind, amount, moment, **more)
    with world.acting(cashier, moment) as who:
        fire(session, receipt, "confirm", who, arrived_on=moment.date())
    return receipt


def enter(
    session: Any, world: World, account: OrderAccount, kind: FundKind, amount: Decimal, moment: datetime,
    *, clerk: str = "clerk", bank: str = "江城银行滨江支行", **more: Any,
) -> Receipt:  # fmt: skip
    """A receipt that waits for its confirmation: by POS, large sums by transfer, the loan by the bank."""
    world.kept["references"] = number = world.kept.get("references", 0) + 1
    how: dict[str, Any] = {"method": Method.POS, "pos_terminal": "T0318", "reference": f"{moment:%y%m%d}{number:05d}"}
    if kind in (FundKind.BANK_LOAN, FundKind.FUND_LOAN):
        how = {"method": Method.BANK_LOAN, "payer_name": bank, "reference": f"FK{number:06d}"}
    elif amount > BY_CARD:
        how = {"method": Method.TRANSFER, "reference": f"ZZ{moment:%y%m%d}{number:05d}"}
    with world.acting(clerk, moment) as who:
        return enter_receipt(session, who, account, kind=kind, amount=amount, paid_on=moment.date(), **(how | more))


def load(session: Any, world: World) -> None:
    """Today's desk of 江畔云庐: a notice, two receipts to confirm, a red entry and a refund to decide, reminders of overdue rows."""
    write(session, lambda: age_rows(session))  # the days since the orders have passed without the job
    rows = _open_rows(session, world)
    waiting = iter(rows)
    for hour in (9, 10):
        if (row := next(waiting, None)) is not None:
            enter(session, world, row.account, row.kind, min(row.open_amount, SHORT), world.at(0, hour, 5))
    if (row := next(waiting, None)) is not None:
        _notice(session, world, row)
    if (row := next(waiting, None)) is not None:
        receipt = pay(session, world, row.account, row.kind, min(row.open_amount, SHORT), world.at(1, 15, 20))
        with world.acting("developer_finance", world.at(1, 16, 40)) as who:
            fire(session, receipt, "ask_reversal", who, note="刷错账户，应记入另一套房")
    for row in [r for r in rows if r.state is ReceivableState.OVERDUE][:3]:
        with world.acting("clerk", world.at(0, 9, 30)) as who:
            fire(
                session,
                row,
                "remind",
                who,
                how="电话",
                promised_on=world.day(-3),
                next_on=world.day(-2),
                note="客户在筹款",
            )
    _refund(session, world)


def _open_rows(session: Any, world: World) -> list[Receivable]:
    """Rows of buyers that wait for money, one an account, oldest due first."""
    query = (
        select(Receivable)
        .join(OrderAccount, OrderAccount.id == Receivable.account_id)
        .where(
            Receivable.project_id == world.projects["JPYL"].id,
            Receivable.payer == PaidBy.BUYER,
            Receivable.state.in_((ReceivableState.OVERDUE, ReceivableState.DUE, ReceivableState.PARTIAL)),
            OrderAccount.closed_at.is_(None),
        )
        .order_by(Receivable.due_on, Receivable.id)
    )
    first: dict[int, Receivable] = {}
    for row in session.scalars(query):
        first.setdefault(row.account_id, row)
    return list(first.values())


def _notice(session: Any, world: World, row: Receivable) -> None:
    with world.acting("clerk", world.at(0, 9, 50)) as who:

        def issue() -> None:
            paper = PaymentNotice(
                account_id=row.account_id,
                kind=row.kind,
                amount=row.open_amount,
                pay_by=world.day(-5),
                created_by=who.person_id,
            )
            follow_account(paper, row.account)
            paper.number = number_for(session, paper, world.today)
            with as_step(session):
                session.add(paper)
                session.flush()

        write(session, issue)


def _refund(session: Any, world: World) -> None:
    """Somebody whose rows are all paid paid a hundred yuan too much yesterday."""
    busy = select(Receivable.account_id).where(
        Receivable.payer == PaidBy.BUYER, Receivable.state.not_in((ReceivableState.PAID, ReceivableState.CANCELLED))
    )
    query = select(OrderAccount).where(
        OrderAccount.project_id == world.projects["JPYL"].id,
        OrderAccount.closed_at.is_(None),
        OrderAccount.id.not_in(busy),
    )
    account = session.scalars(query.order_by(OrderAccount.id).limit(1)).first()
    if account is None:
        return
    receipt = pay(session, world, account, FundKind.PRICE, Decimal(100), world.at(1, 14, 10))
    with world.acting("clerk", world.at(0, 10, 30)) as who:
        request_refund(session, who, receipt, Decimal(100), "客户重复刷卡，多缴 100 元")
