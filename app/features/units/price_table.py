"""From a workbook to homes with prices: everything right and everything wrong at once, nothing stored (04 R10)."""

from __future__ import annotations

from collections.abc import Sequence

from app.features.units.price_fields import LABELS, Layout, Proposal, Purpose, SheetMapping, propose
from app.features.units.price_list import ListReader
from app.features.units.price_matrix import MatrixReader, needs_known_homes
from app.features.units.price_rows import PriceTable, Problem, UnitRow, repeated_homes, sums_of
from app.kernel.errors import RuleError
from app.kernel.spreadsheets import Sheet


def parse_price_table(
    sheets: Sequence[Sheet], purpose: Purpose, mappings: Sequence[SheetMapping] | None = None
) -> PriceTable:
    """Read all sheets by mappings (what a person confirmed) or, without them, by the proposal.

    Never raises for the content: whatever is wrong is in problems, sorted by place. Raises RuleError for a mapping of a
    sheet that the workbook does not have.
    """
    proposal = propose(sheets) if mappings is None else Proposal(tuple(mappings), ())
    by_name = {sheet.name: sheet for sheet in sheets}
    problems: list[Problem] = []
    rows: list[UnitRow] = []
    skipped: list[tuple[str, int, str]] = []
    matrix = MatrixReader()
    for mapping in proposal.mappings:
        sheet = by_name.get(mapping.sheet)
        if sheet is None:
            raise RuleError("文件里没有工作表“{sheet}”，请重新上传。", field="mapping", sheet=mapping.sheet)
        refused = _unreadable(mapping, purpose)
        problems += refused
        if refused:
            continue
        if mapping.layout == Layout.LIST:
            reader = ListReader(sheet, mapping, purpose)
            reader.read()
            rows += reader.rows
            problems += reader.problems
            skipped += reader.skipped
        else:
            matrix.add(sheet, mapping)
    rows += matrix.rows()
    skipped += matrix.skipped
    problems += matrix.problems + repeated_homes(rows) + _about_the_whole(proposal, purpose, rows, problems)
    order = {sheet.name: place for place, sheet in enumerate(sheets)}
    problems.sort(key=lambda problem: (order.get(problem.sheet, -1), problem.line))
    return PriceTable(tuple(rows), tuple(problems), sums_of(rows), proposal.mappings, proposal.ignored, tuple(skipped))


def _unreadable(mapping: SheetMapping, purpose: Purpose) -> list[Problem]:
    """Without its needed columns a sheet is not read at all: one sentence instead of one for every line."""
    problems: list[Problem] = []
    heads = {head.index: head.text for head in mapping.heads}
    line = mapping.last + 1
    for key, indexes in mapping.ambiguous.items():
        columns = "、".join(heads[index] for index in indexes)
        reason = RuleError("有几列都可能是“{label}”：{columns}，请选定一列", label=LABELS[key], columns=columns)
        problems.append(Problem(mapping.sheet, line, LABELS[key], reason))
    missing = [key for key in mapping.missing(purpose) if key not in mapping.ambiguous]
    for key in missing:
        guess = next((heads[index] for index, guessed in mapping.guesses.items() if guessed == key), None)
        reason = (
            RuleError("表头里没有“{label}”；“{guess}”可能是，请确认", label=LABELS[key], guess=guess)
            if guess
            else RuleError("表头里没有“{label}”这一列", label=LABELS[key])
        )
        problems.append(Problem(mapping.sheet, line, LABELS[key], reason))
    return problems


def _about_the_whole(
    proposal: Proposal, purpose: Purpose, rows: Sequence[UnitRow], found: Sequence[Problem]
) -> list[Problem]:
    problems = needs_known_homes(proposal.mappings) if purpose == Purpose.NEW_UNITS else []
    if not proposal.mappings:
        reason = "没有找到房源表头（至少要有楼栋、房号、单价等列）"
        problems.append(Problem("文件", 0, "", RuleError(reason)))
    elif not rows and not found:
        problems.append(Problem(proposal.mappings[0].sheet, 0, "", RuleError("表头下面没有任何房源")))
    return problems
