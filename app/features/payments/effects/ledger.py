"""Posting: the only way into the ledger. One event = one balanced posting, sealed to the one before (04 R2, R3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.payments.closing.guard import require_open_month
from app.features.payments.models import FundKind, LedgerAllocation, LedgerCode, LedgerEntry, LedgerPosting, PostingKind
from app.features.payments.rules.booking import APART, Line
from app.kernel.actors import Actor
from app.kernel.money import to_fen
from app.kernel.numbering import next_value

UNSCOPED = {"unscoped": True}  # the ledger is read by the papers that the actor may see; sums are no rows
CREDITS = (LedgerCode.BUYERS, *dict.fromkeys(APART.values()))


def book_of(project_id: int) -> str:
    """The key under which the postings of a project are counted; whoever holds it, holds the book."""
    return f"ledger:{project_id}"


def post(
    session: Session,
    actor: Actor,
    paper: Any,
    kind: PostingKind,
    lines: Sequence[Line],
    *,
    account_id: int,
    memo: str,
    at: datetime,
    reverses: LedgerPosting | None = None,
    booked_on: date | None = None,
) -> LedgerPosting:
    """Book one event of a paper (a row with project_id). Raises ValueError unless the lines balance to the fen.

    booked_on: the day of the money (default the day of the act); RuleError when its month is closed. The unique rule on (subject, subject_id, kind) books an event once, whatever runs in parallel.
    """
    if not lines or sum(to_fen(line.amount) for line in lines) != 0:
        raise ValueError(f"unbalanced posting of {paper.__tablename__} {paper.id}")
    day = booked_on or at.date()
    sequence = next_value(session, book_of(paper.project_id))  # locks the book until the commit
    # asked under that lock: a month closes under it, too
    require_open_month(session, paper.project_id, day, "", "记账日")
    posting = LedgerPosting(
        project_id=paper.project_id, sequence=sequence, kind=kind, booked_on=day, at=at, subject=paper.__tablename__,
        subject_id=paper.id, memo=memo[:300], person_id=actor.person_id,
        reverses_id=reverses.id if reverses is not None else None,
        previous=_digest_before(session, paper.project_id, sequence), entries=_entries(paper.project_id, account_id, lines),
    )  # fmt: skip
    posting.digest = digest_of(posting)
    session.add(posting)
    session.flush()
    return posting


def _digest_before(session: Session, project_id: int, sequence: int) -> str:
    query = select(LedgerPosting.digest).where(
        LedgerPosting.project_id == project_id, LedgerPosting.sequence == sequence - 1
    )
    return session.scalar(query, execution_options=UNSCOPED) or ""


def _entries(project_id: int, account_id: int, lines: Sequence[Line]) -> list[LedgerEntry]:
    return [
        LedgerEntry(
            project_id=project_id,
            line=number,
            code=line.code,
            account_id=line.account_id or account_id,
            fund_kind=line.fund_kind,
            amount=line.amount,
        )
        for number, line in enumerate(lines, 1)
    ]


def digest_of(posting: LedgerPosting) -> str:
    """SHA-256 over the content of a posting, its entries and the digest of the posting before."""
    content = [
        [
            posting.project_id,
            posting.sequence,
            posting.kind.value,
            posting.booked_on.isoformat(),
            posting.at.isoformat(),
        ],
        [posting.subject, posting.subject_id, posting.memo, posting.person_id, posting.reverses_id, posting.previous],
        [
            [
                e.project_id,
                e.line,
                e.code.value,
                e.account_id,
                e.fund_kind.value if e.fund_kind else None,
                to_fen(e.amount),
            ]
            for e in posting.entries
        ],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def seal_of(row: LedgerAllocation) -> str:
    """SHA-256 over an allocation."""
    content = [
        row.project_id,
        row.account_id,
        row.receipt_id,
        row.receivable_id,
        to_fen(row.amount),
        row.at.isoformat(),
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def posting_of(session: Session, paper: Any, kind: PostingKind) -> LedgerPosting | None:
    """The posting of an event of this paper."""
    return session.scalars(
        select(LedgerPosting).where(
            LedgerPosting.subject == paper.__tablename__,
            LedgerPosting.subject_id == paper.id,
            LedgerPosting.kind == kind,
        ),
        execution_options=UNSCOPED,
    ).first()


def confirmed_total(session: Session, account_id: int, kinds: Iterable[FundKind] | None = None) -> Decimal:
    """«已收» of an account from the ledger, yuan: what 甲方财务 confirmed, less red entries, refunds and settlements.

    kinds None: all money toward the price (预收房款), late fees and collected charges excluded; else money of these kinds.
    """
    query = select(func.coalesce(-func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.account_id == account_id)
    if kinds is None:
        query = query.where(LedgerEntry.code == LedgerCode.BUYERS)
    else:
        query = query.where(LedgerEntry.code.in_(CREDITS), LedgerEntry.fund_kind.in_(list(kinds)))
    total: Decimal = session.scalar(query, execution_options=UNSCOPED) or Decimal(0)
    return total


def held_by_kind(session: Session, account_id: int, code: LedgerCode = LedgerCode.BUYERS) -> dict[FundKind, Decimal]:
    """What lies in 预收房款 (or another 科目) of an account, by kind; kinds with nothing are left out."""
    query = (
        select(LedgerEntry.fund_kind, -func.sum(LedgerEntry.amount))
        .where(LedgerEntry.account_id == account_id, LedgerEntry.code == code)
        .group_by(LedgerEntry.fund_kind)
        .order_by(LedgerEntry.fund_kind)
    )
    rows = session.execute(query, execution_options=UNSCOPED)
    return {kind: amount for kind, amount in rows if kind is not None and amount}
