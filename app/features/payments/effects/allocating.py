"""Which rows confirmed money pays: allocations are written, taken back and never changed (02 §2.3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.organisation.parameters import parameter
from app.features.payments.effects.ledger import UNSCOPED, seal_of
from app.features.payments.models import (
    CONFIRMED_STATES,
    FundKind,
    LedgerAllocation,
    OrderAccount,
    PaidBy,
    Receipt,
    ReceiptState,
    Receivable,
    ReceivableState,
    Refund,
    RefundState,
)
from app.features.payments.rules import OpenRow, allocate
from app.features.payments.rules.booking import LINES, credit_code, payer_of
from app.features.payments.rules.dunning import level_on, may_terminate, next_change
from app.features.payments.rules.standing import standing
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.workflow import fire

FRESH = {"populate_existing": True, **UNSCOPED}  # read under the lock of the account: nothing of before it counts

TO = {
    ReceivableState.NOT_DUE: "await",
    ReceivableState.DUE: "fall_due",
    ReceivableState.PARTIAL: "pay_part",
    ReceivableState.PAID: "pay_off",
    ReceivableState.OVERDUE: "become_overdue",
    ReceivableState.EXTENDED: "count_extended",
}


def live_rows(session: Session, account_id: int) -> list[Receivable]:
    """Rows of an account that are not cancelled."""
    query = (
        select(Receivable)
        .where(Receivable.account_id == account_id, Receivable.state != ReceivableState.CANCELLED)
        .order_by(Receivable.id)
    )
    return list(session.scalars(query, execution_options=FRESH))


def same_instalment(session: Session, row: Receivable) -> list[Receivable]:
    """The row and its fellows: one instalment of the plan that is owed for several 计价项目 is put off and asked for as one."""
    if row.line is None:
        return [row]
    return [
        other
        for other in live_rows(session, row.account_id)
        if other.id == row.id
        or (
            other.line is not None and other.received < other.amount
            and (other.kind, other.payer, other.instalment, other.payable_on)
            == (row.kind, row.payer, row.instalment, row.payable_on)
        )
    ]  # fmt: skip


def refresh(session: Session, account: OrderAccount, actor: Actor) -> int:
    """Move every row of the account to the state that its money and its date give it; returns how many moved."""
    today = now().date()
    moved = 0
    days = parameter(session, account.project_id, "dunning_days")
    for row in live_rows(session, account.id):
        _note_dunning(row, account, today, days)
        target = standing(row.amount, row.received, row.due_on, today, row.extended_to)
        if target is not row.state:
            fire(session, row, TO[target], actor, internal=True)
            moved += 1
    return moved


def _note_dunning(row: Receivable, account: OrderAccount, today: date, days: tuple[int, ...]) -> None:
    """How far dunning is, and when it changes next; a paid row asks for nothing."""
    if row.received >= row.amount:
        row.dunning_level, row.dunning_on, row.terminable = 0, None, False
        return
    limit = account.termination_days if row.payer is PaidBy.BUYER and row.kind is not FundKind.LATE_FEE else None
    row.dunning_level = level_on(row.payable_on, today, days)
    row.dunning_on = next_change(row.payable_on, today, days, limit)
    row.terminable = may_terminate(row.payable_on, today, limit)


def _takes(kind: FundKind, row: Receivable) -> bool:
    """Whether money of this kind may pay the row: same payer; charges apart from the price only by their own kind."""
    if row.payer is not payer_of(kind):
        return False
    if row.kind is FundKind.LATE_FEE:
        return credit_code(kind) is credit_code(FundKind.PRICE) or kind is FundKind.LATE_FEE
    return row.kind is kind or (credit_code(row.kind) is credit_code(kind) is credit_code(FundKind.PRICE))


def parts_for(
    session: Session, project_id: int, kind: FundKind, amount: Decimal, rows: Iterable[tuple[Receivable, Decimal]]
) -> list[tuple[Receivable, Decimal]]:
    """Which rows (with their open yuan) the amount pays: those of its 计价项目, then oldest due first, late fees last by parameter."""
    fitting = {row.id: (row, rest) for row, rest in rows if rest > 0 and _takes(kind, row)}
    found = allocate(
        amount,
        [
            OpenRow(key, row.payable_on, rest, row.kind is FundKind.LATE_FEE, kind in LINES and row.line is LINES[kind])
            for key, (row, rest) in fitting.items()
        ],
        late_fee_last=bool(parameter(session, project_id, "late_fee_last")),
    )
    return [(fitting[key][0], part) for key, part in found.parts]


def open_rows(session: Session, account_id: int) -> list[tuple[Receivable, Decimal]]:
    """The rows of an account with what is still open."""
    return [(row, row.open_amount) for row in live_rows(session, account_id)]


def write_parts(session: Session, receipt: Receipt, parts: Iterable[tuple[Receivable, Decimal]], at: datetime) -> None:
    """Write allocations of a receipt (negative = taken back) and keep the rows' received sums in step."""
    for row, amount in parts:
        part = LedgerAllocation(
            project_id=receipt.project_id,
            account_id=receipt.account_id,
            receipt_id=receipt.id,
            receivable_id=row.id,
            amount=amount,
            at=at,
        )
        part.seal = seal_of(part)
        session.add(part)
        row.received += amount
    session.flush()


