"""A sheet for another program: a number is a number, whatever type it has."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

from app.kernel.plain_workbook import write_plain
from app.kernel.spreadsheets import read_workbook


def test_numbers_days_and_texts_are_such() -> None:
    target = io.BytesIO()
    write_plain(target, [("甲", [["头"], [1, 0.5, Decimal("2.25"), date(2026, 12, 1), "007", ""]])])
    (sheet,) = read_workbook(target.getvalue(), "a.xlsx")
    assert sheet.rows[1][:5] == [1, 0.5, 2.25, date(2026, 12, 1), "007"]
