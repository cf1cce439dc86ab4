"""What of the expenses is due: claims to pay for the finance of either side."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.features.office.expenses.books import BOOKS
from app.features.office.expenses.kinds import ExpenseState
from app.kernel.actors import Actor
from app.kernel.gathering import Asking
from app.kernel.money import format_amount
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Lines of 提醒; what waits for an approval stands in 待我审批."""
    lines, books = [], [book for book in BOOKS if actor.holds(book.payers)]
    rows = yield [
        select(func.count(book.expense.id), func.sum(book.expense.amount)).where(
            book.expense.state == ExpenseState.APPROVED
        )
        for book in books
    ]
    for book, (number, amount) in zip(books, rows, strict=True):
        if number:
            note = _("合计 %(amount)s 元", amount=format_amount(amount or Decimal(0)))
            url = f"/{book.expense.__tablename__.replace('_', '-')}/list/?chip=topay"
            lines.append(
                FeedItem(_("%(n)s 笔费用待付款", n=number), url, note=note, icon="wallet", tag=Tag(_("待付款"), "warn"))
            )
    return lines
