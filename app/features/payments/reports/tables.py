"""The tables of the reports, on the page and in the sheet."""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.payments.models import FundKind, Receivable
from app.features.payments.reports.reading import DIMENSIONS
from app.features.payments.reports.rules import AGES, Debt, Line, Report, aged
from app.features.pricing.models import PricedLine
from app.kernel.money import format_amount
from app.kernel.screens.display import DASH, lookup_names, tag_html
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.sheet_answer import Sheet
from app.kernel.states import Choice
from app.kernel.workbook_out import OutColumn

BASE = "/receivable-report/"


def words_of(dimension: str) -> str:
    """The head of the first column."""
    return {
        "building": _("楼栋"),
        "consultant": _("置业顾问"),
        "kind": _("款项类型"),
        "line": _("分项"),
        "month": _("月份"),
    }[dimension]


def _money(amount: Decimal) -> Cell:
    return Cell(format_amount(amount) if amount else DASH, numeric=True)


def _name(dimension: str, group: Hashable, people: dict[int, str]) -> str:
    if isinstance(group, Choice):
        return group.label
    if dimension == "line":
        return _("未分项（预收、滞纳金、代收等）")
    if dimension == "consultant":
        return people.get(int(str(group)), _("未分配"))
    return str(group) if group else _("签约后定")


def named(dimension: str, found: Report) -> list[tuple[str, Line]]:
    """Groups with the words that a reader knows, in a sensible order."""
    people = lookup_names("person", {int(str(g)) for g in found.lines}) if dimension == "consultant" else {}
    order: list[Any] = list(PricedLine if dimension == "line" else FundKind)
    lines = [(group, _name(dimension, group, people), line) for group, line in found.lines.items()]
    if dimension in ("kind", "line"):
        lines.sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    else:
        lines.sort(key=lambda one: (not one[0], one[1]))
    return [(name, line) for _group, name, line in lines]


def report_table(dimension: str, found: Report) -> Table:
    """One line a group with the totals."""
    heads = (_("应收合计"), _("到期应收"), _("已冲应收"), _("欠款（到期未收）"), _("实收（总账）"))
    columns = (
        Column("name", words_of(dimension), phone="hd"),
        *(Column(f"c{n}", head, numeric=True) for n, head in enumerate(heads)),
    )
    rows = tuple(Row(name, "", name, (Cell(name), *_cells(line))) for name, line in named(dimension, found))
    return Table(columns, rows, (Cell(_("合计")), *_cells(found.total)), empty=_("还没有应收款"))


def _cells(line: Line) -> tuple[Cell, ...]:
    return tuple(_money(value) for value in _values(line))


def _values(line: Line) -> tuple[Decimal, ...]:
    return (line.owed, line.due, line.settled, line.arrears, line.booked)


def title_of(part: str) -> str:
    """What the sheet of the part is called."""
    return _("应收实收欠款（按%(what)s）", what=words_of(part)) if part in DIMENSIONS else _("应收账龄")


def report_sheet(project_id: int, dimension: str, found: Report) -> Sheet:
    """The same as .xlsx."""
    heads = [OutColumn(words_of(dimension), "text", 20)]
    heads += [
        OutColumn(w, "money", 18)
        for w in (_("应收合计"), _("到期应收"), _("已冲应收"), _("欠款（到期未收）"), _("实收（总账）"))
    ]
    rows = [[name, *_values(line)] for name, line in named(dimension, found)]
    return Sheet(title_of(dimension), project_id, heads, rows, totals=True)


def ageing_table(debts: list[Debt]) -> Table:
    """Consultants × ages; every figure leads to its rows."""
    found = aged(debts)
    people = lookup_names("person", {int(str(group)) for group in found})
    columns = (
        Column("name", _("置业顾问"), phone="hd"), *(Column(f"a{n}", _(word), numeric=True) for n, (_most, word) in enumerate(AGES)),
        Column("late", _("逾期合计"), numeric=True),
    )  # fmt: skip
    rows = []
    for group, sums in sorted(found.items(), key=lambda one: -sum(one[1][1:], Decimal(0))):
        name = people.get(int(str(group)), _("未分配"))
        rows.append(
            Row(
                str(group),
                f"{BASE}?part=debts&owner={group}",
                name,
                (Cell(name), *(_money(v) for v in sums), _money(sum(sums[1:], Decimal(0)))),
            )
        )
    whole = [sum((sums[n] for sums in found.values()), Decimal(0)) for n in range(len(AGES))]
    totals = (Cell(_("合计")), *(_money(v) for v in whole), _money(sum(whole[1:], Decimal(0))))
    return Table(columns, tuple(rows), totals if rows else (), empty=_("没有未收的应收款"))


def ageing_sheet(project_id: int, debts: list[Debt]) -> Sheet:
    """The same as .xlsx."""
    found = aged(debts)
    people = lookup_names("person", {int(str(group)) for group in found})
    heads = [
        OutColumn(_("置业顾问"), "text", 16),
        *(OutColumn(_(word), "money", 16) for _most, word in AGES),
        OutColumn(_("逾期合计"), "money", 16),
    ]
    rows = [[people.get(int(str(g)), _("未分配")), *sums, sum(sums[1:], Decimal(0))] for g, sums in found.items()]
    return Sheet(title_of("ageing"), project_id, heads, rows, totals=True)


def _rows_of(debts: list[Debt]) -> list[tuple[Debt, Any]]:
    keys = [debt.row_id for debt in debts]
    known = {row.id: row for row in db.session.scalars(select(Receivable).where(Receivable.id.in_(keys)))}
    return [(debt, known[debt.row_id]) for debt in debts if debt.row_id in known]


def debts_table(debts: list[Debt]) -> Table:
    """The rows behind a figure of the ageing."""
    columns = (
        Column("account", _("收款账户"), phone="hd"), Column("kind", _("款项类型")), Column("day", _("应收日")), Column("age", _("账龄")),
        Column("open", _("未收"), numeric=True), Column("asked", _("催款次数"), numeric=True), Column("state", _("状态"), phone="badge"),
    )  # fmt: skip
    rows = tuple(
        Row(str(row.id), f"/receivable/show/{row.id}", row.title, (
            Cell(row.account.title if row.account else DASH), Cell(row.words), Cell(str(row.payable_on or DASH)),
            Cell(_(AGES[debt.age][1])), _money(debt.open_amount), Cell(str(row.reminders), numeric=True), Cell(tag_html(row.state)),
        ))
        for debt, row in _rows_of(debts)
    )  # fmt: skip
    whole = sum((debt.open_amount for debt in debts), Decimal(0))
    totals = (Cell(_("合计")), Cell(), Cell(), Cell(), _money(whole), Cell(), Cell())
    return Table(columns, rows, totals if rows else (), empty=_("没有未收的应收款"))
