"""A month is closed by 甲方财务 or by the calendar on its day, and opened again by 甲方负责人 with a reason."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.organisation.parameters import parameters
from app.features.payments.closing.guard import UNSCOPED, next_day
from app.features.payments.closing.models import MonthClose, MonthState
from app.features.payments.effects.ledger import book_of
from app.features.payments.models import (
    LedgerCode,
    LedgerEntry,
    LedgerPosting,
    PostingKind,
    Receipt,
    ReceiptState,
)
from app.kernel.actors import SYSTEM
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.numbering import hold
from app.kernel.posts import Post
from app.kernel.workflow import Act, as_step, fire

MONEY = (LedgerCode.CASH, LedgerCode.BANK_GENERAL, LedgerCode.BANK_SUPERVISED)
IN = (PostingKind.RECEIPT, PostingKind.REVERSAL)


def check_month(paper: MonthClose) -> None:
    """A month that is over. Raises RuleError with the field."""
    paper.month = paper.month.strip().replace("/", "-").replace(".", "-")
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", paper.month):
        raise RuleError("月份请写成 2026-11 的样子", field="month")
    if paper.month >= f"{now():%Y-%m}":
        raise RuleError("{month} 还没有过完，不能结账", field="month", month=paper.month)


def _within(paper: MonthClose) -> tuple[date, date]:
    return paper.first_day, next_day(paper.month)


def book_is_still(act: Act) -> None:
    """Guard that comes first: nothing is posted while a month is being closed."""
    hold(act.session, book_of(act.document.project_id))


def waiting_receipts(session: Session, paper: MonthClose) -> int:
    """Receipts of the month that nobody has confirmed or voided."""
    first, end = _within(paper)
    query = select(func.count(Receipt.id)).where(
        Receipt.project_id == paper.project_id, Receipt.state == ReceiptState.PENDING, Receipt.paid_on >= first, Receipt.paid_on < end
    )  # fmt: skip
    return session.scalar(query, execution_options=UNSCOPED) or 0


def no_receipt_waits(act: Act) -> None:
    """Receipts of the month are confirmed or voided before it is closed: afterwards they could not be."""
    if number := waiting_receipts(act.session, act.document):
        raise RuleError("{month} 还有 {n} 张收款单待确认，请先确认或作废再结账", month=act.document.month, n=number)


def earlier_open(session: Session, paper: MonthClose) -> MonthClose | None:
    """The oldest month before it that is not closed."""
    query = select(MonthClose).where(
        MonthClose.project_id == paper.project_id, MonthClose.month < paper.month, MonthClose.state != MonthState.CLOSED
    )
    return session.scalar(query.order_by(MonthClose.month).limit(1), execution_options=UNSCOPED)


def earlier_are_closed(act: Act) -> None:
    """Books are closed in order."""
    earlier = earlier_open(act.session, act.document)
    if earlier is not None:
        raise RuleError("请先结 {month} 月的账", month=earlier.month)


def sums_of(session: Session, paper: MonthClose) -> tuple[int, Decimal, Decimal]:
    """Postings, yuan received and yuan paid back in the month, as the book has them now."""
    first, end = _within(paper)
    of_month = (
        LedgerPosting.project_id == paper.project_id,
        LedgerPosting.booked_on >= first,
        LedgerPosting.booked_on < end,
    )
    number = session.scalar(select(func.count(LedgerPosting.id)).where(*of_month), execution_options=UNSCOPED) or 0
    moved = (
        select(LedgerPosting.kind, func.sum(LedgerEntry.amount))
        .join(LedgerEntry, LedgerEntry.posting_id == LedgerPosting.id)
        .where(*of_month, LedgerEntry.code.in_((*MONEY, LedgerCode.BANK_CHARGES)))
        .group_by(LedgerPosting.kind)
    )
    sums = {row[0]: row[1] for row in session.execute(moved, execution_options=UNSCOPED)}
    return (
        number,
        sum((sums.get(kind, Decimal(0)) for kind in IN), Decimal(0)),
        -sums.get(PostingKind.REFUND, Decimal(0)),
    )


def take_sums(session: Session, paper: MonthClose) -> None:
    """Writes them down: final when the month is closed, until then what the book had at the last look."""
    paper.postings, paper.received, paper.refunded = sums_of(session, paper)


def close_month(act: Act) -> None:
    """The sums of the month as the book has them now."""
    paper: MonthClose = act.document
    take_sums(act.session, paper)
    paper.closed_at, paper.closed_by = act.at, act.actor.person_id


def reopen_month(act: Act) -> None:
    """甲方负责人 says why; the cashiers read it."""
    paper: MonthClose = act.document
    paper.reason, paper.closed_at, paper.closed_by = act.note[:300], None, None
    notify_posts(
        act.session, [Post.DEVELOPER_FINANCE], paper.project_id, f"{paper.month} 月已重开", body=act.note,
        url=f"/month-close/show/{paper.id}", kind=NoticeKind.REMINDER, outside="有月份重开",
    )  # fmt: skip


@every(seconds=3600, name="month_close")
def close_by_calendar(session: Session) -> int:
    """On its day (default the 3rd) the month before is closed; what stands against it is told to the cashiers once.

    A month that closes at once is in the list of closed months; nobody has anything to do.
    """
    today = now().date()
    closed = 0
    for project_id, month in _months_to_close(session, today):
        values = parameters(session, project_id, ("month_close_day", "month_close_auto"))
        if today < next_day(month).replace(day=values["month_close_day"]):
            continue
        paper = _paper(session, project_id, month)
        if paper is None:
            paper = MonthClose(project_id=project_id, month=month)
            take_sums(session, paper)
            with as_step(session):
                session.add(paper)
                session.flush()
            closed += 1
            if not (values["month_close_auto"] and _may_close(session, paper)):
                _tell_due(session, paper, automatic=values["month_close_auto"])
        if values["month_close_auto"] and paper.state is MonthState.OPEN and _may_close(session, paper):
            fire(session, paper, "close", SYSTEM, internal=True, note="到期自动结账")
            closed += 1
    return closed


def _may_close(session: Session, paper: MonthClose) -> bool:
    return not waiting_receipts(session, paper) and earlier_open(session, paper) is None


def _tell_due(session: Session, paper: MonthClose, *, automatic: bool) -> None:
    how = "待确认的收款单处理完后自动结账" if automatic else "请核对后结账"
    notify_posts(
        session, [Post.DEVELOPER_FINANCE], paper.project_id, f"{paper.month} 月到期结账", body=how,
        url=f"/month-close/show/{paper.id}", kind=NoticeKind.REMINDER, outside="有月份到期结账",
    )  # fmt: skip


def _paper(session: Session, project_id: int, month: str) -> MonthClose | None:
    query = select(MonthClose).where(MonthClose.project_id == project_id, MonthClose.month == month)
    return session.scalars(query, execution_options=UNSCOPED).first()


def _months_to_close(session: Session, today: date) -> list[tuple[int, str]]:
    """Months before this one in which something was booked, oldest first, not closed yet."""
    query = (
        select(LedgerPosting.project_id, LedgerPosting.booked_on)
        .where(LedgerPosting.booked_on < today.replace(day=1))
        .distinct()
    )
    booked = {(row[0], f"{row[1]:%Y-%m}") for row in session.execute(query, execution_options=UNSCOPED)}
    done = select(MonthClose.project_id, MonthClose.month).where(MonthClose.state != MonthState.OPEN)
    closed = {(row[0], row[1]) for row in session.execute(done, execution_options=UNSCOPED)}
    return sorted(booked - closed, key=lambda one: (one[0], one[1]))
