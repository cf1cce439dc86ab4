"""What `./anchang doctor` asks of the bills: no serial missing or skipped, none says more than its receipt."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.payments.bills.lines import VALID
from app.features.payments.bills.models import Bill, BillBook, BillState
from app.features.payments.bills.rules import missing, serial_text, skipped
from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.models import CONFIRMED_STATES, Receipt

UNUSED = (BillState.BLANK, BillState.DRAWN)


def verify(session: Session) -> Iterator[str]:
    """Chinese findings, one a fault; nothing when all is well."""
    bills: dict[int, list[tuple[int, bool]]] = {}
    query = select(Bill.book_id, Bill.sequence, Bill.state).order_by(Bill.book_id, Bill.sequence)
    for book_id, number, state in session.execute(query, execution_options=UNSCOPED):
        bills.setdefault(book_id, []).append((number, state not in UNUSED))
    for book in session.scalars(select(BillBook).order_by(BillBook.id), execution_options=UNSCOPED):
        own = bills.get(book.id, [])
        for word, found in (
            ("缺号", missing(book.first_no, book.last_no, (n for n, _used in own))),
            ("断号", skipped(own)),
        ):
            for first, last in found:
                yield f"{book.title}：{word} {serial_text(book.prefix, first, book.digits)}—{serial_text(book.prefix, last, book.digits)}"
    summed = func.sum(Bill.amount)
    above = (
        select(Receipt.id, Receipt.amount, summed)
        .join(Bill, Bill.receipt_id == Receipt.id)
        .where(Bill.state.in_(VALID), Receipt.state.in_(CONFIRMED_STATES))
        .group_by(Receipt.id, Receipt.amount)
        .having(summed > Receipt.amount)
    )
    for key, amount, found_sum in session.execute(above, execution_options=UNSCOPED):
        yield f"收款单 {key}：金额 {amount} 元，开票合计 {found_sum} 元"
