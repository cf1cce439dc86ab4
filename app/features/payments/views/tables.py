"""Papers of an account as a table: number, kind, amount, day, state — what the owner chain may see (07)."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.money import format_amount
from app.kernel.screens.display import DASH, tag_html
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.view import view_of

DAYS = ("paid_on", "pay_by")  # the day that a paper of money shows


def table_of(session: Session, model: type[Any], account_id: int) -> Table:
    """Rows of receipts, notices or refunds of one account, newest first."""
    view = view_of(model)
    query = select(model).where(model.account_id == account_id).order_by(model.id.desc())
    columns = (
        Column("number", _("编号"), phone="hd"), Column("kind", _("款项类型")),
        Column("amount", _("金额"), numeric=True), Column("day", _("日期")), Column("state", _("状态"), phone="badge"),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(paper.id),
            view.show_url(paper.id) if view is not None else "",
            str(paper),
            (
                Cell(paper.number or DASH),
                Cell(paper.kind.label if hasattr(paper, "kind") else _("退款")),
                Cell(format_amount(paper.amount), numeric=True),
                Cell(str(next((day for name in DAYS if (day := getattr(paper, name, None))), DASH))),
                Cell(tag_html(paper.state)),
            ),
        )
        for paper in session.scalars(query)
    )
    return Table(columns, rows, empty=_("还没有"))
