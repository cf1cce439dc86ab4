"""Writing one table as an xlsx as a sales site hands papers round (02 §2.5.12), with cells that never run (04 S10)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell_fast

from app.kernel.errors import RuleError

MAX_SHEET_ROWS = 1_048_576
MAX_CELL_TEXT = 32_767  # Excel's own limit; XlsxWriter would drop a longer text without a word
_CUT_MARK = "…（超出单元格上限，全文见系统）"
_ROWS_BESIDE_DATA = 9  # company, title, note, head, totals, blank, signatures, watermark, one spare
_MAX_HEADER = 255

_NUMBER_FORMATS = {
    "text": "@",
    "money": "#,##0.00",
    "price": "#,##0.00",
    "area": "0.00",
    "number": "#,##0.######",
    "whole": "0",
    "percent": "0.00%",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
_SUMMED_KINDS = ("money", "area")
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')


@dataclass(frozen=True)
class OutColumn:
    """A column of the export.

    kind: text · money (yuan, Decimal) · price (yuan per ㎡, never summed) · area (㎡, Decimal) · number · whole (no
    thousands sign: floors, years) · percent (a fraction: 0.9658 shows 96.58%) · date · datetime. summed decides the
    totals row; by default money and area are summed.
    """

    label: str
    kind: str = "text"
    width: int = 14
    summed: bool | None = None

    @property
    def has_total(self) -> bool:
        """Whether the totals row adds this column up."""
        return self.kind in _SUMMED_KINDS if self.summed is None else self.summed


@dataclass(frozen=True)
class SheetWords:
    """The fixed words of an export; a view passes translated ones."""

    total: str = "合计"
    signatures: str = "制表：                审核：                日期：                "
    pages: str = "第 &P 页，共 &N 页"


def export_filename(project: str, report: str, day: datetime.date) -> str:
    """«项目-报表-2026-11-24.xlsx» without signs that a file system or a mail program trips over (02 §2.5.12)."""
    parts = (_FORBIDDEN_IN_NAMES.sub("", part).strip(" .")[:60] for part in (project, report))
    return "-".join([*filter(None, parts), day.isoformat()]) + ".xlsx"


def write_table(
    fileobj: IO[bytes],
    *,
    title: str,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[object]],
    heading: str = "",
    totals: bool = False,
    note: str | None = None,
    watermark: str | None = None,
    words: SheetWords | None = None,
    sums: Mapping[int, Decimal] | None = None,
) -> int:
    """Write company line, title, note, frozen head with filters, rows, totals and the sign line; returns the number of data rows.

    rows are read once, in order, in constant memory; each has one value per column (None = empty). Totals are added in
    Decimal and written as values: no export holds a formula. sums: what stands in the totals row instead of the added cells. Raises RuleError beyond what a sheet can hold.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": _NUMBER_FORMATS["date"],
    }
    with xlsxwriter.Workbook(fileobj, options) as book:
        table = _Table(book, title, columns, words or SheetWords())
        table.set_up_print(watermark)
        table.write_top(heading, title, note)
        count = table.write_rows(rows)
        for index, amount in (sums or {}).items():
            table.sums[index] = amount
        table.write_end(totals, watermark)
    return count


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")


class _Page(xlsxwriter.worksheet.Worksheet):
    """A sheet of a million cells. Its cells are written as the original writes them, without what these never need: the place
    and the number of the format are no texts to be escaped, and few texts hold what Excel takes for control characters."""

    def _escape_attributes(self, attribute: Any) -> Any:
        return attribute if type(attribute) is int else super()._escape_attributes(attribute)

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = type(cell).__name__
        if cell.format is None or kind not in ("Number", "String"):
            super()._write_cell(row, col, cell)
            return
        start = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind == "Number":
            self.fh.write(f"{start}><v>{cell.number:.16G}</v></c>")
            return
        text = self._escape_data(self._escape_control_characters(cell.string))
        space = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
        self.fh.write(f'{start} t="inlineStr"><is><t{space}>{text}</t></is></c>')

    @staticmethod
    def _escape_control_characters(data: Any) -> Any:
        if isinstance(data, str) and not _CONTROL.search(data):
            return data
        return xlsxwriter.worksheet.Worksheet._escape_control_characters(data)


