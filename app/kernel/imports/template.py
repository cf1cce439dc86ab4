"""The empty table of a paper: its heads, lists to choose from, text columns for numbers that are no numbers, a sheet that explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO, Any

import xlsxwriter
from flask_babel import gettext as _

from app.kernel.imports.declared import ImportColumn
from app.kernel.words import shown

ROWS = 5_000  # rows that carry formats and lists
LONGEST_LIST = 255  # signs that Excel takes for a list beside the cell
_FORMATS = {
    "money": "#,##0.00", "area": "0.00", "rate": "0.00%", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm",
    "integer": "0",
}  # fmt: skip


def write_template(
    fileobj: IO[bytes],
    title: str,
    columns: Sequence[ImportColumn],
    notes: Sequence[str],
    names: Mapping[str, Sequence[str]],
) -> None:
    """An .xlsx to fill in; names: what columns of related records may say. Its own heads are found again without any mapping."""
    with xlsxwriter.Workbook(fileobj, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(_("填写"))
        base = {"font_name": "微软雅黑", "font_size": 10}
        must = book.add_format({**base, "bold": True, "bg_color": "#E9F0FD", "border": 1, "align": "center"})
        may = book.add_format({**base, "bold": True, "bg_color": "#F2F3F5", "border": 1, "align": "center"})
        lists = _Lists(book)
        for index, column in enumerate(columns):
            label = column.label + ("★" if column.required else "")
            kind = book.add_format({**base, "num_format": _FORMATS.get(column.kind, "@")})
            page.set_column(index, index, max(14, 2 * len(label) + 2), kind)
            page.write_string(0, index, label, must if column.required else may)
            _choices(page, lists, index, column.label, words_of(column) or names.get(column.name, ()))
        page.freeze_panes(1, 0)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{ROWS}"})
        _explain(book, title, columns, notes, base)
        page.activate()


class _Lists:
    """Long lists lie on a hidden sheet, one a column."""

    def __init__(self, book: Any) -> None:
        self.book, self.used = book, 0
        self.page: Any = None

    def place(self, words: Sequence[str]) -> str:
        """The range that holds these words."""
        if self.page is None:
            self.page = self.book.add_worksheet("选项")
            self.page.hide()
        column = self.used
        self.used += 1
        for row, word in enumerate(words):
            self.page.write_string(row, column, word)
        letter = xlsxwriter.utility.xl_col_to_name(column)
        return f"=选项!${letter}$1:${letter}${len(words)}"


def words_of(column: ImportColumn) -> list[str]:
    """What may be chosen."""
    if column.kind == "boolean":
        return [_("是"), _("否")]
    if column.kind == "choice":
        return [shown(member.label) for member in column.choices]
    return []


def _choices(page: Any, lists: _Lists, index: int, label: Any, words: Sequence[str]) -> None:
    if not words:
        return
    source: Any = list(words) if len(",".join(words)) <= LONGEST_LIST else lists.place(words)
    page.data_validation(
        1, index, ROWS, index,
        {"validate": "list", "source": source, "error_title": _("请从列表中选择"), "error_message": str(label)},
    )  # fmt: skip


def _explain(
    book: Any, title: str, columns: Sequence[ImportColumn], notes: Sequence[str], base: dict[str, Any]
) -> None:
    page = book.add_worksheet(_("说明"))
    bold, plain = book.add_format({**base, "bold": True}), book.add_format({**base, "text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 60, plain)
    lines = [
        title,
        *notes,
        _("带★的列必填；表头可以改名、换顺序，导入时再对应。"),
        *(_line(column) for column in columns),
    ]
    for row, text in enumerate(lines):
        page.write_string(row, 0, text, bold if row == 0 else plain)


def _line(column: ImportColumn) -> str:
    """«手机★：按文本填写，保留前面的 0。»"""
    how = {
        "money": _("元，可写 12.5万"), "area": _("㎡，两位小数"), "rate": _("如 0.02% 或 0.0002"),
        "date": _("如 2024-3-5、2024.3.5、20240305"), "datetime": _("如 2024-3-5 10:30"), "integer": _("整数"),
        "identity": _("按文本填写，不要用数字格式"), "person": _("项目里同事的姓名"), "record": _("按名称或编号填写"),
    }.get(column.kind, "")  # fmt: skip
    words = "、".join(words_of(column))
    parts = [part for part in (how, _("可填：%(words)s", words=words) if words else "", str(column.hint)) if part]
    return f"{column.label}{'★' if column.required else ''}：{'；'.join(parts) or _('文字')}"
