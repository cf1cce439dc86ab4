"""The differences of a 对账: what the book has and the bank has not, what waits though the bank has it already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.organisation.parameters import parameter
from app.features.payments.bank.effects import paper_of, unproved_receipts, unproved_refunds
from app.features.payments.bank.models import BankLine, BankMatch, LineState
from app.features.payments.bank.rules import BankEntry, match
from app.features.payments.models import Method, Receipt, ReceiptState, Refund


def unproved_since(session: Session, project_id: int) -> list[Receipt | Refund]:
    """Receipts and refunds that no line proves, from the day of the first line on: earlier days were never reconciled here."""
    first = session.scalar(select(func.min(BankLine.booked_on)).where(BankLine.project_id == project_id))
    if first is None:
        return []
    papers: list[Receipt | Refund] = [*unproved_receipts(session, project_id), *unproved_refunds(session, project_id)]
    return [paper for paper in papers if paper_of(paper).day >= first]


def waiting_at_the_bank(session: Session, project_id: int, lines: Sequence[BankLine]) -> list[Receipt]:
    """待确认 receipts that an open line would prove: 甲方财务 may confirm them."""
    query = select(Receipt).where(
        Receipt.project_id == project_id, Receipt.state == ReceiptState.PENDING, Receipt.method != Method.CASH
    )
    receipts = {("receipt", receipt.id): receipt for receipt in session.scalars(query.order_by(Receipt.id))}
    entries = [
        BankEntry(e.id, e.credited.value, e.booked_on, e.amount, e.reference, f"{e.counterparty} {e.memo}")
        for e in lines
    ]
    found = match(
        entries, [paper_of(r) for r in receipts.values()], days=parameter(session, project_id, "reconcile_days")
    )
    return [receipts[paper.key] for _entry, papers, _how in found.pairs for paper in papers]


def lines_of(session: Session, receipt: Receipt) -> list[BankLine]:
    """The lines that prove a receipt; of one that waits the open ones of the same account and sum within the days."""
    if receipt.state != ReceiptState.PENDING:
        proving = select(BankMatch.line_id).where(BankMatch.receipt_id == receipt.id, BankMatch.undone_at.is_(None))
        return list(session.scalars(select(BankLine).where(BankLine.id.in_(proving)).order_by(BankLine.id)))
    paper, days = paper_of(receipt), timedelta(days=parameter(session, receipt.project_id, "reconcile_days"))
    query = select(BankLine).where(
        BankLine.project_id == receipt.project_id, BankLine.state == LineState.OPEN, BankLine.credited == receipt.credited,
        BankLine.income == paper.amount, BankLine.booked_on.between(paper.day - days, paper.day + days),
    )  # fmt: skip
    return list(session.scalars(query.order_by(BankLine.booked_on, BankLine.id)))


def imported_until(session: Session, project_id: int) -> date | None:
    """The day of the newest line of the bank; None where nobody imports them."""
    return session.scalar(select(func.max(BankLine.booked_on)).where(BankLine.project_id == project_id))
