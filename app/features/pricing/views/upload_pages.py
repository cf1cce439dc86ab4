"""From a price table and its plan to the page models of 导入价格."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.features.pricing.effects.tables_in import NewPrice, PricePlan
from app.features.pricing.models import PriceList
from app.features.units.models import SOLD, Unit
from app.features.units.price_fields import SheetMapping
from app.features.units.price_mapping import columns_on_page, fault_on_page, file_notes, rows_below
from app.features.units.price_rows import PriceTable, Problem
from app.kernel.imports.uploads import Upload
from app.kernel.pages.import_parts import source_field
from app.kernel.screens.form_page import FormField
from app.kernel.screens.import_page import ImportMapping, ImportPreview, ImportUpload, SumCheck
from app.kernel.screens.parts import Cell, Column, Crumb, Option, Row, Table
from app.kernel.spreadsheets import Sheet
from app.kernel.workbook_out import OutColumn

KINDS = ("list", "filed", "floor")
SHOWN_FAULTS, SHOWN_ROWS, SHOWN_HINTS = 200, 20, 5
ACCEPT = ".xlsx,.xls,.csv"


def address(view: Any, paper: PriceList) -> str:
    """Where the import into this draft begins."""
    return f"{view.route_base}/upload/{paper.id}"


def kind_words() -> dict[str, str]:
    """What the unit price of a table may be."""
    return {"list": _("表价"), "filed": _("备案价"), "floor": _("底价")}


def _crumbs(view: Any, paper: PriceList) -> tuple[Crumb, ...]:
    return (
        Crumb(str(view.title), view.list_url()),
        Crumb(str(paper), view.show_url(paper.id)),
        Crumb(_("导入价格"), address(view, paper)),
    )


def upload(view: Any, paper: PriceList, known: Sequence[str], refused: str) -> ImportUpload:
    """Choose the file."""
    options = tuple(Option(key, word) for key, word in kind_words().items())
    kind = FormField(
        "column", _("表中的单价是"), "choice", required=True, value=request.form.get("column", "list"), options=options
    )
    notes = (
        _(
            "支持 .xlsx、.xls 和 CSV：逐户清单，或楼层×房号的单价矩阵。模板里已列好可定价的房源和现在的表价，改好就能传。"
        ),
        _("按楼栋、单元、房号对应房源；下一步先核对合计和涨跌，确认后才写入。有一处错误就一行也不写。"),
        _("其余两种价保留本价目表里已有的，没有则沿用房源现有的。"),
    )
    return ImportUpload(
        title=_("导入价格：%(name)s", name=paper.name), crumbs=_crumbs(view, paper),
        template_url=f"{address(view, paper)}/template", back_url=view.show_url(paper.id), errors=(refused,) if refused else (),
        notes=notes, accept=ACCEPT, fields=(kind, source_field(known)),
    )  # fmt: skip


def mapping(
    view: Any, paper: PriceList, kept: Upload, sheets: list[Sheet], proposal: tuple[SheetMapping, ...], refused: str
) -> ImportMapping:
    """Which column fills which field."""
    return ImportMapping(
        title=_("导入价格：对应列"), crumbs=_crumbs(view, paper), file_name=kept.name, columns=columns_on_page(sheets, proposal),
        back_url=address(view, paper), errors=(refused,) if refused else (), rows_text=rows_below(sheets, proposal),
        notes=file_notes(sheets, proposal),
    )  # fmt: skip


def preview(
    view: Any, paper: PriceList, kept: Upload, table: PriceTable, plan: PricePlan, problems: list[Problem], key: str
) -> ImportPreview:
    """All errors, the sums compared, old and new prices."""
    base, count = f"{address(view, paper)}/{kept.token}", len(plan.lines)
    several = len({problem.sheet for problem in problems}) > 1
    word = kind_words()[kept.expected["price"]]
    lead = _(
        "%(file)s　写入%(kind)s %(n)s 套，其中 %(m)s 套与现在不同",
        file=kept.name,
        kind=word,
        n=count,
        m=len(plan.changed),
    )
    return ImportPreview(
        title=_("导入价格：核对"), crumbs=_crumbs(view, paper), file_name=kept.name, good=count,
        bad=len({(p.sheet, p.line) for p in problems}), sums=_sums(table, plan),
        errors=tuple(fault_on_page(p, several) for p in problems[:SHOWN_FAULTS]), errors_total=len(problems),
        sample=_sample(plan, word), back_url=address(view, paper), may_confirm=not problems and count > 0,
        why_not=_("有错时一行也不写，请改好文件再传。") if problems else "", lead=lead, notes=_notes(table, plan, kept),
        errors_url=f"{base}/report" if problems else "", columns_url=f"{base}/columns", key=key,
        confirm_label=_("写入 %(n)s 套的价格", n=count),
    )  # fmt: skip


def _notes(table: PriceTable, plan: PricePlan, kept: Upload) -> tuple[str, ...]:
    """How the list total moves, and what is to be read but forbids nothing."""
    hints = [str(problem) for problem in table.problems if not problem.blocking]
    said = hints[:SHOWN_HINTS]
    if len(hints) > len(said):
        said.append(_("……共 %(n)s 处，这里列出前 %(m)s 处", n=len(hints), m=len(said)))
    if kept.expected["price"] == "list" and plan.lines:
        before, after = sum(line.old_total for line in plan.lines), sum(line.total for line in plan.lines)
        move = _(
            "这些房源的表价合计：%(old)s → %(new)s 元（%(d)s）",
            old=_yuan(before),
            new=_yuan(after),
            d=f"{after - before:+,.2f}",
        )
        said.insert(0, move)
    return tuple(said)


def _yuan(amount: Decimal | int) -> str:
    return f"{amount:,.2f}"


def _sums(table: PriceTable, plan: PricePlan) -> tuple[SumCheck, ...]:
    """Rows and Σ unit price × area of the file beside those that would be written."""
    read = sum(((r.unit_price or Decimal(0)) * (r.building_area or Decimal(0)) for r in table.rows), Decimal(0))
    ours = sum(((line.row.unit_price or Decimal(0)) * line.unit.building_area for line in plan.lines), Decimal(0))
    checks = [SumCheck(_("套数"), f"{len(table.rows):,}", f"{len(plan.lines):,}", len(table.rows) == len(plan.lines))]
    if table.rows and not table.sums.without_area:
        checks.append(SumCheck(_("Σ 单价×面积（元）"), f"{read:,}", f"{ours:,}", read == ours))
    return tuple(checks)


def _sample(plan: PricePlan, word: str) -> Table | None:
    lines = [*plan.changed, *(line for line in plan.lines if line.row.unit_price == line.before)][:SHOWN_ROWS]
    if not lines:
        return None
    columns = (
        Column("unit", _("房源"), phone="hd"), Column("area", _("建筑面积"), numeric=True),
        Column("old", _("原%(kind)s单价", kind=word), numeric=True), Column("new", _("新%(kind)s单价", kind=word), numeric=True),
        Column("change", _("变动"), numeric=True), Column("total", _("表价总价"), numeric=True),
    )  # fmt: skip
    return Table(columns, tuple(_row(number, line) for number, line in enumerate(lines)))


def _row(number: int, line: NewPrice) -> Row:
    new = line.row.unit_price or Decimal(0)
    change = "" if line.before is None else f"{new - line.before:+,.2f}"
    old = "" if line.before is None else _yuan(line.before)
    cells = (
        Cell(line.unit.full_name), Cell(str(line.unit.building_area), True), Cell(old, True), Cell(_yuan(new), True),
        Cell(change, True), Cell(_yuan(line.total), True),
    )  # fmt: skip
    return Row(str(number), "", line.unit.full_name, cells)


def report_columns() -> tuple[OutColumn, ...]:
    """Heads of the error report."""
    return (
        OutColumn(_("位置"), width=28), OutColumn(_("列"), width=16), OutColumn(_("读到的内容"), width=24),
        OutColumn(_("说明"), width=70),
    )  # fmt: skip


def report_rows(problems: Sequence[Problem]) -> Iterator[tuple[str, ...]]:
    """Every error with its place."""
    for p in problems:
        yield f"{p.sheet}·第 {p.line} 行", p.column, p.value, str(p.reason)


def template_columns() -> tuple[OutColumn, ...]:
    """Heads that the import finds by itself."""
    return (
        OutColumn("楼栋"), OutColumn("单元", width=8), OutColumn("楼层", "whole", 8), OutColumn("房号", width=10),
        OutColumn("建筑面积", "area", summed=False), OutColumn("套内面积", "area", summed=False), OutColumn("单价", "price"),
    )  # fmt: skip


def template_rows(session: Session, paper: PriceList) -> Iterator[tuple[object, ...]]:
    """Homes that are not sold, in the order of the board, with the list price of the draft, else their present one."""
    drafted = {line.unit_id: line.list_unit_price for line in paper.lines}
    query = select(Unit).where(Unit.project_id == paper.project_id, Unit.state.not_in(SOLD))
    order = (Unit.building_id, Unit.section, Unit.floor.desc(), Unit.room)
    for unit in session.scalars(query.options(joinedload(Unit.building)).order_by(*order)):
        price = drafted.get(unit.id, unit.list_unit_price)
        yield unit.building.name, unit.section, unit.floor, unit.room, unit.building_area, unit.inner_area, price
