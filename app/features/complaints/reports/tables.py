"""The tables of the monthly report, on the page and in the sheet; every figure leads to its rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.features.complaints.cases.models import CaseAbout, CaseSource, CaseState, Complaint, Level
from app.features.complaints.reports.rules import CaseFacts, Sums, grouped, summed
from app.kernel.actors import Actor
from app.kernel.screens.display import DASH
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.sheet_answer import Sheet
from app.kernel.workbook_out import OutColumn

BASE = "/complaint-report/"
NONE = "none"  # the key of what was not graded yet
WAYS: dict[str, Any] = {"level": Level, "about": CaseAbout, "source": CaseSource, "state": CaseState, "month": None}
ROW_COLUMNS = ("number", "about", "level", "customer_name", "next_due_at", "state", "satisfaction", "created_at")


def words_of(by: str) -> str:
    """The head of the first column."""
    return {"level": _("级别"), "about": _("对象"), "source": _("来源"), "state": _("状态"), "month": _("月份")}[by]


def key_of(group: Any) -> str:
    return str(getattr(group, "value", group)) if group is not None else NONE


def narrowed(cases: Iterable[CaseFacts], by: str, key: str) -> list[CaseFacts]:
    """The complaints of one group."""
    return [case for case in cases if key_of(case.of(by)) == key]


def _name(group: Any) -> str:
    return group.label if hasattr(group, "label") else str(group) if group else _("未定级")


def ordered(cases: list[CaseFacts], by: str) -> list[tuple[Any, Sums]]:
    """Groups in the order of their closed list, months latest first."""
    found = grouped(cases, by)
    if by == "month":
        return sorted(found.items(), reverse=True)
    order = [*WAYS[by], None]
    return sorted(found.items(), key=lambda one: order.index(one[0]))


def _heads() -> tuple[str, ...]:
    return (_("件数"), _("已关闭"), _("首次回复及时率"), _("办结及时率"), _("满意率"), _("重开次数"))


def _percent(value: int | None) -> str:
    return f"{value} %" if value is not None else DASH


def _cells(sums: Sums) -> tuple[Cell, ...]:
    texts = (
        str(sums.count), str(sums.closed), _percent(sums.reply_percent), _percent(sums.close_percent),
        _percent(sums.content_percent), str(sums.reopened),
    )  # fmt: skip
    return tuple(Cell(text, numeric=True) for text in texts)


def report_table(cases: list[CaseFacts], by: str, month: str) -> Table:
    """One line a group with the totals; a line leads to its complaints, a month to its report."""
    heads = tuple(Column(f"c{n}", head, numeric=True) for n, head in enumerate(_heads()))
    rows = []
    for group, sums in ordered(cases, by):
        url = f"{BASE}?month={group}" if by == "month" else f"{BASE}?month={month}&by={by}&key={key_of(group)}"
        rows.append(Row(key_of(group), url, _name(group), (Cell(_name(group)), *_cells(sums))))
    totals = (Cell(_("合计")), *_cells(summed(cases))) if rows else ()
    return Table((Column("name", words_of(by), phone="hd"), *heads), tuple(rows), totals, empty=_("这个月没有客户投诉"))


def title_of(by: str) -> str:
    """What the sheet is called."""
    return _("投诉月报（按%(what)s）", what=words_of(by))


def report_sheet(project_id: int, cases: list[CaseFacts], by: str, month: str) -> Sheet:
    """The same as .xlsx; the rates as fractions."""
    kinds = ("number", "number", "percent", "percent", "percent", "number")
    heads = [OutColumn(words_of(by), "text", 16)]
    heads += [OutColumn(word, kind, 16, summed=kind == "number") for word, kind in zip(_heads(), kinds, strict=True)]
    rows = [
        [
            _name(group),
            s.count,
            s.closed,
            *(_part(v) for v in (s.reply_percent, s.close_percent, s.content_percent)),
            s.reopened,
        ]
        for group, s in ordered(cases, by)
    ]
    return Sheet(title_of(by), project_id, heads, rows, totals=True, conditions=[month])


def _part(value: int | None) -> float | None:
    return value / 100 if value is not None else None


def rows_table(rows: list[Complaint], actor: Actor) -> Table:
    """The complaints behind a figure."""
    return table_of(Complaint, ROW_COLUMNS, rows, actor)
