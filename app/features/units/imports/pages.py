"""From upload and plan to the page models of the import."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.features.units.imports.rules import Expected, ImportPlan, filed_prices
from app.features.units.price_fields import SheetMapping
from app.features.units.price_mapping import columns_on_page, fault_on_page, file_notes, rows_below
from app.features.units.price_rows import UnitRow
from app.kernel.screens.form_page import FormField
from app.kernel.screens.import_page import ImportMapping, ImportPreview, SumCheck
from app.kernel.screens.parts import Cell, Column, Crumb, Row, Table
from app.kernel.spreadsheets import Sheet
from app.kernel.words import several

SHOWN_FAULTS, SHOWN_ROWS = 200, 20
EXPECTED = (
    ("expected_count", "套数"), ("expected_building_area", "建筑面积合计（㎡）"), ("expected_inner_area", "套内面积合计（㎡）"),
    ("expected_value", "Σ 单价×面积（元）"),
)  # fmt: skip


def crumbs() -> tuple[Crumb, ...]:
    """Where the import is."""
    return (Crumb(several("房源")), Crumb(_("房源一览"), "/unit/list/"), Crumb(_("导入")))


def mapping_page(
    name: str,
    sheets: list[Sheet],
    mappings: tuple[SheetMapping, ...],
    typed: dict[str, str],
    errors: list[tuple[str, str]],
    key: str,
) -> ImportMapping:
    """Which column fills which field, and the optional sums. errors: (field, sentence)."""
    named = {field for field, _label in EXPECTED}
    return ImportMapping(
        title=_("导入房源：对应列"),
        crumbs=crumbs(),
        file_name=name,
        columns=columns_on_page(sheets, mappings),
        back_url="/unit-import",
        errors=tuple(sentence for field, sentence in errors if field not in named),
        rows_text=rows_below(sheets, mappings),
        notes=file_notes(sheets, mappings),
        expected=tuple(
            FormField(
                field,
                label,
                value=typed.get(field, ""),
                errors=tuple(sentence for wrong, sentence in errors if wrong == field),
            )
            for field, label in EXPECTED
        ),
        key=key,
    )


def preview_page(name: str, token: str, made: ImportPlan, expected: Expected, key: str, rounding: str) -> ImportPreview:
    """All errors, the sums compared, the first rows."""
    wrong = {(p.sheet, p.line) for p in made.blocking}
    writes = len(made.new) + len(made.applied)
    several = len({problem.sheet for problem in made.problems}) > 1
    return ImportPreview(
        title=_("导入房源：核对"),
        crumbs=crumbs(),
        file_name=name,
        good=0 if made.blocking else writes,
        bad=len(wrong),
        sums=tuple(sum_checks(made, expected)),
        errors=tuple(fault_on_page(p, several) for p in made.problems[:SHOWN_FAULTS]),
        errors_total=len(made.problems),
        sample=_sample(made, rounding),
        back_url="/unit-import",
        may_confirm=made.may_commit,
        why_not=_why_not(made),
        lead=f"{name}　{made.summary}",
        errors_url=f"/unit-import/{token}/errors" if made.problems else "",
        columns_url=f"/unit-import/{token}/columns",
        key=key,
    )


def _why_not(made: ImportPlan) -> str:
    if made.blocking:
        return _("有错时一套也不导入，请改好文件再传。")
    if made.nothing_to_do:
        return _("没有要写入的内容：%(what)s。", what=made.summary)
    return ""


def sum_checks(made: ImportPlan, expected: Expected) -> list[SumCheck]:
    """The sums of the file beside what is stored afterwards, and beside what the person typed."""
    sums = made.table.sums
    known = [*made.new, *(c.row for c in made.applied), *made.same]
    stored_area = sum((r.building_area or Decimal(0) for r in known), Decimal(0))
    stored_inner = sum((r.inner_area or Decimal(0) for r in known), Decimal(0))
    stored_value = sum(((r.unit_price or Decimal(0)) * (r.building_area or Decimal(0)) for r in known), Decimal(0))
    rows: list[tuple[str, Any, Any]] = [
        (_("套数"), sums.count, len(known)),
        (_("建筑面积（㎡）"), sums.building_area, stored_area),
        (_("套内面积（㎡）"), sums.inner_area, stored_inner),
        (_("Σ 单价×面积（元）"), sums.value, stored_value),
    ]
    checks = [SumCheck(label, _number(ours), _number(stored), ours == stored) for label, ours, stored in rows]
    typed = (expected.count, expected.building_area, expected.inner_area, expected.value)
    for (label, ours, _stored), wanted in zip(rows, typed, strict=True):
        if wanted is not None:
            difference = ours - wanted
            note = _("%(label)s：应为", label=label)
            shown = (
                _number(wanted)
                if not difference
                else _("%(sum)s（差 %(d)s）", sum=_number(wanted), d=_number(difference))
            )
            checks.append(SumCheck(note, _number(ours), shown, not difference))
    return checks


def _number(value: Any) -> str:
    return f"{value:,}"


def _sample(made: ImportPlan, rounding: str) -> Table | None:
    rows = [(_("新增"), row) for row in made.new[:SHOWN_ROWS]]
    rows += [(_("更新") if c.applies else _("已推出，保持原值"), c.row) for c in made.changes[: SHOWN_ROWS - len(rows)]]
    if not rows:
        return None
    columns = (
        Column("name", _("房源")), Column("area", _("建筑面积"), numeric=True), Column("inner", _("套内面积"), numeric=True),
        Column("price", _("备案单价"), numeric=True), Column("total", _("备案总价"), numeric=True), Column("what", _("处理"), phone="badge"),
    )  # fmt: skip
    return Table(
        columns,
        tuple(
            Row(
                str(number), "", row.full_name,
                (
                    Cell(row.full_name), Cell(_shown(row.building_area), True), Cell(_shown(row.inner_area), True),
                    *(Cell(_shown(p), True) for p in _filed(row, rounding)), Cell(what),
                ),
            )
            for number, (what, row) in enumerate(rows)
        ),
    )  # fmt: skip


def _filed(row: UnitRow, rounding: str) -> tuple[Decimal | None, Decimal | None]:
    """备案单价 and 备案总价 as they will be stored, computed where the table names one of them only."""
    if not row.building_area or not row.inner_area:
        return row.unit_price, row.total_price
    return filed_prices(row, row.building_area, row.inner_area, rounding)


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,}"
