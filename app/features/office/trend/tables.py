"""The tables of the trend, on the page and in the sheet."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from app.features.office.trend.reading import Use, Year
from app.features.office.trend.rules import months_of
from app.kernel.money import format_amount
from app.kernel.screens.display import DASH, lookup_names
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.sheet_answer import Sheet
from app.kernel.words import shown
from app.kernel.workbook_out import OutColumn


def _heads(first: str, months: list[str], *more: str) -> tuple[Column, ...]:
    words = [_("%(n)s月", n=int(m[5:])) for m in months]
    return (Column("name", first), *(Column(w, w, numeric=True) for w in (*words, *more)))


def _money(amount: Decimal | None) -> str:
    return format_amount(amount) if amount else DASH


def expenses_table(found: Year, months: list[str]) -> Table:
    """Subjects × months with total, budget and share."""
    rows = []
    for row in found.rows:
        share = row.share
        tail = [_money(row.total), _money(row.budget), DASH if share is None else f"{share} %"]
        cells = [_money(row.months.get(m)) for m in months] + tail
        rows.append(
            Row(str(row.subject_id), "", found.names[row.subject_id], _cells(found.names[row.subject_id], cells))
        )
    sums = [_money(found.spent(m)) for m in months]
    total = sum((row.total for row in found.rows), Decimal(0))
    return Table(
        _heads(_("科目"), months, _("合计"), _("全年预算"), _("完成")), tuple(rows),
        _cells(_("合计"), [*sums, _money(total), " ", " "]) if rows else (), empty=_("这一年还没有已批准的费用"),
    )  # fmt: skip


def _cells(first: str, values: list[str]) -> tuple[Cell, ...]:
    return (Cell(first), *(Cell(v, numeric=True) for v in values))


def uses_table(first: str, uses: list[Use], months: list[str]) -> Table:
    """Pieces a month and their value; the most valuable first."""
    ordered = sorted(uses, key=lambda u: -u.value)
    rows = tuple(
        Row(str(n), "", u.name, _cells(u.name, [*(str(u.months.get(m) or DASH) for m in months), str(u.pieces), _money(u.value)]))
        for n, u in enumerate(ordered)
    )  # fmt: skip
    return Table(_heads(first, months, _("合计"), _("估值（元）")), rows, empty=_("这一年还没有签收的领用"))


def named(lookup: str, uses: dict[int, Use], nobody: str) -> list[Use]:
    """The same with the names of people or teams."""
    names = lookup_names(lookup, {key for key in uses if key})
    for key, use in uses.items():
        use.name = names.get(key, nobody)
    return list(uses.values())


def expenses_title(label: str, year: int) -> str:
    """What the sheet of a book is called."""
    return _("%(book)s %(year)s 年月报", book=shown(label), year=year)


def supplies_title(year: int) -> str:
    """What the sheet of the supplies is called."""
    return _("办公用品 %(year)s 年领用", year=year)


def expenses_sheet(project_id: int, year: int, label: str, found: Year) -> Sheet:
    """All twelve months."""
    months = months_of(year)
    heads = [OutColumn(_("科目"), "text", 26)]
    heads += [OutColumn(_("%(n)s月", n=int(m[5:])), "money", 12) for m in months]
    heads += [OutColumn(_("合计"), "money", 14), OutColumn(_("全年预算"), "money", 14, summed=False)]
    rows = [
        [found.names[row.subject_id], *(row.months.get(m) for m in months), row.total, row.budget] for row in found.rows
    ]
    return Sheet(expenses_title(label, year), project_id, heads, rows, totals=True)


def supplies_sheet(project_id: int, year: int, items: dict[int, Use]) -> Sheet:
    """Pieces of every item a month, value of the year."""
    months = months_of(year)
    heads = [OutColumn(_("物品"), "text", 30)]
    heads += [OutColumn(_("%(n)s月", n=int(m[5:])), "whole", 8) for m in months]
    heads += [OutColumn(_("合计"), "whole", 10), OutColumn(_("估值（元）"), "money", 14)]
    rows = [[u.name, *(u.months.get(m) or None for m in months), u.pieces, u.value] for u in items.values()]
    return Sheet(supplies_title(year), project_id, heads, rows, totals=True)
