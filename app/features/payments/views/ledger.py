"""总账: the postings as they were booked, read only; the statement of FIN-A and the proof of 甲方财务."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select
from sqlalchemy.orm import object_session

from app.features.payments.models import LedgerEntry, LedgerPosting, OrderAccount
from app.features.payments.views.accounts import BOOKS
from app.kernel.actors import Actor
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.view import DocumentView


class LedgerPostingView(DocumentView):
    """总账凭证."""

    model = LedgerPosting
    label = L("凭证")
    title = L("总账")
    category = BOOKS
    icon = "cols"
    exporters = frozenset({Post.FINANCE, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD})
    listed = ("sequence", "booked_on", "kind", "memo", "person_id")
    filters = ("kind", "booked_on")
    search = ("memo",)
    sortable = ("booked_on",)
    order = ("-sequence",)
    files = False


def entries_of(posting: Any, _actor: Actor) -> Table:
    """Debit and credit of a posting."""
    session: Any = object_session(posting)
    titles = dict(
        session.execute(
            select(OrderAccount.id, OrderAccount.title).where(
                OrderAccount.id.in_([entry.account_id for entry in posting.entries])
            )
        ).all()
    )
    columns = (
        Column("code", _("科目"), phone="hd"), Column("account", _("收款账户")), Column("kind", _("款项类型")),
        Column("debit", _("借方"), numeric=True), Column("credit", _("贷方"), numeric=True),
    )  # fmt: skip
    rows = tuple(_row(entry, titles.get(entry.account_id, "")) for entry in posting.entries)
    debit = sum((e.amount for e in posting.entries if e.amount > 0), Decimal(0))
    credit = -sum((e.amount for e in posting.entries if e.amount < 0), Decimal(0))
    totals = (Cell(_("合计")), Cell(), Cell(), Cell(format_amount(debit), True), Cell(format_amount(credit), True))
    return Table(columns, rows, totals)


def _row(entry: LedgerEntry, title: str) -> Row:
    sides = (entry.amount, None) if entry.amount > 0 else (None, -entry.amount)
    cells = (
        Cell(entry.code.label), Cell(title), Cell(entry.fund_kind.label if entry.fund_kind else ""),
        *(Cell(format_amount(side) if side is not None else "", numeric=True) for side in sides),
    )  # fmt: skip
    return Row(str(entry.id), "", entry.code.label, cells)
