"""What of the money is due today: lines and numbers of the 工作台, cut to what the person may see."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app.features.payments.bank.models import BankLine, LineState
from app.features.payments.bills.models import Bill, BillState
from app.features.payments.closing.models import MonthClose, MonthState
from app.features.payments.models import (
    CONFIRMED_STATES,
    OrderAccount,
    Receipt,
    ReceiptState,
    Receivable,
    Refund,
    RefundState,
)
from app.features.payments.views.accounts import due_soon, overdue
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking, Statement, counted, how_many
from app.kernel.how_far import how_far
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem, Stat
from app.kernel.screens.parts import Tag

READERS = OrderAccount.audience.posts
ASKED = frozenset({Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK, Post.DEVELOPER_FINANCE})
CASHIERS = frozenset({Post.DEVELOPER_FINANCE})
BILL_DESK = CASHIERS | {Post.CLERK}
OUT = (BillState.ISSUED, BillState.WRITTEN_OFF)  # with the buyer


def stats(actor: Actor) -> Asking[list[Stat]]:
    """今日到账: confirmed today, beside it what waits; nothing of it counts before the confirmation."""
    if not actor.holds(READERS):
        return []
    today = now().date()
    arrived = select(func.sum(Receipt.amount), func.count(Receipt.id)).where(
        Receipt.state.in_(CONFIRMED_STATES), Receipt.arrived_on == today
    )
    waiting = select(func.sum(Receipt.amount)).where(Receipt.state == ReceiptState.PENDING)
    (amount, number), (pending,) = yield [arrived, waiting]
    return [
        Stat(
            _("今日到账"), format_amount(amount or Decimal(0)), _("元"),
            note=_("%(number)s 笔，待确认 %(pending)s 元", number=number, pending=format_amount(pending or Decimal(0))),
            url="/receipt/list/?chip=today", reach=how_far(actor, Receipt.audience),
        )
    ]  # fmt: skip


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """应收 soon and overdue for who asks the buyer; receipts to confirm for the cashier."""
    cashier, asker = actor.holds(CASHIERS), actor.holds(ASKED)
    pending = [how_many(select(Receipt.id).where(Receipt.state == ReceiptState.PENDING))] if cashier else []
    chips = (
        ("overdue", _("逾期应收"), overdue, Tag(_("逾期"), "bad")),
        ("soon", _("应收即将到期"), due_soon, None),
    ) if asker else ()  # fmt: skip
    rows = yield [*pending, *(_sum(narrow(select(Receivable), actor)) for _chip, _label, narrow, _tag in chips)]
    lines = []
    for (number,) in rows[: len(pending)]:
        if number:
            lines.append(
                FeedItem(_("%(n)s 笔收款待确认", n=counted(number)), "/receipt/list/?chip=pending", icon="coin")
            )
    for (chip, label, _narrow, tag), (number, amount, received) in zip(chips, rows[len(pending) :], strict=True):
        if number:
            note = _("未收合计 %(amount)s 元", amount=format_amount((amount or Decimal(0)) - (received or Decimal(0))))
            title = _("%(n)s 笔%(what)s", n=number, what=label)
            lines.append(FeedItem(title, f"/receivable/list/?chip={chip}", note=note, icon="clock", tag=tag))
    return lines


DESK_LINES = (  # who, what waits at the cashier's desk, in which words, where it is done
    (CASHIERS, lambda: select(Refund.id).where(Refund.state == RefundState.PENDING), "%(n)s 笔退款待付款", "/refund/list/?state=pending"),
    (BILL_DESK, lambda: select(Bill.id).where(Bill.recall_for != "", Bill.state.in_(OUT)), "%(n)s 张票据待收回",
     "/bill/list/?chip=to_recall"),
    (CASHIERS, lambda: select(BankLine.id).where(BankLine.state == LineState.OPEN), "%(n)s 条银行流水未对账", "/bank-line/list/?chip=open"),
    (CASHIERS, lambda: select(MonthClose.id).where(MonthClose.state != MonthState.CLOSED), "%(n)s 个月份到期未结账", "/month-close/list/"),
)  # fmt: skip


def desk_lines(actor: Actor) -> Asking[list[FeedItem]]:
    """Bills that are not back, lines of the bank without a paper, months that are due to be closed, refunds that wait."""
    mine = [line for line in DESK_LINES if actor.holds(line[0])]
    if not mine:
        return []
    rows = yield [how_many(query()) for _posts, query, _text, _url in mine]
    return [
        FeedItem(_(text, n=counted(number)), url, icon="coin")
        for (number,), (_posts, _query, text, url) in zip(rows, mine, strict=True)
        if number
    ]


def _sum(query: Select[Any]) -> Statement:
    return query.with_only_columns(
        func.count(Receivable.id), func.sum(Receivable.amount), func.sum(Receivable.received)
    )
