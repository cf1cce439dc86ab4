"""Reading an uploaded spreadsheet into plain rows: guard, then a bounded child process (04 §2.3 «Import guard»)."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from app.kernel import spreadsheet_child
from app.kernel.csv_text import read_csv
from app.kernel.errors import RuleError
from app.kernel.spreadsheet_guard import kind_of

SECONDS = 30

_REFUSALS = {
    "rows": "表格超过 {rows} 行，请拆分后上传。",
    "columns": "表格超过 {columns} 列，请只留需要导入的列。",
    "cells": "表格内容太多，请拆分后上传。",
    "sheets": "工作表超过 {sheets} 张，请只留需要导入的。",
    "password": "文件设有打开密码，请取消密码后上传。",
    "broken": "文件已损坏或不是表格，打不开，请重新保存后上传。",
}


@dataclass(frozen=True)
class Sheet:
    """One worksheet: rows of None | str | float | bool | date | datetime, without blank right ends.

    rows[0] is line 1 of the sheet. merged holds (first row, first column, last row, last column), counted from 0,
    inclusive; only the first cell of a merged area has a value. keeps_merges is False where the format (CSV) has none.
    hidden_rows are those that Excel does not show, from 0; a CSV knows of none (keeps_merges is False there).
    origins: of a table that was laid down (imports/across.py) the row of the file, from 0, and the head of each row.
    """

    name: str
    rows: list[list[object]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    keeps_merges: bool = True
    hidden_rows: frozenset[int] = frozenset()
    origins: tuple[tuple[int, str], ...] = ()

    def line(self, row: int) -> int:
        """The line of the file as Excel counts it."""
        return (self.origins[row][0] if self.origins else row) + 1

    def stood_under(self, row: int) -> str:
        """The head that the row stood under before its table was laid down; empty elsewhere."""
        return self.origins[row][1] if self.origins else ""

    def cell(self, row: int, column: int) -> object:
        """The value at the position, None beyond the filled area."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None


def read_workbook(data: bytes, filename: str) -> list[Sheet]:
    """All worksheets of an xlsx, xls or csv upload; what it is, is decided by its content.

    filename only names the sheet of a CSV. Raises RuleError (field «file») with a Chinese reason for everything that
    is empty, foreign, encrypted, with macros, damaged, a bomb or beyond the bounds. A formula gives its stored value, a
    formula error (#REF!) an empty cell.
    """
    if kind_of(data) == "text":
        sheets = [Sheet(PurePath(filename).stem or "CSV", read_csv(data), keeps_merges=False)]
    else:
        sheets = _sheets(_run_child(data))
    if not any(value is not None for sheet in sheets for row in sheet.rows for value in row):
        raise RuleError("表格里没有任何内容。", field="file")
    return sheets


def _run_child(data: bytes) -> bytes:
    command = [sys.executable, "-I", str(Path(spreadsheet_child.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 — fixed command, the upload is only its input
            command, input=data, capture_output=True, timeout=SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise RuleError(
            "文件读了 {seconds} 秒还没有读完，已停止。请拆分后上传。", field="file", seconds=SECONDS
        ) from error
    if done.returncode != 0:
        raise RuleError("文件结构异常或展开后过大，为安全起见已停止读取。请重新另存为 .xlsx 再上传。", field="file")
    return done.stdout


def _sheets(output: bytes) -> list[Sheet]:
    sheets: list[Sheet] = []
    for line in output.splitlines():
        entry = json.loads(line, object_hook=_revived)
        if isinstance(entry, list):
            sheets[-1].rows.append(entry)
        elif "refused" in entry:
            raise RuleError(
                _REFUSALS[entry["refused"]],
                field="file",
                rows=spreadsheet_child.MAX_ROWS,
                columns=spreadsheet_child.MAX_COLUMNS,
                sheets=spreadsheet_child.MAX_SHEETS,
            )
        else:
            merged = [(r1, c1, r2, c2) for r1, c1, r2, c2 in entry["merged"]]
            unseen = frozenset(entry["hidden_rows"])
            sheets.append(Sheet(entry["sheet"], [], merged, entry["hidden"], hidden_rows=unseen))
    return sheets


def _revived(entry: dict[str, str]) -> object:
    if "date" in entry:
        return datetime.date.fromisoformat(entry["date"])
    if "moment" in entry:
        return datetime.datetime.fromisoformat(entry["moment"])
    return entry
