"""票据本, 票据, 收据换票单: kept by 甲方财务, looked at by clerk and auditor; skipped serials stand out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.payments.bills.effects import (
    bills_of,
    make_bills,
    take_receipts,
    tie_receipts,
    tied,
    to_exchange,
    with_receipts,
)
from app.features.payments.bills.models import MOST, Bill, BillBook, BillExchange, BillState, BookState
from app.features.payments.bills.rules import serial_text, skipped
from app.features.payments.effects.receipts import number_for
from app.features.payments.models import OrderAccount
from app.features.payments.views.accounts import BOOKS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import Card, Cell, Column, Html, Row, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

KEEPERS = frozenset({Post.DEVELOPER_FINANCE})
EXPORTERS = KEEPERS | {Post.CLERK}
UNUSED = (BillState.BLANK, BillState.DRAWN)


class BillBookView(DocumentView):
    """票据本."""

    model = BillBook
    label = L("票据本")
    category = BOOKS
    icon = "cols"
    creators = KEEPERS
    exporters = EXPORTERS
    form = ("kind", "prefix", "first_no", "last_no", "digits", "got_on")
    listed = ("title", "kind", "got_on", "holder_id", "drawn_on", "closed_on", "state")
    filters = ("kind", "state")
    search = ("prefix",)
    editable_states = ()
    facts = ("kind", "prefix", "first_no", "last_no", "got_on", "holder_id", "drawn_on", "closed_on")
    files = False

    def check(self, record: Any, actor: Actor) -> None:
        """A range that can be counted."""
        record.prefix = record.prefix.strip()
        if record.first_no < 0:
            raise RuleError("起始号不能为负数", field="first_no")
        if record.last_no < record.first_no:
            raise RuleError("终止号不能小于起始号", field="last_no")
        if record.last_no - record.first_no >= MOST:
            raise RuleError("一本最多 {n} 张，请按本分别登记", field="last_no", n=MOST)
        if not len(str(record.last_no)) <= record.digits <= 12:
            raise RuleError("号码位数应不少于终止号的 {n} 位、不多于 12 位", field="digits", n=len(str(record.last_no)))
        if record.got_on > now().date():
            raise RuleError("入库日期不能晚于今天", field="got_on")

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The blank bills come with it."""
        make_bills(db.session(), record)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """Serials stay: unused ones are voided."""
        return False

    def note(self, record: Any, actor: Actor) -> Html:
        """Which serials were skipped."""
        if record.state is not BookState.DRAWN:
            return ""
        gaps = gaps_of(record)
        return _("断号：%(serials)s，后面的号码已经使用，请补开或作废。", serials=gaps) if gaps else ""


def gaps_of(book: BillBook) -> str:
    """«00000012—00000013、00000017» or nothing."""
    found = skipped([(bill.sequence, bill.state not in UNUSED) for bill in bills_of(db.session(), book)])
    words = [
        (serial_text(book.prefix, first, book.digits), serial_text(book.prefix, last, book.digits))
        for first, last in found
    ]
    return "、".join(first if first == last else f"{first}—{last}" for first, last in words)


def bills_card(book: BillBook, actor: Actor) -> Card:
    """The bills of a book with a count of each state."""
    bills = bills_of(db.session(), book)
    counts = Counter(bill.state for bill in bills)
    note = "　".join(f"{_(state.label)} {counts[state]}" for state in BillState if counts[state])
    columns = (
        Column("serial", _("票据号码"), phone="hd"), Column("state", _("状态"), phone="badge"), Column("account", _("收款账户")),
        Column("amount", _("票面金额"), numeric=True), Column("on", _("开票日期")),
    )  # fmt: skip
    rows = tuple(
        Row(str(bill.id), f"/bill/show/{bill.id}", bill.serial, (
            Cell(bill.serial), Cell(tag_html(bill.state)), Cell(bill.account.title if bill.account else ""),
            Cell(f"{bill.amount:,.2f}" if bill.amount is not None else "", numeric=True), Cell(str(bill.issued_on or "")),
        ))
        for bill in bills
    )  # fmt: skip
    return Card(_("票据"), "table", table=Table(columns, rows), note=note)


