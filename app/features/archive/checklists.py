"""A list of papers that a process asks for, and what of it is there; what came in is awaited on file, too (02 §2.5.8–2.5.9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.features.archive.folders.effects import kind_of_code
from app.features.archive.folders.models import Folder
from app.features.archive.models import Medium, PaperState
from app.features.archive.papers.effects import file_own
from app.features.archive.papers.models import Paper
from app.kernel.actors import Actor
from app.kernel.base import field
from app.kernel.errors import RuleError

GONE = (PaperState.VOID, PaperState.DESTROYED)


class ChecklistRow:
    """Columns of a line: what is asked for, how often, and the day it came. code: the archive's kind of paper, or nothing."""

    name: Mapped[str] = field("资料", String(60), nullable=False)
    copies: Mapped[int] = field("份数", Integer, nullable=False, default=1, unit="份")
    received_on: Mapped[date | None] = field("收到日期", Date)
    note: Mapped[str] = field("说明", String(100), nullable=False, default="")
    code: Mapped[str] = mapped_column(String(32), nullable=False, default="")


def missing_names(rows: Iterable[ChecklistRow]) -> list[str]:
    """What is still asked for, in the order of the list."""
    return [row.name for row in rows if row.received_on is None]


def lacking(rows: Iterable[ChecklistRow]) -> int:
    """How many papers are still asked for: what a list says of it."""
    return len(missing_names(rows))


def require_complete(rows: Iterable[ChecklistRow]) -> None:
    """Raises RuleError that names every paper that is missing."""
    missing = missing_names(rows)
    if missing:
        raise RuleError("资料还没有收齐，缺：{names}", names="、".join(missing))


def check_rows(rows: list[ChecklistRow], today: date) -> None:
    """Raises RuleError beside the row: received in the future, or no whole number of copies."""
    for place, row in enumerate(rows):
        if row.received_on is not None and row.received_on > today:
            raise RuleError("收到日期不能晚于今天", field=f"line-{place}-received_on")
        if not 1 <= (row.copies or 1) <= 99:
            raise RuleError("份数应在 1 和 {n} 之间", field=f"line-{place}-copies", n=99)


def await_on_file(session: Session, actor: Actor, folder: Folder, source: tuple[str, int], rows: Iterable[Any]) -> None:
    """Papers that came in and of which the household has none yet: a copy is to be brought to the desk (待归档)."""
    for row in rows:
        if not row.code or row.received_on is None:
            continue
        kind = kind_of_code(session, folder.project_id, row.code)
        known = select(Paper.id).where(Paper.folder_id == folder.id, Paper.kind_id == kind.id, Paper.state.not_in(GONE))
        if session.scalar(known.limit(1), execution_options={"unscoped": True}) is None:
            file_own(session, actor, folder, row.code, row.name, source=source, medium=Medium.COPY, awaited=True,
                     on=row.received_on)  # fmt: skip
