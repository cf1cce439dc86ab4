"""Reading the rows of a table: cells become typed values, names become ids, doubled rows are told (02 §2.5.12)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.kernel.cells import is_blank
from app.kernel.errors import RuleError
from app.kernel.imports.cell_values import value_of_cell
from app.kernel.imports.declared import Desk, ImportColumn, Values
from app.kernel.imports.heads import SheetHeads, any_filled
from app.kernel.imports.lookups import chosen, ids_by_text
from app.kernel.imports.plan import Fault, Line, Plan, fault_at
from app.kernel.money_units import YUAN, in_yuan, scale_of, unit_word
from app.kernel.sheet_headers import normal
from app.kernel.spreadsheets import Sheet

_NO_DATA = re.compile(r"^\s*((合|总|小|共)\s*计|制表|审核|复核|填表|备注[:：]|说明[:：]|注[:：])")
SPREAD = ("text", "choice", "record", "person", "identity")  # what one merged cell may say for several rows


class SheetReader:
    """One sheet: its rows become lines, its refused cells faults."""

    def __init__(self, plan: Plan, sheet: Sheet, heads: SheetHeads) -> None:
        self.plan, self.sheet, self.heads = plan, sheet, heads
        known = {column.name: column for column in plan.columns}
        self.columns = {index: known[key] for index, key in heads.columns.items()}
        self.spread = self._merged_down()
        texts = {head.index: head.text for head in heads.heads}
        self.scales = {
            index: scale
            for index, column in self.columns.items()
            if column.kind == "money" and (scale := scale_of(sheet, heads.first, texts.get(index, ""))) != YUAN
        }
        plan.scaled |= {(texts.get(index, ""), unit_word(scale)) for index, scale in self.scales.items()}

    def read(self) -> None:
        """Every row below the header."""
        texts = {index: normal(head.text) for index, head in ((h.index, h) for h in self.heads.heads)}
        for row in range(self.heads.last + 1, len(self.sheet.rows)):
            if not any_filled(self.sheet.rows[row]):
                continue
            if self._says_nothing(row, texts):
                said = " ".join(str(v) for v in self.sheet.rows[row] if not is_blank(v))
                self._skip(self.sheet.line(row), said[:60])
                continue
            self._read_row(row)

    def _skip(self, line: int, said: str) -> None:
        """Told once, also of a line that was laid down into many rows."""
        if (self.sheet.name, line) not in ((sheet, one) for sheet, one, _said in self.plan.skipped):
            self.plan.skipped.append((self.sheet.name, line, said))

    def _merged_down(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Cells below the first of a merged area that runs down a column → that first cell."""
        found = {}
        for r1, c1, r2, c2 in self.sheet.merged:
            if r2 > r1 and c1 == c2 and c1 in self.columns and self.columns[c1].kind in SPREAD:
                found.update({(row, c1): (r1, c1) for row in range(r1 + 1, r2 + 1)})
        return found

    def _cell(self, row: int, index: int) -> object:
        return self.sheet.cell(*self.spread.get((row, index), (row, index)))

    def _says_nothing(self, row: int, heads: dict[int, str]) -> bool:
        """Totals, signatures, notes over the whole width, the header of the next printed page."""
        cells = self.sheet.rows[row]
        filled = [(index, value) for index, value in enumerate(cells) if not is_blank(value)]
        first = filled[0][1]
        if isinstance(first, str) and _NO_DATA.match(first):
            return True
        if len(filled) == 1 and any(r1 == row and c2 > c1 for r1, c1, _r2, c2 in self.sheet.merged):
            return True
        mine = [(i, v) for i, v in filled if i in self.columns]
        if not mine:
            return True
        return len(mine) > 1 and all(isinstance(v, str) and normal(v) == heads.get(i) for i, v in mine)

    def _read_row(self, row: int) -> None:
        self.plan.read += 1
        values: Values = {}
        unread: set[str] = set()
        for index, column in self.columns.items():
            cell = self._cell(row, index)
            try:
                values[column.name] = self._value(index, column, cell)
                if column.required and values[column.name] in (None, ""):
                    raise RuleError("不能为空，请填写")
            except RuleError as reason:
                unread.add(column.name)
                fault = fault_at(self.sheet.name, self.sheet.line(row), column, cell, str(reason))
                under = self.sheet.stood_under(row)
                self.plan.tell(replace(fault, column=f"{fault.column} {under}") if under else fault)
            if column.summed:
                self._add(column, values.get(column.name))
        for name in unread:
            values.pop(name, None)
        line = Line(self.sheet.name, self.sheet.line(row), values, unread, refused=bool(unread))
        self.plan.lines.append(line)

    def _value(self, index: int, column: ImportColumn, cell: object) -> Any:
        scale = self.scales.get(index)
        return value_of_cell(column, cell) if scale is None else in_yuan(cell, scale, places=column.places)

    def _add(self, column: ImportColumn, value: Decimal | None) -> None:
        read, good = self.plan.sums.get(column.label, (Decimal(0), Decimal(0)))
        self.plan.sums[column.label] = (read + (value or Decimal(0)), good)


def resolve(desk: Desk, plan: Plan) -> None:
    """Names become ids, all of a column in one look-up; what is not found is a fault of its cell."""
    for column in plan.columns:
        if not column.resolved:
            continue
        texts = {line.values[column.name] for line in plan.lines if line.values.get(column.name)}
        if not texts:
            continue
        ids = ids_by_text(desk, column, texts)
        for line in plan.lines:
            text = line.values.get(column.name)
            try:
                if text:
                    line.values[column.name], line.written[column.name] = chosen(column, text, ids), text
            except RuleError as reason:
                line.values.pop(column.name)
                line.unread.add(column.name)
                line.refused = True
                plan.tell(fault_at(line.sheet, line.number, column, text, str(reason)))


def refuse_repeated(plan: Plan) -> None:
    """Two rows of one key: which of them counts, nobody can tell."""
    key = plan.declared.key
    if not key:
        return
    first: dict[tuple[Any, ...], Line] = {}
    for line in plan.lines:
        value = tuple(line.values.get(name) for name in key)
        if line.unread.intersection(key) or all(part in (None, "") for part in value):
            continue
        earlier = first.setdefault(value, line)
        if earlier is not line:
            words = "与第 {n} 行重复" if earlier.sheet == line.sheet else "与「{sheet}」第 {n} 行重复"
            sentence = str(RuleError(words + "，请只留一行", n=earlier.number, sheet=earlier.sheet))
            line.refused = True
            plan.tell(Fault(line.sheet, line.number, _labels(plan, key), "", sentence))


def _labels(plan: Plan, names: Sequence[str]) -> str:
    known = {column.name: column.label for column in plan.columns}
    return "、".join(known[name] for name in names if name in known)