def allocated_parts(session: Session, *conditions: Any) -> list[tuple[Receivable, int, Decimal]]:
    """(row, receipt id, yuan) of what is allocated now under these conditions on LedgerAllocation."""
    query = (
        select(LedgerAllocation.receivable_id, LedgerAllocation.receipt_id, func.sum(LedgerAllocation.amount))
        .where(*conditions)
        .group_by(LedgerAllocation.receivable_id, LedgerAllocation.receipt_id)
        .having(func.sum(LedgerAllocation.amount) != 0)
    )
    found = session.execute(query, execution_options=UNSCOPED).all()
    ids = [line[0] for line in found]
    rows = {
        row.id: row
        for row in session.scalars(select(Receivable).where(Receivable.id.in_(ids)), execution_options=UNSCOPED)
    }
    return [(rows[row_id], receipt_id, amount) for row_id, receipt_id, amount in found]


def free_money(session: Session, receipt: Receipt) -> Decimal:
    """What of a confirmed receipt pays no row and is not promised back: 预收, yuan."""
    used = session.scalar(
        select(func.coalesce(func.sum(LedgerAllocation.amount), 0)).where(LedgerAllocation.receipt_id == receipt.id),
        execution_options=UNSCOPED,
    )
    return receipt.amount - (used or Decimal(0)) - refunded(session, receipt.id)


def refunded(session: Session, receipt_id: int) -> Decimal:
    """What went or will go back of a receipt, yuan."""
    query = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.receipt_id == receipt_id, Refund.state != RefundState.VOID
    )
    total: Decimal = session.scalar(query, execution_options=UNSCOPED) or Decimal(0)
    return total


def confirmed_receipts(session: Session, account_id: int) -> list[Receipt]:
    """Receipts of an account that count as money, oldest confirmation first."""
    query = (
        select(Receipt)
        .where(Receipt.account_id == account_id, Receipt.state.in_(CONFIRMED_STATES))
        .order_by(Receipt.confirmed_at, Receipt.id)
    )
    return list(session.scalars(query, execution_options=FRESH))


def allocate_prepaid(session: Session, account: OrderAccount, actor: Actor) -> None:
    """Let 预收 pay rows that came later or were opened again; late fees wait for money of their own."""
    for receipt in confirmed_receipts(session, account.id):
        free = free_money(session, receipt)
        rows = [
            (row, rest)
            for row, rest in open_rows(session, account.id)
            if credit_code(row.kind) is credit_code(receipt.kind)
        ]
        if free > 0:
            write_parts(session, receipt, parts_for(session, account.project_id, receipt.kind, free, rows), now())
    refresh(session, account, actor)


def pending_parts(session: Session, account: OrderAccount) -> dict[int, Decimal]:
    """What receipts that wait for confirmation would pay: yuan by row id."""
    found: dict[int, Decimal] = {}
    for _receipt, row_id, part in _waiting_parts(session, account):
        found[row_id] = found.get(row_id, Decimal(0)) + part
    return found


def beyond_owed(session: Session, receipt: Receipt) -> Decimal:
    """What of a receipt that waits would pay nothing that is owed: it would be kept as 预收, yuan."""
    used = sum(
        (part for one, _row_id, part in _waiting_parts(session, receipt.account) if one.id == receipt.id), Decimal(0)
    )
    return receipt.amount - used


def _waiting_parts(session: Session, account: OrderAccount) -> Iterator[tuple[Receipt, int, Decimal]]:
    """(receipt, row id, yuan) of the receipts that wait, in the order in which they were entered."""
    rest = {row.id: (row, amount) for row, amount in open_rows(session, account.id)}
    query = (
        select(Receipt)
        .where(Receipt.account_id == account.id, Receipt.state == ReceiptState.PENDING)
        .order_by(Receipt.id)
    )
    for receipt in session.scalars(query, execution_options=UNSCOPED):
        for row, part in parts_for(session, account.project_id, receipt.kind, receipt.amount, rest.values()):
            rest[row.id] = (row, rest[row.id][1] - part)
            yield receipt, row.id, part
