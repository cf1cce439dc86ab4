"""The columns of a price table between the pages of an import: drawn, chosen, and remembered for the next table of this kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from app.features.units.price_fields import FIELDS, Layout, SheetMapping, confirmed, propose
from app.features.units.price_rows import Problem
from app.kernel.cells import as_text
from app.kernel.imports.left_aside import notes_of_file
from app.kernel.imports.uploads import Upload
from app.kernel.screens.import_page import ImportColumn, ImportFault
from app.kernel.screens.parts import Option
from app.kernel.sheet_headers import normal
from app.kernel.spreadsheets import Sheet

SAMPLES = 3


def proposed(sheets: Sequence[Sheet], memory: Mapping[str, str]) -> tuple[SheetMapping, ...]:
    """What the heads say, and what an earlier table told of heads that say nothing."""
    return tuple(_with_memory(mapping, memory) for mapping in propose(sheets).mappings)


def _with_memory(mapping: SheetMapping, memory: Mapping[str, str]) -> SheetMapping:
    if mapping.layout != Layout.LIST:
        return mapping
    taken, left_out = dict(mapping.columns), set[int]()
    for head in mapping.heads:
        key = memory.get(normal(head.text))
        if key and head.index not in taken and key not in taken.values():
            taken[head.index] = key
        elif key == "":
            left_out.add(head.index)
    guesses = {
        i: key
        for i, key in mapping.guesses.items()
        if i not in taken and i not in left_out and key not in taken.values()
    }
    ambiguous = {key: indexes for key, indexes in mapping.ambiguous.items() if key not in taken.values()}
    return replace(mapping, columns=dict(sorted(taken.items())), guesses=guesses, ambiguous=ambiguous)


def told(mappings: Iterable[SheetMapping]) -> dict[str, str]:
    """What to remember: every head with its field, "" for a head that was left out."""
    return {
        normal(head.text): mapping.columns.get(head.index, "")
        for mapping in mappings
        for head in mapping.heads
        if head.index not in mapping.positions
    }


def picked(
    proposal: Sequence[SheetMapping], form: Mapping[str, str]
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """What the form chose: columns and kinds of matrix by sheet."""
    columns: dict[str, dict[str, str]] = {}
    layouts: dict[str, str] = {}
    for position, mapping in enumerate(proposal):
        chosen = {
            str(head.index): form.get(column_name(position, head.index), "")
            for head in mapping.heads
            if head.index not in mapping.positions
        }
        columns[mapping.sheet] = {index: key for index, key in chosen.items() if key}
        layouts[mapping.sheet] = form.get(f"s{position}layout", "")
    return columns, layouts


def chosen_mappings(kept: Upload, proposal: Sequence[SheetMapping]) -> list[SheetMapping]:
    """The proposal with what the person chose. Raises RuleError for a wrong choice."""
    made = []
    for mapping in proposal:
        columns = kept.columns.get(mapping.sheet)
        layout = kept.layouts.get(mapping.sheet, "")
        kind = Layout(layout) if layout in set(Layout) and mapping.layout != Layout.LIST else None
        made.append(
            mapping if columns is None else confirmed(mapping, {int(i): key for i, key in columns.items()}, kind)
        )
    return made


def column_name(sheet: int, column: int) -> str:
    """The name of a column's select in the form."""
    return f"s{sheet}c{column}"


def file_notes(sheets: Sequence[Sheet], mappings: Sequence[SheetMapping]) -> tuple[str, ...]:
    """Sheets that are not read, rows that the file hides."""
    return notes_of_file(sheets, {mapping.sheet for mapping in mappings}, dict(propose(sheets).ignored))


def rows_below(sheets: Sequence[Sheet], mappings: Sequence[SheetMapping]) -> str:
    """«共 292 行»."""
    by_name = {sheet.name: sheet for sheet in sheets}
    return _("共 %(n)s 行", n=sum(max(0, len(by_name[m.sheet].rows) - m.last - 1) for m in mappings))


def columns_on_page(sheets: Sequence[Sheet], mappings: Sequence[SheetMapping]) -> tuple[ImportColumn, ...]:
    """Every column of every sheet with what it fills."""
    by_name, found = {sheet.name: sheet for sheet in sheets}, list[ImportColumn]()
    for position, mapping in enumerate(mappings):
        found += _columns_of(by_name[mapping.sheet], position, mapping, several=len(mappings) > 1)
    return tuple(found)


def _columns_of(sheet: Sheet, position: int, mapping: SheetMapping, several: bool) -> list[ImportColumn]:
    options = tuple(Option(each.key, each.label) for each in FIELDS)
    before = f"{sheet.name}·" if several else ""
    taken = [
        ImportColumn(
            name=column_name(position, head.index),
            head=before + head.text,
            samples=_samples(sheet, mapping.last, head.index),
            options=options,
            value=mapping.columns.get(head.index, ""),
            error=_doubt(mapping, head.index),
        )
        for head in mapping.heads
        if head.index not in mapping.positions
    ]
    if mapping.layout != Layout.LIST:
        kinds = (Option(Layout.UNIT_PRICES, _("单价")), Option(Layout.TOTAL_PRICES, _("总价")))
        value = "" if mapping.layout == Layout.UNKNOWN_MATRIX else mapping.layout
        taken.append(
            ImportColumn(f"s{position}layout", _("%(sheet)s里的数字", sheet=before or _("表格")), (), kinds, value)
        )
    return taken


def _samples(sheet: Sheet, last: int, column: int) -> tuple[str, ...]:
    values = (sheet.cell(row, column) for row in range(last + 1, min(last + 30, len(sheet.rows))))
    texts = [
        as_text(value) if not isinstance(value, float) or abs(value) < 10**15 else str(value)
        for value in values
        if value is not None
    ]
    return tuple(text[:20] for text in texts if text)[:SAMPLES]


def _doubt(mapping: SheetMapping, index: int) -> str:
    labels = {each.key: each.label for each in FIELDS}
    if index in mapping.guesses:
        return _("可能是「%(label)s」，请确认", label=labels[mapping.guesses[index]])
    unsure = next((key for key, indexes in mapping.ambiguous.items() if index in indexes), None)
    return _("有几列都可能是「%(label)s」，请选定一列", label=labels[unsure]) if unsure else ""


def fault_on_page(problem: Problem, several: bool) -> ImportFault:
    """A problem of a price table with its place."""
    return ImportFault(
        problem.line, problem.column, problem.value, str(problem.reason), problem.sheet if several else ""
    )
