"""期初接管单 with its three tables, and the card that holds the rows against what 甲方 and its finance vouch for."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.extensions import db
from app.features.deals.takeover import tables_in
from app.features.deals.takeover.effects import all_faults, expected, found, read
from app.features.deals.takeover.models import (
    Stage,
    TakeOver,
    TakeOverDue,
    TakeOverOrder,
    TakeOverReceipt,
    TakeOverState,
)
from app.features.deals.takeover.rules import FIGURES
from app.features.deals.takeover.states import MAKERS
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.parts import Card, Cell, Column, Html, Link, Row, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView
from app.kernel.words import shown

READERS = frozenset(
    {
        Post.CLERK, Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER,
        Post.DEVELOPER_SITE, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD, Post.AUDITOR,
    }
)  # fmt: skip
EXPORTERS = frozenset({Post.CLERK, Post.SITE_MANAGER, Post.SALES_ADMIN, Post.DEVELOPER_FINANCE})
SHOWN = 50
COUNTS = ("orders", "signed")


class TakeOverView(DocumentView):
    """期初接管单."""

    model = TakeOver
    label = L("期初接管")
    category = L("票据账务")
    icon = "truck"
    readers = READERS
    creators = MAKERS
    exporters = EXPORTERS
    editable_states = (TakeOverState.DRAFT,)
    listed = ("number", "as_of", "orders_expected", "total_expected", "received_expected", "done_on", "state")
    filters = ("state",)
    decided_with = ("faults", "orders")
    form = (
        "as_of",
        "orders_expected",
        "signed_expected",
        "total_expected",
        "received_expected",
        "owed_expected",
        "note",
    )
    facts = ("number", "as_of", "done_on", "note", "created_by")
    empty_hint = L("项目中途上线时，用它把在途的认购、合同和收款一次接进来")

    def check(self, record: Any, actor: Actor) -> None:
        """Figures that can be true."""
        if not 0 <= record.signed_expected <= record.orders_expected:
            raise RuleError("已签约套数应在零和在途套数之间", field="signed_expected")
        for name in ("total_expected", "received_expected", "owed_expected"):
            if getattr(record, name) < 0:
                raise RuleError("合计不能为负数", field=name)

    def note(self, record: Any, actor: Actor) -> Html:
        """Which clause counts for late payment where none was read from the old contract."""
        signed = [one for one in read(db.session(), record.id).orders if one.stage is not Stage.ORDERED]
        silent = sum(one.late_rate is None or one.late_days is None for one in signed)
        if record.state is TakeOverState.VOID or not silent:
            return ""
        return _(
            "%(n)s 份已签合同没有填逾期付款日费率或逾期解除天数，滞纳金和解除提示按范本的万分之 2、60 天计；与原合同不同的请在接管订单里填写。",
            n=silent,
        )

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """The three tables, while it is being prepared."""
        if not self.may_edit(record, actor):
            return []
        tables = (
            ("take-over-order", _("导入订单")),
            ("take-over-due", _("导入应收")),
            ("take-over-receipt", _("导入收款")),
        )
        return [Link(label, f"/import/{paper}", icon="upload") for paper, label in tables]


class _RowView(DocumentView):
    """A row is read by whoever reads the paper, and changed while that is being prepared."""

    category = L("票据账务")
    icon = "truck"
    readers = READERS
    editors = MAKERS
    removers = MAKERS
    creators = frozenset[Post]()
    exporters = EXPORTERS
    files = False

    def may_edit(self, record: Any, actor: Actor) -> bool:
        return super().may_edit(record, actor) and record.take_over.state is TakeOverState.DRAFT

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """What came in twice or by mistake goes again: the sums of both sides could never meet."""
        return self.may_edit(record, actor)


class TakeOverOrderView(_RowView):
    """接管订单."""

    model = TakeOverOrder
    label = L("接管订单")
    listed = (
        "unit",
        "buyer",
        "stage",
        "reserved_on",
        "total",
        "finish_total",
        "parking",
        "deposit",
        "contract_no",
        "seller_id",
        "reservation",
    )
    filters = ("stage", "seller_id")
    search = ("unit.full_name", "buyer", "contract_no")
    summed = ("total", "deposit")
    importable = tables_in.ORDERS

    def check(self, record: Any, actor: Actor) -> None:
        """Places, prices and the clause on late payment as in the table."""
        tables_in.check_late_terms(record.late_rate, record.late_days)
        tables_in.check_places(lambda name: getattr(record, name))


class TakeOverDueView(_RowView):
    """接管应收."""

    model = TakeOverDue
    label = L("接管应收")
    listed = ("unit", "kind", "payer", "instalment", "due_on", "amount")
    filters = ("kind", "payer")
    search = ("unit.full_name",)
    summed = ("amount",)
    importable = tables_in.DUES


class TakeOverReceiptView(_RowView):
    """接管收款."""

    model = TakeOverReceipt
    label = L("接管收款")
    listed = ("unit", "kind", "amount", "paid_on", "method", "credited", "old_number", "reference")
    filters = ("kind", "method")
    search = ("unit.full_name", "old_number", "reference")
    summed = ("amount",)
    importable = tables_in.RECEIPTS


def check_card(paper: TakeOver, _actor: Actor) -> Card:
    """核对: the five figures of both sides beside those of the rows, then every row that may not come in."""
    whole = read(db.session(), paper.id)
    wanted, got = expected(whole), found(whole)
    columns = (
        Column("what", _("核对项"), phone="hd"), Column("whose", _("以谁为准")), Column("wanted", _("对方合计"), numeric=True),
        Column("found", _("明细合计"), numeric=True), Column("gap", _("差异"), numeric=True),
    )  # fmt: skip
    rows = []
    for name, label, whose in FIGURES:
        a, b = getattr(wanted, name), getattr(got, name)
        drawn = [str(v) if name in COUNTS else format_amount(v) for v in (a, b)]
        gap = "" if a == b else (str(b - a) if name in COUNTS else format_amount(b - a))
        rows.append(Row(name, "", label, (
            Cell(shown(label)), Cell(shown(whose)), Cell(drawn[0], numeric=True), Cell(drawn[1], numeric=True),
            Cell(gap or _("一致"), numeric=True),
        )))  # fmt: skip
    return Card(_("核对"), "table", table=Table(columns, tuple(rows)), note=_("合计一致、明细无误才能提交"))


def faults_of(paper: TakeOver, _actor: Actor) -> Table | None:
    """Every row that may not come in; None when all is right or the paper is decided."""
    if paper.state is not TakeOverState.DRAFT:
        return None
    wrong = all_faults(read(db.session(), paper.id))
    rows = tuple(
        Row(str(n), "", str(one), (Cell(str(n)), Cell(shown(str(one))))) for n, one in enumerate(wrong[:SHOWN], 1)
    )
    more = _("共 %(n)s 处，这里列出前 %(m)s 处", n=len(wrong), m=SHOWN) if len(wrong) > SHOWN else ""
    columns = (Column("n", _("序号"), numeric=True), Column("what", more or _("要改正的地方"), phone="hd"))
    return Table(columns, rows, empty=_("没有发现问题"))


def orders_of(paper: TakeOver, actor: Actor) -> Table:
    """What is taken over, and what became of it."""
    names = (
        "unit",
        "buyer",
        "stage",
        "total",
        "finish_total",
        "parking",
        "store",
        "deposit",
        "seller_id",
        "reservation",
    )
    return table_of(TakeOverOrder, names, read(db.session(), paper.id).orders, actor)


def dues_of(paper: TakeOver, actor: Actor) -> Table:
    """The agreed rows."""
    return table_of(
        TakeOverDue, ("unit", "kind", "payer", "due_on", "amount"), read(db.session(), paper.id).dues, actor
    )


def receipts_of(paper: TakeOver, actor: Actor) -> Table:
    """The money."""
    names = ("unit", "kind", "amount", "paid_on", "method", "old_number", "reference")
    return table_of(TakeOverReceipt, names, read(db.session(), paper.id).receipts, actor)
