"""What of a file is not read, and what a person does not see in it though it is: said on every page of an import, never silent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from app.kernel.imports.heads import any_filled
from app.kernel.spreadsheets import Sheet
from app.kernel.words import shown

NAMED = 5  # rows or sheets that a sentence names


def notes_of_file(
    sheets: Sequence[Sheet], read: Collection[str], reasons: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """What is said before the columns are chosen: sheets that are not read (reasons: by name, where there is a better one),
    rows that are read though Excel hides them.
    """
    return (*left_aside(sheets, read, reasons), *told_of_hidden(sheets, read, skipped=False))


def told_of_hidden(sheets: Sequence[Sheet], read: Collection[str], *, skipped: bool) -> tuple[str, ...]:
    """What becomes of the rows that Excel hides, nothing when there are none; of a CSV that nobody can know."""
    if any(not sheet.keeps_merges for sheet in sheets if sheet.name in read):
        return (_("CSV 文件不记录哪些行是隐藏的：文件里的每一行都会读入。"),)
    hidden = hidden_words(sheets, read)
    if not hidden:
        return ()
    if skipped:
        return (_("文件里隐藏的 %(rows)s 没有读入。", rows=hidden),)
    return (_("文件里隐藏的 %(rows)s 也会读入；不要的请先在文件里删掉。", rows=hidden),)


def told_of_laid_down(sheets: Sequence[Sheet], read: Collection[str]) -> tuple[str, ...]:
    """That a table with a column a month is read as a list."""
    found = []
    for sheet in sheets:
        if sheet.name in read and sheet.origins:
            heads = next(head for _line, head in sheet.origins if head)  # of the row of the heads: all of them
            found.append(
                _("工作表「%(sheet)s」是横排的（%(heads)s），每个有数的格子按一行读入。", sheet=sheet.name, heads=heads)
            )
    return tuple(found)


def left_aside(
    sheets: Sequence[Sheet], read: Collection[str], reasons: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """A sentence for every sheet with something on it that is not among those read."""
    found = []
    for sheet in sheets:
        if sheet.name in read or not any(map(any_filled, sheet.rows)):
            continue
        usual = "它是隐藏的，要导入请先取消隐藏" if sheet.hidden else "没有认出表头"
        why = (reasons or {}).get(sheet.name, usual)
        found.append(_("工作表「%(sheet)s」没有读入：%(why)s。", sheet=sheet.name, why=shown(why)))
    return tuple(found)


def hidden_lines(sheets: Sequence[Sheet], read: Collection[str]) -> list[tuple[str, int]]:
    """(sheet, line) of every filled row that the file hides, on the sheets that are read."""
    lines = (
        (sheet.name, sheet.line(row))
        for sheet in sheets
        if sheet.name in read
        for row in sorted(sheet.hidden_rows)
        if row < len(sheet.rows) and any_filled(sheet.rows[row])
    )
    return list(dict.fromkeys(lines))


def hidden_words(sheets: Sequence[Sheet], read: Collection[str]) -> str:
    """«3 行（第 5、7、9 行）», empty when nothing is hidden."""
    lines = hidden_lines(sheets, read)
    if not lines:
        return ""
    several = len({sheet for sheet, _line in lines}) > 1
    named = "、".join(f"{sheet}·{line}" if several else str(line) for sheet, line in lines[:NAMED])
    if len(lines) > NAMED:
        return _("%(n)s 行（第 %(rows)s 行等）", n=len(lines), rows=named)
    return _("%(n)s 行（第 %(rows)s 行）", n=len(lines), rows=named)


def without_hidden(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets with every hidden row emptied: the others keep their numbers."""
    return [
        replace(sheet, rows=[[] if place in sheet.hidden_rows else row for place, row in enumerate(sheet.rows)])
        if sheet.hidden_rows
        else sheet
        for sheet in sheets
    ]
