"""The audit trail: every change of a row, field by field, in the same transaction; reads of personal data too (03 §3.3.6).

The table is append-only (triggers, see schema.py); audit_blocks.py chains finished entries into blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Index, Integer, String, event, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.actors import Actor, current_actor, current_posting
from app.kernel.base import Document, Record, now
from app.kernel.columns import Encrypted
from app.kernel.plain_rows import write_rows
from app.kernel.transactions import AnySession

SKIP = {"version", "updated_at", "updated_by", "created_at", "created_by"}

source: ContextVar[dict[str, str]] = ContextVar("audit_source")  # address and route of the request


class AuditEntry(Record):
    """One line: who did what to which record, when, from where, with before and after."""

    __tablename__ = "audit_entry"
    __label__ = "审计记录"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "subject_id"),)

    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, index=True)
    person_id: Mapped[int | None] = mapped_column(Integer, index=True)
    person_name: Mapped[str] = mapped_column(String(64), nullable=False)
    acting_for: Mapped[str | None] = mapped_column(String(64))
    posts: Mapped[str | None] = mapped_column(String(400))  # codes of the moment; lines of older versions have none
    address: Mapped[str | None] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(32), nullable=False)  # insert update delete step read export login …
    subject: Mapped[str | None] = mapped_column(String(64))
    subject_id: Mapped[int | None] = mapped_column(Integer)
    project_id: Mapped[int | None] = mapped_column(Integer, index=True)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)


class AuditBlock(Record):
    """A sealed run of entries: hash over the entries and the block before."""

    __tablename__ = "audit_block"
    __label__ = "封存区块"

    first_id: Mapped[int] = mapped_column(Integer, nullable=False)
    last_id: Mapped[int] = mapped_column(Integer, nullable=False, unique=True)
    entries: Mapped[int] = mapped_column(Integer, nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    previous: Mapped[str] = mapped_column(String(64), nullable=False)
    sealed_at: Mapped[datetime] = mapped_column(DateTime, nullable=False)


_AS_THEY_ARE = frozenset({str, int, bool, list, dict, type(None)})


def _plain(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, str | int | list | dict):  # members of closed lists among them: JSON writes their code
        return value
    return str(value)


def _secret(column: Any) -> bool:
    facts = column.info.get("field")
    return (
        isinstance(column.type, Encrypted)
        or column.name == "password"
        or bool(facts and facts.personal in ("phone", "id"))
    )


_told: dict[type[Any], dict[str, bool]] = {}


def told_columns(model: type[Any]) -> dict[str, bool]:
    """Attributes that the trail tells of, and whether only that they changed."""
    if model not in _told:
        _told[model] = {p.key: _secret(p.columns[0]) for p in inspect(model).column_attrs if p.key not in SKIP}
    return _told[model]


def _changes(record: Any, act: str) -> dict[str, Any]:
    columns = told_columns(type(record))
    found: dict[str, Any] = {}
    state = inspect(record)
    touched = state.committed_state if act == "update" else columns
    for key, secret in columns.items():
        if key not in touched:
            continue
        history = state.attrs[key].history
        if act == "update" and not history.has_changes():
            continue
        if secret:
            found[key] = ["***", "***"]
            continue
        before = history.deleted[0] if history.deleted else None
        after = history.added[0] if history.added else getattr(record, key)
        if act != "update" and before is None and after is None:
            continue
        found[key] = [_plain(before), _plain(None if act == "delete" else after)]
    return found


def _inserted_values(values: dict[str, Any], columns: dict[str, bool]) -> dict[str, Any]:
    """Everything that a new row says; nothing was before it."""
    return {
        key: ["***", "***"] if secret else [None, _plain(values[key])]
        for key, secret in columns.items()
        if secret or values.get(key) is not None
    }


def entry(
    act: str,
    *,
    subject: str | None = None,
    subject_id: int | None = None,
    project_id: int | None = None,
    whose: Actor | None = None,
    **changes: Any,
) -> AuditEntry:
    """A line for an event that is no row change (login, reveal, export, refused act); add it to the session.

    whose: the person while nobody is signed in yet, or any more.
    """
    told = {key: _plain(value) for key, value in changes.items()}
    return AuditEntry(
        **_who(whose or current_actor()), act=act, subject=subject, subject_id=subject_id, project_id=project_id, changes=told
    )  # fmt: skip


def _who(actor: Actor | None) -> dict[str, Any]:
    """Who acts now, by which post, and from where. Outside a step nobody chose a post: all that he holds are told."""
    posting = current_posting()
    held = (posting,) if posting else actor.postings if actor else ()
    return {
        "at": now(), "person_id": actor.person_id if actor else None, "person_name": actor.name if actor else "未登录",
        "acting_for": posting.acting_for if posting else None, "address": source.get({}).get("address"),
        "posts": ",".join(dict.fromkeys(one.post.value for one in held)) or None,
    }  # fmt: skip


def _audited(record: Any) -> bool:
    return (
        isinstance(record, Record)
        and not getattr(record, "__unaudited__", False)
        and not isinstance(record, AuditEntry | AuditBlock)
    )


@event.listens_for(Session, "before_flush")
def _stamp(session: Session, _context: Any, _instances: Any) -> None:
    actor = current_actor()
    for record in session.new:
        if isinstance(record, Document) and record.created_by is None and actor is not None:
            record.created_by = actor.person_id
    for record in session.dirty:
        if isinstance(record, Document) and actor is not None and session.is_modified(record):
            record.updated_by = actor.person_id


@event.listens_for(Session, "before_flush")
def _deleted(session: Session, _context: Any, _instances: Any) -> None:
    for record in list(session.deleted):
        if _audited(record):
            session.add(_line("delete", record, _changes(record, "delete")))


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _context: Any) -> None:
    """Only after the flush new rows have their ids, and a changed relationship has moved its foreign key; the lines go out by
    Core in the same transaction."""
    changed = [(r, _changes(r, "update")) for r in session.dirty if _audited(r) and session.is_modified(r)]
    _write_lines(session, "update", ((*_whose(record), changes) for record, changes in changed if changes))
    made = [record for record in session.new if _audited(record)]
    lines = (
        (*_whose(r), _inserted_values(inspect(r).dict, told_columns(type(r)))) for r in made
    )  # what the flush has filled in; a column that nobody gave is not in it and is NULL
    _write_lines(session, "insert", lines)


def _whose(record: Any) -> tuple[str, int, int | None]:
    return record.__tablename__, record.id, getattr(record, "project_id", None)


def write_inserted(
    session: AnySession, model: type[Any], ids: Iterable[int], rows: Iterable[dict[str, Any]], same: dict[str, Any]
) -> None:
    """A line for each of many new records that no flush has seen; `same` are the values that all of them share."""
    columns, subject = told_columns(model), model.__tablename__
    lines = (
        (subject, key, values.get("project_id"), _inserted_values(values, columns))
        for key, values in ((key, {**same, **row, "id": key}) for key, row in zip(ids, rows, strict=True))
    )
    _write_lines(session, "insert", lines)


def write_updated(
    session: AnySession,
    model: type[Any],
    before: Iterable[tuple[int, int | None, dict[str, Any]]],
    after: dict[str, Any],
) -> None:
    """A line for each of many records that were changed alike without a flush. before: (id, project, what it said)."""
    columns, subject = told_columns(model), model.__tablename__
    told = {key: columns[key] for key in after if key in columns}

    def lines() -> Iterator[tuple[str, int, int | None, dict[str, Any]]]:
        for key, project_id, was in before:
            changes = {
                name: ["***", "***"] if secret else [_plain(was[name]), _plain(after[name])]
                for name, secret in told.items()
                if was[name] != after[name]
            }
            if changes:
                yield subject, key, project_id, changes

    _write_lines(session, "update", lines())


def _write_lines(session: AnySession, act: str, lines: Iterable[tuple[str, int, int | None, dict[str, Any]]]) -> None:
    ready = list(lines)
    if ready:
        names = ("subject", "subject_id", "project_id", "changes")
        write_rows(session.connection(), AuditEntry.__table__, names, ready, {**_who(current_actor()), "act": act})


def _line(act: str, record: Any, changes: dict[str, Any]) -> AuditEntry:
    line = entry(
        act, subject=record.__tablename__, subject_id=record.id, project_id=getattr(record, "project_id", None)
    )
    line.changes = changes
    return line
