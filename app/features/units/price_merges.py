"""The value that a person sees in a cell of a column that was merged downwards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from app.kernel.spreadsheets import Sheet


class MergedColumns:
    """Reads cells of chosen columns, giving every row of a merged area the value of its first cell."""

    def __init__(self, sheet: Sheet, columns: Iterable[int]) -> None:
        self._sheet = sheet
        self._areas: dict[int, list[tuple[int, int, int]]] = {column: [] for column in columns}
        for r1, c1, r2, c2 in sorted(sheet.merged):
            for column, areas in self._areas.items():
                if c1 <= column <= c2:
                    areas.append((r1, r2, c1))

    def cell(self, row: int, column: int) -> object:
        """The value at the position (from 0), looked up in the merged area that covers it."""
        value = self._sheet.cell(row, column)
        areas = self._areas.get(column)
        if value is not None or not areas:
            return value
        at = bisect_right(areas, (row, 1 << 62, 0)) - 1
        if at >= 0 and areas[at][0] <= row <= areas[at][1]:
            return self._sheet.cell(areas[at][0], areas[at][2])
        return None