class _Table:
    """The sheet while it grows, row by row."""

    def __init__(self, book: Any, title: str, columns: Sequence[OutColumn], words: SheetWords) -> None:
        self.columns, self.words = columns, words
        self.page = book.add_worksheet(_sheet_name(title), worksheet_class=_Page)
        self.put_text, self.put_number = (
            self.page._write_string,
            self.page._write_number,
        )  # rows and columns are numbers here
        self.row = self.head_row = 0
        self.sums = [Decimal(0)] * len(columns)
        base = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
        line = {**base, "border": 1, "border_color": "#D9D9D9"}
        self.title_format = book.add_format({**base, "font_size": 16, "bold": True, "align": "center"})
        self.heading_format = book.add_format({**base, "font_color": "#666666", "align": "center"})
        self.note_format = book.add_format({**base, "font_color": "#666666"})
        self.head_format = book.add_format(
            {**line, "bold": True, "bg_color": "#F2F3F5", "align": "center", "text_wrap": True}
        )
        formats = [_NUMBER_FORMATS[column.kind] for column in columns]
        self.formats = [book.add_format({**line, "num_format": each}) for each in formats]
        self.sum_formats = [
            book.add_format({**line, "num_format": each, "bold": True, "bg_color": "#FAFAFA"}) for each in formats
        ]
        self.writers = [self._writer(column.kind) for column in columns]

    def set_up_print(self, watermark: str | None) -> None:
        """A4 landscape, one page wide, page numbers below, the watermark on every printed page."""
        page = self.page
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        page.set_footer("&C" + self.words.pages)
        if watermark:
            page.set_header("&R" + watermark.replace("&", "&&")[: _MAX_HEADER - 10])
        for index, column in enumerate(self.columns):
            page.set_column(index, index, column.width)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_SHEET_ROWS}"})

    def write_top(self, heading: str, title: str, note: str | None) -> None:
        """Company line, title line, note, head; the head stays in sight and is repeated on every printed page."""
        if heading:
            self._write_wide(heading, self.heading_format)
        self.page.set_row(self.row, 28)
        self._write_wide(title, self.title_format)
        if note:
            self._write_wide(note, self.note_format)
        self.head_row = self.row
        for index, column in enumerate(self.columns):
            self._text(self.row, index, column.label, self.head_format)
        self.row += 1
        self.page.freeze_panes(self.row, 0)
        self.page.repeat_rows(self.head_row)

    def write_rows(self, rows: Iterable[Sequence[object]]) -> int:
        """The data; adds up what has a total."""
        summed = [index for index, column in enumerate(self.columns) if column.has_total]
        first, room = self.row, MAX_SHEET_ROWS - _ROWS_BESIDE_DATA
        cells = list(zip(range(len(self.columns)), self.writers, self.formats, strict=True))
        for values in rows:
            if self.row >= room:
                raise RuleError("导出超过 {limit} 行，一张表放不下，请加筛选条件后再导出。", limit=room)
            for (index, writer, cell_format), value in zip(cells, values, strict=True):
                writer(self.row, index, value, cell_format)
            for index in summed:
                value = values[index]
                if value is not None:
                    self.sums[index] += Decimal(str(value))
            self.row += 1
        self.page.autofilter(self.head_row, 0, max(self.row - 1, self.head_row), len(self.columns) - 1)
        return self.row - first

    def write_end(self, totals: bool, watermark: str | None) -> None:
        """Totals, sign line, and the watermark once more where it is read on screen."""
        if totals:
            self._write_totals()
        self.row += 1
        self._write_wide(self.words.signatures, self.note_format)
        if watermark:
            self._write_wide(watermark, self.note_format)

    def _write_totals(self) -> None:
        labelled = False
        for index, column in enumerate(self.columns):
            if column.has_total:
                self.page.write_number(self.row, index, self.sums[index], self.sum_formats[index])
            elif not labelled:
                self.page.write_string(self.row, index, self.words.total, self.sum_formats[index])
                labelled = True
            else:
                self.page.write_blank(self.row, index, None, self.sum_formats[index])
        self.row += 1

    def _write_wide(self, text: str, cell_format: Any) -> None:
        last = len(self.columns) - 1
        if last > 0:
            # Merged first and empty, then filled by write_string: merge_range itself would guess the type.
            self.page.merge_range(self.row, 0, self.row, last, "", cell_format)
        self._text(self.row, 0, text, cell_format)
        self.row += 1

    def _writer(self, kind: str) -> Callable[[int, int, Any, Any], None]:
        return {"text": self._text, "date": self._moment, "datetime": self._moment}.get(kind, self._number)

    def _text(self, row: int, column: int, value: object, cell_format: Any) -> None:
        if value is None or value == "":
            self.page.write_blank(row, column, None, cell_format)
            return
        text = str(value)
        if len(text) > MAX_CELL_TEXT:
            text = text[: MAX_CELL_TEXT - len(_CUT_MARK)] + _CUT_MARK
        self.put_text(row, column, text, cell_format)

    def _number(self, row: int, column: int, value: Any, cell_format: Any) -> None:
        if value is None:
            self.page.write_blank(row, column, None, cell_format)
        else:
            self.put_number(row, column, value, cell_format)

    def _moment(self, row: int, column: int, value: Any, cell_format: Any) -> None:
        if value is None:
            self.page.write_blank(row, column, None, cell_format)
        else:
            self.put_number(row, column, _serial(value), cell_format)


_FIRST_DAY = datetime.date(1899, 12, 30).toordinal()  # Excel counts a 29 February 1900; no paper is that old


def _serial(value: datetime.date) -> float:
    """The day, or the moment, as Excel counts days."""
    days = value.toordinal() - _FIRST_DAY
    if isinstance(value, datetime.datetime):
        return days + (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    return days


def _sheet_name(title: str) -> str:
    """At most 31 signs, none of []:*?/\\, no quote at the ends."""
    name = re.sub(r"[\[\]]", "", _FORBIDDEN_IN_NAMES.sub("", title)).strip(" '")
    return name[:31].strip(" '") or "Sheet1"
