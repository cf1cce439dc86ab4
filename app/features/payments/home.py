"""What of the money is due today: lines and numbers of the 工作台, cut to what the person may see."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app.features.payments.models import CONFIRMED_STATES, OrderAccount, Receipt, ReceiptState, Receivable
from app.features.payments.views.accounts import due_soon, overdue
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking, Statement, counted, how_many
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem, Stat
from app.kernel.screens.parts import Tag

READERS = OrderAccount.audience.posts
ASKED = frozenset({Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK, Post.DEVELOPER_FINANCE})
CASHIERS = frozenset({Post.DEVELOPER_FINANCE})


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
            url="/receipt/list/?chip=today",
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


def _sum(query: Select[Any]) -> Statement:
    return query.with_only_columns(
        func.count(Receivable.id), func.sum(Receivable.amount), func.sum(Receivable.received)
    )
