"""Tables that are laid out across: a column a month, a row a subject. They are laid down before anything reads them.

Every filled cell below such a head becomes a row of its own: what stands left of it, the head, the cell. The rows keep the line of
the file that they came from, and the head that they stood under.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.kernel.cells import is_blank
from app.kernel.imports.declared import Across, ImportColumn
from app.kernel.sheet_headers import SCANNED_ROWS
from app.kernel.spreadsheets import Sheet

FEWEST = 2  # heads that make a table one that is laid out across
NOTHING = ("-", "—", "–", "/", "／", "无")


def laid_down(sheets: Sequence[Sheet], across: Across | None, columns: Sequence[ImportColumn]) -> list[Sheet]:
    """The sheets, those that are laid out across as lists."""
    if across is None:
        return list(sheets)
    labels = {column.name: str(column.label) for column in columns}
    return [_laid_down(sheet, across, (labels[across.over], labels[across.into])) for sheet in sheets]


def _laid_down(sheet: Sheet, across: Across, labels: tuple[str, str]) -> Sheet:
    head, found = _heads(sheet, across)
    if not found:
        return sheet
    width = max(len(row) for row in sheet.rows)
    beside = [index for index in range(width) if index not in found and _head(sheet, head, index) is not None]
    cover = _covered(sheet, head)
    rows: list[list[object]] = [*sheet.rows[:head], [*(_head(sheet, head, index) for index in beside), *labels]]
    origins = [*((place, "") for place in range(head)), (head, "、".join(text for _meaning, text in found.values()))]
    for place in range(head + 1, len(sheet.rows)):
        left = [sheet.cell(*cover.get((place, index), (place, index))) for index in beside]
        for index, (meaning, text) in found.items():
            cell = sheet.cell(place, index)
            if not is_blank(cell) and str(cell).strip() not in NOTHING:
                rows.append([*left, meaning, cell])
                origins.append((place, text))
    unseen = frozenset(place for place, (line, _text) in enumerate(origins) if line in sheet.hidden_rows)
    above = [area for area in sheet.merged if area[2] < head]
    return replace(sheet, rows=rows, origins=tuple(origins), hidden_rows=unseen, merged=above)


def _heads(sheet: Sheet, across: Across) -> tuple[int, dict[int, tuple[str, str]]]:
    """The row of the heads, and what each of them means: {column: (meaning, text)}."""
    said = sheet.name
    for place, row in enumerate(sheet.rows[:SCANNED_ROWS]):
        found = {
            index: (meaning, _text(cell)) for index, cell in enumerate(row) if (meaning := across.value_of(cell, said))
        }
        if len(found) >= FEWEST:
            return place, found
        said = " ".join([said, *(str(cell) for cell in row if not is_blank(cell))])
    return 0, {}


def _text(cell: object) -> str:
    return f"{cell:%Y-%m}" if hasattr(cell, "strftime") else str(cell).strip()


def _head(sheet: Sheet, head: int, index: int) -> object:
    """What names a column beside: the cell in the row of the heads, or the one above whose area reaches down to it."""
    cell = sheet.cell(head, index)
    if not is_blank(cell):
        return cell
    reaching = (area for area in sheet.merged if area[1] <= index <= area[3] and area[0] < head <= area[2])
    return next((sheet.cell(first, left) for first, left, _last, _right in reaching), None)


def _covered(sheet: Sheet, head: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells of a merged area that runs down a column below the heads → its first cell."""
    return {
        (place, left): (first, left)
        for first, left, last, right in sheet.merged
        if first > head and left == right
        for place in range(first + 1, last + 1)
    }
