"""Comma or tab separated text in the encodings of Chinese offices, and the quote that keeps formulas asleep."""

from __future__ import annotations

import csv
import io
import re

from app.kernel.errors import RuleError

MAX_ROWS = 50_000
MAX_COLUMNS = 256
MAX_CELLS = 1_000_000

# 04 S10: what a spreadsheet program may take for a formula, half and full width. The quote itself is in the list so
# that removing one quote restores the text exactly.
DANGEROUS_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠", "'")

_DELIMITERS = (",", "\t", ";", "，")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def quoted_for_csv(text: str) -> str:
    """The text as a CSV export writes it: a leading «'» where a spreadsheet might run it (04 S10)."""
    return "'" + text if text.startswith(DANGEROUS_STARTS) else text


def unquoted_from_csv(text: str) -> str:
    """The text that quoted_for_csv was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DANGEROUS_STARTS) else text


def decoded(data: bytes) -> str:
    """The text of a CSV upload: UTF-8 with or without BOM, UTF-16, GBK/GB18030. Raises RuleError when it is no text."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text
    raise RuleError("这不是表格文件：既不是 Excel，也不是 CSV 文本。请另存为 .xlsx 再上传。", field="file")


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if data.startswith(b"\xef\xbb\xbf"):
        return ("utf-8-sig",)
    if b"\x00" in data:
        # Without a mark: ASCII signs (separators, digits) have their zero byte behind (LE) or before (BE).
        little = data[1::2].count(0) >= data[0::2].count(0)
        return ("utf-16-le",) if little else ("utf-16-be",)
    return ("utf-8", "gb18030")


def read_csv(data: bytes) -> list[list[object]]:
    """Rows of text cells (blank = None). Raises RuleError for what is no table or exceeds the bounds."""
    text = decoded(data)
    rows: list[list[object]] = []
    cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            row: list[object] = [unquoted_from_csv(cell) or None for cell in record]
            cells += len(row)
            if len(rows) >= MAX_ROWS:
                raise RuleError("表格超过 {limit} 行，请拆分后上传。", field="file", limit=MAX_ROWS)
            if len(row) > MAX_COLUMNS or cells > MAX_CELLS:
                raise RuleError("表格的列或单元格太多，请只留需要导入的内容。", field="file")
            rows.append(row)
    except csv.Error as error:
        raise RuleError("CSV 文件的格式有误，打不开，请另存为 .xlsx 再上传。", field="file") from error
    return rows


def _delimiter(text: str) -> str:
    sample = text[:8192]
    return max(_DELIMITERS, key=lambda sign: (sample.count(sign), -_DELIMITERS.index(sign)))
