"""What `./anchang doctor` asks of the money: every posting balances, nothing was changed, sums agree to the fen (04 R2, R3)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.features.payments.effects.ledger import UNSCOPED, digest_of, seal_of
from app.features.payments.models import (
    CONFIRMED_STATES,
    LedgerAllocation,
    LedgerCode,
    LedgerEntry,
    LedgerPosting,
    OrderAccount,
    PostingKind,
    Receipt,
    ReceiptState,
    Receivable,
    Refund,
    RefundState,
)
from app.kernel.numbering import Counter

BATCH = 500
EXPECTED = {  # which events of a receipt are booked in which state
    ReceiptState.PENDING: set(),
    ReceiptState.VOID: set(),
    ReceiptState.CONFIRMED: {PostingKind.RECEIPT},
    ReceiptState.REVERSING: {PostingKind.RECEIPT},
    ReceiptState.REVERSED: {PostingKind.RECEIPT, PostingKind.REVERSAL},
}


def verify(session: Session) -> Iterator[str]:
    """Chinese findings, one a fault; nothing when all is well."""
    yield from _chain(session)
    yield from _allocations(session)
    yield from _papers(session)


def _chain(session: Session) -> Iterator[str]:
    """Balance, digest, sequence and the counted end of the book of every project."""
    last: dict[int, tuple[int, str]] = {}
    query = (
        select(LedgerPosting)
        .order_by(LedgerPosting.project_id, LedgerPosting.sequence)
        .options(selectinload(LedgerPosting.entries))
    )
    for posting in session.scalars(query, execution_options={"yield_per": BATCH, **UNSCOPED}):
        before, digest = last.get(posting.project_id, (0, ""))
        name = f"项目 {posting.project_id} 凭证 {posting.sequence}"
        if posting.sequence != before + 1:
            yield f"{name}：前一张凭证号是 {before}，中间缺号"
        if sum((e.amount for e in posting.entries), Decimal(0)) != 0 or not posting.entries:
            yield f"{name}：借贷不平"
        if posting.previous != digest:
            yield f"{name}：与前一张凭证的摘要接不上"
        if digest_of(posting) != posting.digest:
            yield f"{name}：内容与记账时不符"
        last[posting.project_id] = (posting.sequence, posting.digest)
    counters = {c.key: c.value for c in session.scalars(select(Counter).where(Counter.key.startswith("ledger:")))}
    for key, value in counters.items():
        found = last.get(int(key.removeprefix("ledger:")), (0, ""))[0]
        if found != value:
            yield f"项目 {key.removeprefix('ledger:')} 总账应有 {value} 张凭证，只到第 {found} 张"


def _allocations(session: Session) -> Iterator[str]:
    """Every allocation is as it was written; received = Σ allocations; no receipt pays more than it is."""
    for part in session.scalars(select(LedgerAllocation), execution_options={"yield_per": BATCH, **UNSCOPED}):
        if seal_of(part) != part.seal:
            yield f"分配记录 {part.id}：内容与写入时不符"
    for model, key, whole in (
        (Receivable, LedgerAllocation.receivable_id, Receivable.received),
        (Receipt, LedgerAllocation.receipt_id, Receipt.amount),
    ):
        sums = select(key.label("key"), func.sum(LedgerAllocation.amount).label("sum")).group_by(key).subquery()
        paid = func.coalesce(sums.c.sum, 0)
        wrong = paid != whole if model is Receivable else (paid > whole) | (paid < 0)
        query = select(model.id, paid, whole).outerjoin(sums, sums.c.key == model.id).where(wrong)
        for row_id, found, stored in session.execute(query, execution_options=UNSCOPED):
            yield f"{model.__label__} {row_id}：记录 {stored} 元，分配合计 {found} 元"


def _papers(session: Session) -> Iterator[str]:
    """Confirmed ⇔ posted with the same amount; paid refund ⇔ posted; nobody has less than nothing in 预收房款."""
    booked: dict[tuple[str, int], set[PostingKind]] = {}
    rows = session.execute(
        select(LedgerPosting.subject, LedgerPosting.subject_id, LedgerPosting.kind), execution_options=UNSCOPED
    )
    for subject, key, kind in rows:
        booked.setdefault((subject, key), set()).add(kind)
    for key, state in session.execute(select(Receipt.id, Receipt.state), execution_options=UNSCOPED):
        if booked.get(("receipt", key), set()) != EXPECTED[state]:
            yield f"收款单 {key}：状态是「{state.label}」，与总账凭证不符"
    for key, refund_state in session.execute(select(Refund.id, Refund.state), execution_options=UNSCOPED):
        if (PostingKind.REFUND in booked.get(("refund", key), set())) != (refund_state is RefundState.PAID):
            yield f"退款单 {key}：状态是「{refund_state.label}」，与总账凭证不符"
    yield from _amounts(session)
    yield from _accounts(session)


def _amounts(session: Session) -> Iterator[str]:
    credit = (
        select(LedgerPosting.subject_id.label("key"), (-func.sum(LedgerEntry.amount)).label("sum"))
        .join(LedgerEntry, LedgerEntry.posting_id == LedgerPosting.id)
        .where(LedgerPosting.kind == PostingKind.RECEIPT, LedgerEntry.amount < 0)
        .group_by(LedgerPosting.subject_id)
        .subquery()
    )
    query = select(Receipt.id, Receipt.amount, credit.c.sum).join(credit, credit.c.key == Receipt.id)
    for key, amount, found in session.execute(query.where(credit.c.sum != Receipt.amount), execution_options=UNSCOPED):
        yield f"收款单 {key}：金额 {amount} 元，总账贷记 {found} 元"
    balance = -func.sum(LedgerEntry.amount)
    below = (
        select(LedgerEntry.account_id, balance)
        .where(LedgerEntry.code == LedgerCode.BUYERS)
        .group_by(LedgerEntry.account_id)
        .having(balance < 0)
    )
    for key, found in session.execute(below, execution_options=UNSCOPED):
        yield f"收款账户 {key}：预收房款余额 {found} 元，小于零"


def _accounts(session: Session) -> Iterator[str]:
    """What the receipts of an open account brought, less what went back of them, is what the ledger holds there (转款 included)."""
    brought = (
        select(LedgerPosting.subject_id.label("key"), (-func.sum(LedgerEntry.amount)).label("sum"))
        .join(LedgerEntry, LedgerEntry.posting_id == LedgerPosting.id)
        .where(LedgerPosting.kind == PostingKind.RECEIPT, LedgerEntry.code == LedgerCode.BUYERS)
        .group_by(LedgerPosting.subject_id)
        .subquery()
    )
    receipts = (
        select(Receipt.account_id, func.sum(brought.c.sum))
        .join(brought, brought.c.key == Receipt.id)
        .where(Receipt.state.in_(CONFIRMED_STATES))
        .group_by(Receipt.account_id)
    )
    back = (
        select(Receipt.account_id, func.sum(Refund.amount))
        .join(Receipt, Receipt.id == Refund.receipt_id)
        .where(Refund.state == RefundState.PAID, Refund.settled.is_(False))
        .group_by(Receipt.account_id)
    )
    book = (
        select(LedgerEntry.account_id, -func.sum(LedgerEntry.amount))
        .where(LedgerEntry.code == LedgerCode.BUYERS)
        .group_by(LedgerEntry.account_id)
    )
    came, went, held = (_sums(session, query) for query in (receipts, back, book))
    nothing = Decimal(0)
    for key in session.scalars(
        select(OrderAccount.id).where(OrderAccount.closed_at.is_(None)), execution_options=UNSCOPED
    ):
        papers = came.get(key, nothing) - went.get(key, nothing)
        if papers != held.get(key, nothing):
            yield f"收款账户 {key}：收款单合计 {papers} 元，总账预收房款 {held.get(key, nothing)} 元"


def _sums(session: Session, query: Select[int, Any]) -> dict[int, Decimal]:
    return {row[0]: row[1] for row in session.execute(query, execution_options=UNSCOPED)}
