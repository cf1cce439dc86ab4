"""Runs alone in a short-lived process: a workbook on stdin, its cells on stdout as JSON lines (04 §2.3).

It imports nothing of the application, so that it starts fast and a hostile file meets as little code as possible.
Lines: {"sheet": name, "hidden": bool, "hidden_rows": [row], "merged": [[r1, c1, r2, c2]]}, then one list per row; or
{"refused": code}.
Dates travel as {"date": iso} and {"moment": iso}. Positions count from 0, from the top left corner of the sheet.
"""

from __future__ import annotations

import datetime
import html
import importlib.util
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from pathlib import Path

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 30
MAX_SHEETS = 50
MAX_ROWS = 50_000
MAX_COLUMNS = 256
MAX_CELLS = 1_000_000
MAX_TEXT = 20_000_000
MAX_MERGED = 50_000


class TooMuch(Exception):
    """The workbook goes beyond a bound; the argument names it."""


def plain(value: object) -> object:
    """The cell as JSON can carry it; an empty text is no value."""
    if value == "":
        return None
    if isinstance(value, datetime.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    if isinstance(value, (datetime.time, datetime.timedelta)):
        return str(value)
    return value


def trimmed(row: list[object]) -> list[object]:
    """The row without its blank right end."""
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


class Budget:
    """What the whole workbook may still hold."""

    def __init__(self) -> None:
        self.rows, self.cells, self.text, self.merged = MAX_ROWS, MAX_CELLS, MAX_TEXT, MAX_MERGED

    def spend(self, row: list[object]) -> None:
        """Take one row off the budget; raises TooMuch."""
        if len(row) > MAX_COLUMNS:
            raise TooMuch("columns")
        self.cells -= len(row)
        self.text -= sum(len(value) for value in row if isinstance(value, str))
        if self.cells < 0 or self.text < 0:
            raise TooMuch("cells")

    def spend_rows(self, count: int) -> None:
        """Take the rows of a sheet, up to its last filled one, off the budget; raises TooMuch."""
        self.rows -= count
        if self.rows < 0:
            raise TooMuch("rows")

    def spend_merged(self, count: int) -> None:
        """Take the merged areas of a sheet off the budget; raises TooMuch."""
        self.merged -= count
        if self.merged < 0:
            raise TooMuch("cells")


_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ROW = re.compile(rb"<(?:\w+:)?row(\s[^>]*)?>")
_HIDDEN = re.compile(rb"\shidden\s*=\s*[\"'](?:1|true)[\"']")


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rb"\s(?:\w+:)?" + name.encode() + rb"\s*=\s*([\"'])(.*?)\1", tag)
    return html.unescape(found[2].decode("utf-8", "replace")) if found else ""


def hidden_rows(data: bytes) -> dict[str, list[int]]:
    """Sheet name → its rows that Excel does not show (filtered away, or hidden by hand), from 0.

    The reader of the cells does not tell them, so their marks are looked for in the parts themselves.
    """
    if not data.startswith(b"PK"):
        return _old_excel(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = set(archive.namelist())
        relations = "xl/_rels/workbook.xml.rels"
        if relations not in parts:
            return {}
        targets = {
            _attribute(tag, "Id"): posixpath.normpath(posixpath.join("/xl", _attribute(tag, "Target"))).lstrip("/")
            for tag in _RELATION.findall(archive.read(relations))
        }
        found = {}
        for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
            part = targets.get(_attribute(tag, "id"), "")
            if part in parts:
                found[_attribute(tag, "name")] = _hidden_of(archive.read(part))
    return found


def _old_excel(data: bytes) -> dict[str, list[int]]:
    """The same of an .xls; the module lies beside this file, and this process knows no package."""
    spec = importlib.util.spec_from_file_location("old_excel_rows", Path(__file__).with_name("old_excel_rows.py"))
    reader = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    spec.loader.exec_module(reader)  # type: ignore[union-attr]
    rows: dict[str, list[int]] = reader.hidden_rows(data)
    return rows


def _hidden_of(page: bytes) -> list[int]:
    if not _HIDDEN.search(page):
        return []
    rows, place = [], -1
    for found in _ROW.finditer(page):
        tag = found[1] or b""
        number = _attribute(tag, "r")
        place = int(number) - 1 if number.isdigit() else place + 1
        if _HIDDEN.search(tag):
            rows.append(place)
    return rows


def sheet_lines(sheet: object, hidden: bool, hidden_rows: list[int], budget: Budget) -> list[str]:
    """The JSON lines of one sheet; raises TooMuch."""
    end = sheet.end  # type: ignore[attr-defined]
    merged = sheet.merged_cell_ranges or []  # type: ignore[attr-defined]
    budget.spend_merged(len(merged))
    head = {
        "sheet": sheet.name,  # type: ignore[attr-defined]
        "hidden": hidden,
        "hidden_rows": hidden_rows,
        "merged": [[*first, *last] for first, last in merged],
    }
    lines = [json.dumps(head)]
    if end is None:
        return lines
    budget.spend_rows(end[0] + 1)
    for raw in sheet.to_python(skip_empty_area=False):  # type: ignore[attr-defined]
        row = trimmed([plain(value) for value in raw])
        budget.spend(row)
        lines.append(json.dumps(row))
    return lines


def read(data: bytes) -> list[str]:
    """The JSON lines of the workbook; raises TooMuch and whatever the reader finds wrong."""
    import python_calamine as calamine

    budget = Budget()
    lines: list[str] = []
    with calamine.load_workbook(io.BytesIO(data)) as book:
        pages = [page for page in book.sheets_metadata if page.typ == calamine.SheetTypeEnum.WorkSheet]
        if len(pages) > MAX_SHEETS:
            raise TooMuch("sheets")
        unseen = hidden_rows(data)
        for page in pages:
            hidden = page.visible != calamine.SheetVisibleEnum.Visible
            lines.extend(sheet_lines(book.get_sheet_by_name(page.name), hidden, unseen.get(page.name, []), budget))
    return lines


def main() -> None:
    """Bound this process first, then read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine as calamine

    try:
        lines = read(sys.stdin.buffer.read())
    except TooMuch as bound:
        lines = [json.dumps({"refused": str(bound)})]
    except calamine.PasswordError:
        lines = [json.dumps({"refused": "password"})]
    except calamine.CalamineError:
        lines = [json.dumps({"refused": "broken"})]
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main()
