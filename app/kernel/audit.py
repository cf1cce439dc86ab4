"""The audit trail: every change of a row, field by field, in the same transaction; reads of personal data too (03 §3.3.6).

The table is append-only (triggers, see schema.py); `seal` chains finished entries into blocks, `doctor` verifies them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, DateTime, Index, Integer, String, event, func, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.actors import current_actor
from app.kernel.base import Document, Record, now
from app.kernel.columns import Encrypted
from app.kernel.plain_rows import write_rows
from app.kernel.transactions import AnySession

SKIP = {"version", "updated_at", "updated_by", "created_at", "created_by"}
QUIET_SECONDS = 60  # entries younger than this may still be committed by another process out of order

source: ContextVar[dict[str, str]] = ContextVar("audit_source")  # address and route of the request


class AuditEntry(Record):
    """One line: who did what to which record, when, from where, with before and after."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "subject_id"),)

    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, index=True)
    person_id: Mapped[int | None] = mapped_column(Integer, index=True)
    person_name: Mapped[str] = mapped_column(String(64), nullable=False)
    acting_for: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(32), nullable=False)  # insert update delete step read export login …
    subject: Mapped[str | None] = mapped_column(String(64))
    subject_id: Mapped[int | None] = mapped_column(Integer)
    project_id: Mapped[int | None] = mapped_column(Integer, index=True)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)


class AuditBlock(Record):
    """A sealed run of entries: hash over the entries and the block before."""

    __tablename__ = "audit_block"

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


def _columns(model: type[Any]) -> dict[str, bool]:
    """Attributes that the trail tells of, and whether only that they changed."""
    if model not in _told:
        _told[model] = {p.key: _secret(p.columns[0]) for p in inspect(model).column_attrs if p.key not in SKIP}
    return _told[model]


def _changes(record: Any, act: str) -> dict[str, Any]:
    columns = _columns(type(record))
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
    **changes: Any,
) -> AuditEntry:
    """A line for an event that is no row change (login, reveal, export, refused act); add it to the session."""
    told = {key: _plain(value) for key, value in changes.items()}
    return AuditEntry(**_who(), act=act, subject=subject, subject_id=subject_id, project_id=project_id, changes=told)


def _who() -> dict[str, Any]:
    """Who acts now, and from where."""
    actor = current_actor()
    acting = actor.cache.get("acting_for") if actor else None
    return {
        "at": now(), "person_id": actor.person_id if actor else None, "person_name": actor.name if actor else "未登录",
        "acting_for": str(acting) if acting else None, "address": source.get({}).get("address"),
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
def _changed(session: Session, _context: Any, _instances: Any) -> None:
    for act, records in (("update", session.dirty), ("delete", session.deleted)):
        for record in list(records):
            if not _audited(record) or (act == "update" and not session.is_modified(record)):
                continue
            changes = _changes(record, act)
            if changes:
                session.add(_line(act, record, changes))


@event.listens_for(Session, "after_flush")
def _inserted(session: Session, _context: Any) -> None:
    """New rows have their id only after the flush; the lines go out by Core in the same transaction."""
    records = [record for record in session.new if _audited(record)]
    if not records:
        return
    lines = [
        (r.__tablename__, r.id, getattr(r, "project_id", None), _inserted_values(inspect(r).dict, _columns(type(r))))
        for r in records
    ]  # what the flush has filled in; a column that nobody gave is not in it and is NULL
    _write_lines(session, "insert", lines)


def write_inserted(
    session: AnySession, model: type[Any], ids: Iterable[int], rows: Iterable[dict[str, Any]], same: dict[str, Any]
) -> None:
    """A line for each of many new records that no flush has seen; `same` are the values that all of them share."""
    columns, subject = _columns(model), model.__tablename__
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
    columns, subject = _columns(model), model.__tablename__
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
    names = ("subject", "subject_id", "project_id", "changes")
    write_rows(session.connection(), AuditEntry.__table__, names, lines, {**_who(), "act": act})


def _line(act: str, record: Any, changes: dict[str, Any]) -> AuditEntry:
    line = entry(
        act, subject=record.__tablename__, subject_id=record.id, project_id=getattr(record, "project_id", None)
    )
    line.changes = changes
    return line


def digest(entries: list[AuditEntry], previous: str) -> str:
    """SHA-256 over the entries' content and the digest of the block before."""
    sha = hashlib.sha256(previous.encode())
    for line in entries:
        sha.update(
            json.dumps(
                [line.id, line.at.isoformat(), line.person_id, line.person_name, line.acting_for, line.address, line.act, line.subject,
                 line.subject_id, line.project_id, line.changes],
                ensure_ascii=False, sort_keys=True, default=str,
            ).encode()
        )  # fmt: skip
    return sha.hexdigest()


def seal(session: Session, limit: int = 5000) -> int:
    """Seal finished entries into one block; returns how many. Called by the audit job inside a write transaction."""
    last = session.scalars(select(AuditBlock).order_by(AuditBlock.id.desc()).limit(1)).first()
    after = last.last_id if last else 0
    young = session.scalar(
        select(func.min(AuditEntry.id)).where(AuditEntry.at > now() - timedelta(seconds=QUIET_SECONDS))
    )
    query = select(AuditEntry).where(AuditEntry.id > after).order_by(AuditEntry.id).limit(limit)
    if young is not None:
        query = query.where(AuditEntry.id < young)
    lines = list(session.scalars(query))
    if not lines:
        return 0
    previous = last.digest if last else ""
    session.add(
        AuditBlock(
            first_id=lines[0].id,
            last_id=lines[-1].id,
            entries=len(lines),
            digest=digest(lines, previous),
            previous=previous,
            sealed_at=now(),
        )
    )
    session.flush()
    return len(lines)


def verify(session: Session) -> Iterator[str]:
    """Chinese findings about broken blocks; nothing when all is well (used by `doctor`)."""
    previous = ""
    for block in session.scalars(select(AuditBlock).order_by(AuditBlock.id)):
        lines = list(
            session.scalars(
                select(AuditEntry).where(AuditEntry.id.between(block.first_id, block.last_id)).order_by(AuditEntry.id)
            )
        )
        if len(lines) != block.entries:
            yield f"审计区块 {block.id}（记录 {block.first_id}—{block.last_id}）应有 {block.entries} 条，实有 {len(lines)} 条"
        elif block.previous != previous or digest(lines, previous) != block.digest:
            yield f"审计区块 {block.id}（记录 {block.first_id}—{block.last_id}）内容与封存时不符"
        previous = block.digest
