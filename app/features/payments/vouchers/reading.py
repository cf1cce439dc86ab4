"""The postings of a month as voucher lines, numbered from 1 in the order in which they were booked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.features.organisation.parameters import parameters
from app.features.payments.closing.guard import next_day
from app.features.payments.models import LedgerCode, LedgerPosting, OrderAccount
from app.features.payments.vouchers.rules import CODE_OF, VoucherLine
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
        )
        for number, posting in enumerate(postings, 1)
        for entry in posting.entries
    ]


def account_codes(session: Session, project_id: int) -> tuple[dict[LedgerCode, str], str]:
    """The site's account codes, and its 凭证字."""
    values = parameters(session, project_id, (*CODE_OF.values(), "voucher_word"))
    return {code: str(values[key]) for code, key in CODE_OF.items()}, str(values["voucher_word"])
