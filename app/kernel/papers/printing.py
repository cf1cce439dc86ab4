"""Printing a record: values, template, file — then one short transaction that keeps file, trail and filing (03 §3.3.10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Literal

from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.attachments import WRITERS, Attachment, Received, attach, owner_of, project_of, store
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError, StaleError
from app.kernel.file_checks import TYPES, clean_name
from app.kernel.papers.kinds import PRINTED, Desk, PrintedKind
from app.kernel.papers.printed import sheet_of
from app.kernel.papers.records import PrintedPaper, next_turn, printed_since, prints_of
from app.kernel.papers.rendering import filled_word, pdf_of
from app.kernel.papers.templates import Template, template_for
from app.kernel.privacy import SHORTEST_REASON, reveal

MOST_COPIES = 50
DAILY_PRINTS = 400  # of one person: each is seconds of a processor and a file that stays
PRINTERS = WRITERS  # the auditor reads and prints nothing, the administrator sees no business row (07 §7.1)


@dataclass(frozen=True)
class Wish:
    """What the person asked for. reason: why personal numbers stand in full; it is asked exactly then."""

    form: Literal["pdf", "docx"] = "pdf"
    copies: int = 1
    full: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Made:
    """A paper that was made and stored, not yet kept in any row."""

    received: Received
    turn: int
    version: int
    template: Template
    marked: bool
    desk: Desk


def printable(session: Session, actor: Actor, kind: PrintedKind, record_id: int) -> Any:
    """The record, when the person may print it so. Raises NotFound, Forbidden, RuleError."""
    record = owner_of(session, actor, kind.model.__tablename__, record_id)
    if not actor.holds(PRINTERS, project_of(record)):
        raise Forbidden(kind.label)
    if not kind.offered(record):
        raise RuleError("「{what}」现在不能打印{paper}", what=record, paper=kind.label)
    return record


def check_wish(kind: PrintedKind, wish: Wish) -> None:
    """Raise RuleError beside the field that is wrong."""
    if not 1 <= wish.copies <= MOST_COPIES:
        raise RuleError("份数应在 1 和 {n} 之间", field="copies", n=MOST_COPIES)
    if wish.full and len(wish.reason) < SHORTEST_REASON:
        raise RuleError("打印完整证件号码须写明用途（至少 {n} 个字）", field="reason", n=SHORTEST_REASON)


def make(session: Session, actor: Actor, kind: PrintedKind, record: Any, wish: Wish) -> Made:
    """Read, fill, draw and store; outside every write transaction. Raises RuleError when the day is used up."""
    if printed_since(session, actor.person_id, datetime.combine(now().date(), time())) >= DAILY_PRINTS:
        raise RuleError("你今天打印的文书已到上限（{n} 份），请明天再打印", n=DAILY_PRINTS)
    desk = Desk(session, actor, wish.full and kind.personal)
    template = template_for(session, project_of(record), kind)
    turn, version = next_turn(session, kind.key, record.id), record.version
    sheet = sheet_of(kind, desk, record, turn, template.name)
    session.rollback()  # the read is over before the long work begins
    data = filled_word(kind, template.data, sheet.values)
    if wish.form == "pdf":
        data = pdf_of(data, sheet.title, sheet.foot)
    name = clean_name(f"{sheet.file_name}.{wish.form}")
    received = Received(name, TYPES[wish.form], len(data), store().keep(data))
    return Made(received, turn, version, template, sheet.marked, desk)


def keep(session: Session, actor: Actor, kind: PrintedKind, record_id: int, wish: Wish, made: Made) -> PrintedPaper:
    """Row, file, trail and filing (inside a write transaction). Raises StaleError when the record changed meanwhile."""
    record = printable(session, actor, kind, record_id)
    if record.version != made.version:
        raise StaleError("「{what}」刚被修改过，请核对最新内容后再打印", what=record)
    if next_turn(session, kind.key, record_id) != made.turn:
        raise StaleError("「{what}」刚被打印过一次，请再打印一次", what=record)
    for table, shown_id, name in made.desk.shown_in_full:
        reveal(session, actor, owner_of(session, actor, table, shown_id), name, f"打印{kind.label}：{wish.reason}")
    file = attach(session, actor, record, made.received)
    row = _row(actor, kind, record, wish, made, file)
    session.add(row)
    session.flush()
    if kind.filed is not None and wish.form == "pdf":
        kind.filed(session, actor, record, file)
    return row


def _row(actor: Actor, kind: PrintedKind, record: Any, wish: Wish, made: Made, file: Attachment) -> PrintedPaper:
    return PrintedPaper(
        kind=kind.key, owner_table=record.__tablename__, owner_id=record.id, owner_version=made.version,
        project_id=project_of(record), number=getattr(record, "number", None) or "", turn=made.turn, copies=wish.copies,
        template_id=made.template.id, template=made.template.name, on_paper=made.marked, full=made.desk.full,
        attachment_id=file.id, sha256=file.sha256, printed_by=actor.person_id, printed_name=actor.name, printed_at=now(),
    )  # fmt: skip


def file_again(session: Session, actor: Actor, record: Any) -> None:
    """What was printed before there was a place to file it: the last PDF of each kind (inside a write transaction)."""
    last: dict[str, PrintedPaper] = {}
    for one in reversed(prints_of(session, record)):
        last[one.kind] = one
    for key, one in last.items():
        kind, file = PRINTED.get(key), session.get_one(Attachment, one.attachment_id)
        if kind is not None and kind.filed is not None and file.mime == TYPES["pdf"]:
            kind.filed(session, actor, record, file)


def copy_to(session: Session, actor: Actor, target: Any, file: Attachment) -> Attachment:
    """The same stored content on another record (inside a write transaction): the archive's paper of a print."""
    return attach(session, actor, target, Received(file.name, file.mime, file.size, file.sha256))