class BillView(DocumentView):
    """票据: every serial; issued on the page of a receipt."""

    model = Bill
    label = L("票据")
    category = BOOKS
    icon = "file"
    exporters = EXPORTERS
    listed = (
        "serial",
        "kind",
        "account",
        "payer",
        "line",
        "amount",
        "issued_on",
        "issued_by",
        "recall_for",
        "back_on",
        "state",
    )
    filters = ("state", "kind", "line", "issued_on")
    search = ("serial", "account.title")
    search_hint = L("搜票据号码、房号或客户")
    sortable = ("serial", "issued_on")
    order = ("-issued_on",)
    chips = (
        (
            "to_recall",
            L("待收回"),
            lambda query, actor: query.where(
                Bill.recall_for != "", Bill.state.in_((BillState.ISSUED, BillState.WRITTEN_OFF))
            ),
        ),
        ("free", L("可开具"), lambda query, actor: query.where(Bill.state == BillState.DRAWN)),
    )
    facts = (
        "kind", "serial", "book", "account", "payer", "paid_by", "receipt", "exchange", "line", "amount", "issued_on", "issued_by",
        "recall_for", "back_on",
    )  # fmt: skip
    empty_hint = L("先登记票据本并领用，再在收款单页面开票")

    def note(self, record: Any, actor: Actor) -> Html:
        """Why it is to come back."""
        waits = record.recall_for and record.state in (BillState.ISSUED, BillState.WRITTEN_OFF)
        return _("这张票据须收回：%(why)s。", why=record.recall_for) if waits else ""


def receipts_waiting(accounts: Sequence[OrderAccount]) -> dict[int, str]:
    """«2 张收据，336,834.00 元» for each account that a 收据换票单 may be made for."""
    found = to_exchange(db.session(), [account.id for account in accounts])
    return {
        key: _("%(n)s 张收据，%(sum)s 元", n=number, sum=format_amount(amount))
        for key, (number, amount) in found.items()
    }


class BillExchangeView(DocumentView):
    """收据换票单."""

    model = BillExchange
    label = L("收据换票单")
    category = BOOKS
    icon = "swap"
    creators = KEEPERS
    exporters = EXPORTERS
    form = ("account_id", "note")
    listed = ("number", "account", "count", "total", "invoice", "exchanged_on", "state")
    filters = ("state",)
    search = ("number", "account.title", "invoice")
    summed = ("total",)
    editable_states = ()
    pick_filters: ClassVar[dict[str, Any]] = {"account_id": with_receipts}
    pick_notes: ClassVar[dict[str, Any]] = {"account_id": receipts_waiting}

    def check(self, record: Any, actor: Actor) -> None:
        """All issued receipts of the account are exchanged together."""
        account = db.session.scalars(select(OrderAccount).where(OrderAccount.id == record.account_id)).first()
        if account is None:
            raise NotFound("order_account")
        record.project_id = account.project_id
        take_receipts(db.session(), record)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """Number, and the receipts are tied to it."""
        record.number = number_for(db.session(), record, now().date())
        tie_receipts(db.session(), record)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """It has a number from the start: voided, never deleted."""
        return False


def receipts_tab(paper: BillExchange, actor: Actor) -> Any:
    """The receipts that an exchange takes back."""
    return table_of(
        Bill, ("serial", "payer", "amount", "issued_on", "back_on", "state"), tied(db.session(), paper), actor
    )


def bills_of_account(account: OrderAccount, actor: Actor) -> Any:
    """Bills of an account, for whoever reads bills; hidden while there are none."""
    found = db.session.scalars(select(Bill).where(Bill.account_id == account.id).order_by(Bill.id.desc())).all()
    return (
        table_of(Bill, ("serial", "kind", "payer", "line", "amount", "issued_on", "recall_for", "state"), found, actor)
        if found
        else None
    )


def bills_of_receipt(receipt: Any, actor: Actor) -> Any:
    """Bills of a receipt; hidden while there are none."""
    found = db.session.scalars(select(Bill).where(Bill.receipt_id == receipt.id).order_by(Bill.id.desc())).all()
    return (
        table_of(Bill, ("serial", "kind", "payer", "line", "amount", "issued_on", "state"), found, actor)
        if found
        else None
    )
