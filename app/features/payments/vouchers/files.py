"""The three files of a month: for each program the one that it takes in, and a table for people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.features.payments.vouchers import kingdee, yonyou
from app.features.payments.vouchers.rules import Books, VoucherLine
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.plain_workbook import write_plain
from app.kernel.screens.sheet_answer import XLSX, Sheet, project_name, write_sheet
from app.kernel.words import shown
from app.kernel.workbook_out import OutColumn, export_filename

HEADS = (
    ("日期", "date", 12), ("凭证号", "text", 9), ("摘要", "text", 52), ("科目代码", "text", 12), ("科目名称", "text", 22),
    ("借方", "money", 16), ("贷方", "money", 16), ("收款账户", "text", 32), ("记账人", "text", 10),
)  # fmt: skip


@dataclass(frozen=True)
class Program:
    """Who takes the file: the form of account codes there (None: any), the bytes that a text may have, the file's type."""

    key: str
    label: str
    codes: re.Pattern[str] | None
    most: int
    mimetype: str = XLSX


PROGRAMS = {
    one.key: one
    for one in (
        Program("kingdee", "金蝶", kingdee.CODES, kingdee.MOST),
        Program("yonyou", "用友", yonyou.CODES, yonyou.MOST, "text/plain"),
        Program("people", "凭证清单", None, 0),
    )
}
IMPORTED = tuple(one for one in PROGRAMS.values() if one.codes is not None)


def write_file(
    session: Session, actor: Actor, program: Program, project_id: int, month: str, lines: Sequence[VoucherLine], books: Books,
    target: IO[bytes],
) -> str:  # fmt: skip
    """Writes it; returns the name of the file."""
    if program.key == "people":
        return _for_people(session, actor, project_id, month, lines, books, target)
    if program.key == "yonyou":
        target.write(yonyou.text(lines, books))
    else:
        write_plain(target, [("Page1", [kingdee.HEADS, *kingdee.rows(lines, books)]), ("t_Schema", kingdee.schema())])
    name = export_filename(
        project_name(project_id), _("%(month)s凭证 %(program)s", month=month, program=_(program.label)), now().date()
    )
    return name.removesuffix(".xlsx") + ".txt" if program.key == "yonyou" else name


def _for_people(
    session: Session, actor: Actor, project_id: int, month: str, lines: Sequence[VoucherLine], books: Books, target: IO[bytes]
) -> str:  # fmt: skip
    """Title, whose money it is (the developer's), sums; the side on which an entry does not stand stays empty."""
    rows = [
        [
            line.day, f"{books.word}-{line.number}", line.memo, books.codes[line.code], shown(line.code.label),
            line.debit or None, line.credit or None, line.account, line.maker,
        ]
        for line in lines
    ]  # fmt: skip
    columns = [OutColumn(_(head), kind, wide) for head, kind, wide in HEADS]
    title = _("%(month)s 凭证清单", month=month)
    return write_sheet(
        session, actor, Sheet(title, project_id, columns, rows, totals=True, company="project_developer"), target
    )
