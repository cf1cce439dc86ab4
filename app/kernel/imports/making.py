"""From a workbook and its confirmed heads to a plan: everything right and everything wrong at once, nothing written (04 R10)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.kernel.imports.declared import Desk, columns_of
from app.kernel.imports.heads import SheetHeads
from app.kernel.imports.matching import match
from app.kernel.imports.plan import Fault, Plan
from app.kernel.imports.reading import SheetReader, refuse_repeated, resolve
from app.kernel.spreadsheets import Sheet


def make_plan(desk: Desk, sheets: Sequence[Sheet], chosen_heads: Sequence[SheetHeads]) -> Plan:
    """Read and check every row. Nothing is written; faults come in the order of the file."""
    plan = Plan(desk.view.importable, columns_of(desk.view))
    by_name = {sheet.name: sheet for sheet in sheets}
    for heads in chosen_heads:
        if heads.columns:
            plan.sheets.add(heads.sheet)
            SheetReader(plan, by_name[heads.sheet], heads).read()
    resolve(desk, plan)
    refuse_repeated(plan)
    match(desk, plan)
    _sum_up(plan)
    if not plan.read:
        heads = chosen_heads[0]
        plan.faults.append(Fault(heads.sheet, heads.last + 1, "", "", "表头下面没有任何数据"))
    order = {sheet.name: place for place, sheet in enumerate(sheets)}
    plan.faults.sort(key=lambda fault: (order[fault.sheet], fault.line))
    return plan


def _sum_up(plan: Plan) -> None:
    for column in plan.columns:
        if column.label in plan.sums:
            good = sum((line.values.get(column.name) or Decimal(0) for line in plan.lines), Decimal(0))
            plan.sums[column.label] = (plan.sums[column.label][0], good)
