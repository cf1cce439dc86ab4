"""A workbook that another program reads: heads in the first row, values below, nothing else; no cell runs (04 S10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter


def write_plain(fileobj: IO[bytes], sheets: Iterable[tuple[str, Iterable[Sequence[object]]]]) -> None:
    """(name, rows with their heads) for each sheet. Days and numbers are such, texts are texts, an empty text is an empty cell."""
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(fileobj, options) as book:
        day_format = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for number, values in enumerate(rows):
                for column, value in enumerate(values):
                    _write(page, number, column, value, day_format)


def _write(page: Any, row: int, column: int, value: object, day_format: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(row, column, value, day_format)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, value)
    elif value not in ("", None):
        page.write_string(row, column, str(value))
