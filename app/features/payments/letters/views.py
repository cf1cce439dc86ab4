"""催款函件: what went out to whom, whose term ran out unpaid; printing takes its data from letter_facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.payments.letters.effects import fill, late_rows
from app.features.payments.letters.models import DunningLetter, LetterState
from app.features.payments.letters.states import WRITERS
from app.features.payments.models import OrderAccount, PaidBy, Receivable, ReceivableState
from app.features.payments.views.accounts import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.display import DASH
from app.kernel.screens.parts import Card, Cell, Column, Row, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

OUT = (LetterState.SENT, LetterState.SIGNED)


def in_arrears(query: Any) -> Any:
    """Open accounts with an overdue row of the buyer: for a bank that is late he gets no letter."""
    late = select(Receivable.account_id).where(
        Receivable.state == ReceivableState.OVERDUE, Receivable.payer == PaidBy.BUYER
    )
    return query.where(OrderAccount.closed_at.is_(None), OrderAccount.id.in_(late))


class DunningLetterView(DocumentView):
    """催款函, 解除通知函."""

    model = DunningLetter
    label = L("催款函件")
    category = CATEGORY
    icon = "send"
    creators = frozenset(WRITERS)
    exporters = EXPORTERS | {Post.DEVELOPER_SITE}
    form = ("account_id", "kind", "pay_until", "address", "content")
    listed = (
        "number",
        "account",
        "kind",
        "overdue",
        "late_fee",
        "days",
        "sent_on",
        "express_no",
        "signed_on",
        "pay_until",
        "state",
    )
    filters = ("state", "kind", "owner_id")
    search = ("number", "account.title", "express_no")
    sortable = ("sent_on", "pay_until")
    deadlines: ClassVar = {"pay_until": lambda letter: letter.state in OUT}
    pick_filters: ClassVar[dict[str, Any]] = {"account_id": in_arrears}
    chips = (
        ("to_send", L("待寄出"), lambda query, actor: query.where(DunningLetter.state == LetterState.APPROVED)),
        (
            "expired",
            L("期满"),
            lambda query, actor: query.where(DunningLetter.state.in_(OUT), DunningLetter.pay_until < now().date()),
        ),
    )
    empty_hint = L("在有逾期的收款账户页面点「起草催款函」")

    def check(self, record: Any, actor: Actor) -> None:
        """Sums come from the overdue rows."""
        account = db.session.scalars(select(OrderAccount).where(OrderAccount.id == record.account_id)).first()
        if account is None:
            raise NotFound("order_account")
        fill(db.session(), record, account)


def late_card(letter: DunningLetter, _actor: Actor) -> Card:
    """The overdue rows of today that the letter is about."""
    columns = (
        Column("kind", _("款项类型"), phone="hd"), Column("due", _("应收日")), Column("days", _("逾期天数"), numeric=True),
        Column("open", _("未收"), numeric=True), Column("fee", _("滞纳金"), numeric=True),
    )  # fmt: skip
    found = late_rows(db.session(), letter.account_id)
    rows = tuple(
        Row(str(late.row.id), f"/receivable/show/{late.row.id}", late.row.kind.label, (
            Cell(late.row.kind.label), Cell(str(late.row.payable_on)), Cell(str(late.days), numeric=True),
            Cell(format_amount(late.row.open_amount), numeric=True), Cell(format_amount(late.fee) if late.fee else DASH, numeric=True),
        ))
        for late in found
    )  # fmt: skip
    sums = (
        sum((late.row.open_amount for late in found), Decimal(0)), sum((late.fee for late in found), Decimal(0)),
    )  # fmt: skip
    totals = (Cell(_("合计")), Cell(), Cell(), *(Cell(format_amount(value), numeric=True) for value in sums))
    return Card(_("今天的逾期款"), "table", table=Table(columns, rows, totals if rows else (), empty=_("已没有逾期款")))


def letter_facts(letter: DunningLetter) -> dict[str, Any]:
    """What a printed letter says: names, sums of the letter, its term, and the rows as (kind, due, days, open, fee)."""
    account = letter.account
    rows: list[tuple[str, date | None, int, Decimal, Decimal]] = [
        (late.row.kind.label, late.row.payable_on, late.days, late.row.open_amount, late.fee)
        for late in late_rows(db.session(), letter.account_id)
    ]
    return {
        "number": letter.number, "kind": letter.kind.label, "buyers": account.buyers, "unit": account.unit.full_name,
        "order_number": account.order_number, "address": letter.address, "overdue": letter.overdue, "late_fee": letter.late_fee,
        "days": letter.days, "pay_until": letter.pay_until, "content": letter.content, "late_rate": account.late_rate,
        "termination_days": account.termination_days, "rows": rows,
    }  # fmt: skip


def letters_of(account: Any, actor: Actor) -> Any:
    """Letters of an account; hidden while there are none."""
    query = select(DunningLetter).where(DunningLetter.account_id == account.id).order_by(DunningLetter.id.desc())
    found = db.session.scalars(query).all()
    columns = ("number", "kind", "overdue", "sent_on", "express_no", "signed_on", "pay_until", "state")
    return table_of(DunningLetter, columns, found, actor) if found else None
