"""The figures of a report as tables of its page and as one table of its sheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.features.customers.models import Customer
from app.features.customers.statistics.reading import DIMENSIONS, Week
from app.features.customers.statistics.tables import (
    Lines,
    cohort_lines,
    profile_lines,
    rivals_table,
    week_lines,
    word_of,
)
from app.features.customers.statistics_reports.models import StatisticsReport
from app.features.customers.statistics_reports.rules import Figures
from app.kernel.screens.fields import label_of
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.workbook_out import OutColumn


def drawn(lines: Lines, empty: str) -> Table:
    """Columns and rows of a sheet as a table of a page."""
    heads, rows = lines
    titled = sum(head.kind == "text" for head in heads) - 1  # on a phone «投资» is the title of a card, not «购房用途»
    columns = tuple(
        Column(str(place), head.label, numeric=head.kind != "text", phone="hd" if place == titled else "shown")
        for place, head in enumerate(heads)
    )
    return Table(
        columns,
        tuple(
            Row(str(n), "", str(row[0]), tuple(_cell(value, head) for value, head in zip(row, heads, strict=True)))
            for n, row in enumerate(rows)
        ),
        empty=empty,
    )


def _cell(value: Any, head: OutColumn) -> Cell:
    if head.kind == "percent":
        return Cell("—" if value is None else f"{Decimal(value) * 100:.2f} %", numeric=True)
    return Cell(f"{value:,}" if isinstance(value, int) else value or "", numeric=head.kind != "text")


def profile_table(found: Figures) -> Table:
    """Every dimension below the other."""
    return drawn(profile_lines(found.profile), _("这段时间没有新客户"))


def ways_table(found: Figures) -> Table:
    """途径 × 来电 首访 复访 来访 认购."""
    return drawn(week_lines(_as_week(found)), _("这段时间没有来电来访"))


def cohort_table(found: Figures) -> Table:
    """By month of the first contact."""
    return drawn(cohort_lines(found.cohorts), _("这段时间没有新客户"))


def named_table(found: Figures) -> Table:
    """Other sites by name."""
    return rivals_table(found.rivals)


def moved_table(changes: list[tuple[str, int, int]]) -> Table:
    """What was reported, what stands in the records today, the difference."""
    heads = (_("上报时"), _("现在"), _("相差"))
    columns = (Column("what", _("项目")), *(Column(h, h, numeric=True) for h in heads))
    rows = []
    for name, before, after in changes:
        label = _(label_of(StatisticsReport, name))
        rows.append(
            Row(
                name,
                "",
                label,
                (Cell(label), *(Cell(t, True) for t in (f"{before:,}", f"{after:,}", f"{after - before:+,}"))),
            )
        )
    return Table(columns, tuple(rows), empty=_("上报以后没有变化"))


def _as_week(found: Figures) -> Week:
    return Week(found.ways, [], [], [], [], 0, found.rivals)


def sheet_lines(found: Figures) -> Lines:
    """One table: calls and visits by 途径 first, then the new customers by each dimension."""
    words = (_("来电"), _("首访"), _("复访"), _("人数"), _("来访过"), _("认购"), _("签约"))
    heads = [
        OutColumn(_("维度"), "text", 16),
        OutColumn(_("分类"), "text", 20),
        *(OutColumn(w, "whole") for w in words),
    ]
    rows: list[list[Any]] = [
        [_("来电来访（途径）"), _(way.source.label), way.calls, way.first, way.again, None, None, way.reserved, None] for way in found.ways
    ]  # fmt: skip
    rows += [
        [_(label_of(Customer, name)), _(word_of(name, one.word)), None, None, None, one.customers, one.visited, one.reserved, one.signed]
        for name in DIMENSIONS for one in found.profile.get(name, ())
    ]  # fmt: skip
    return heads, rows
