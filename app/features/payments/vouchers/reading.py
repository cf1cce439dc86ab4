"""The postings of a month as voucher lines, numbered from 1 in the order in which they were booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.features.organisation.parameters import parameters
from app.features.payments.closing.guard import next_day
from app.features.payments.models import LedgerPosting, OrderAccount
from app.features.payments.vouchers.rules import CODE_OF, Books, VoucherLine
from app.kernel.audit import AuditEntry
from app.kernel.screens.display import lookup_names


def latest_day(session: Session, project_id: int, before: date) -> date | None:
    """The day of the newest posting before a day within the person's book."""
    query = select(func.max(LedgerPosting.booked_on))
    return session.scalar(query.where(LedgerPosting.project_id == project_id, LedgerPosting.booked_on < before))


def voucher_lines(session: Session, project_id: int, month: str) -> list[VoucherLine]:
    """Lines of the month «2026-11» within the person's book."""
    first = date(int(month[:4]), int(month[5:7]), 1)
    query = (
        select(LedgerPosting)
        .where(
            LedgerPosting.project_id == project_id,
            LedgerPosting.booked_on >= first,
            LedgerPosting.booked_on < next_day(month),
        )
        .order_by(LedgerPosting.sequence)
        .options(selectinload(LedgerPosting.entries))
    )
    postings = list(session.scalars(query))
    people = lookup_names("person", {posting.person_id for posting in postings})
    keys = {entry.account_id for posting in postings for entry in posting.entries}
    titles = {
        row[0]: row[1]
        for row in session.execute(
            select(OrderAccount.id, OrderAccount.title).where(OrderAccount.project_id == project_id)
        )
        if row[0] in keys
    }
    return [
        VoucherLine(
            number,
            entry.line,
            posting.booked_on,
            posting.memo,
            entry.code,
            entry.amount,
            titles.get(entry.account_id, ""),
            people.get(posting.person_id, ""),
            red=posting.reverses_id is not None,
        )
        for number, posting in enumerate(postings, 1)
        for entry in posting.entries
    ]


EXPORTERS_NAME = "导出人"  # as 凭证制单人: whoever takes the vouchers away


def books_of(session: Session, project_id: int, exporter: str) -> Books:
    """The site's account codes, its 凭证字, and who stands as 制单人."""
    values = parameters(session, project_id, (*CODE_OF.values(), "voucher_word", "voucher_maker"))
    maker = str(values["voucher_maker"])
    codes = {code: str(values[key]) for code, key in CODE_OF.items()}
    return Books(codes, str(values["voucher_word"]), exporter if maker == EXPORTERS_NAME else maker)


SUBJECT = "vouchers"  # of the lines of the trail that tell of exports


@dataclass(frozen=True)
class Taking:
    """One export of a month: when, by whom, for which program, which vouchers, whether the month was closed then."""

    at: datetime
    person: str
    program: str
    first: int
    last: int
    debit: Decimal
    closed: bool


def takings(session: Session, project_id: int, month: str) -> list[Taking]:
    """The exports of a month as the trail tells them, newest first."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.act == "export", AuditEntry.subject == SUBJECT, AuditEntry.project_id == project_id)
        .order_by(AuditEntry.id.desc())
    )
    return [_taking(entry) for entry in session.scalars(query) if entry.changes.get("month") == month]


def _taking(entry: AuditEntry) -> Taking:
    """Lines of older versions tell program and month only."""
    told: dict[str, Any] = entry.changes
    try:
        debit = Decimal(str(told.get("debit", "")))
    except InvalidOperation:
        debit = Decimal(0)
    return Taking(
        entry.at, entry.person_name, str(told.get("program", "")), int(told.get("first", 0)), int(told.get("last", 0)), debit,
        bool(told.get("closed", False)),
    )  # fmt: skip
