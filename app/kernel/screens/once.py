"""A retry never repeats an effect: the key of the form is stored in the transaction of the effect (04 R4)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Integer, String, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.base import Record, now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.kept_forms import MARK
from app.kernel.transactions import write

KEPT = timedelta(days=2)


class RequestKey(Record):
    """One answered form: who, which key, what was sent, where the answer led."""

    __tablename__ = "request_key"
    __label__ = "防重复提交"
    __unaudited__ = True

    key: Mapped[str] = mapped_column(String(120), nullable=False, unique=True)
    person_id: Mapped[int] = mapped_column(Integer, nullable=False)
    body: Mapped[str] = mapped_column(String(64), nullable=False)
    location: Mapped[str] = mapped_column(String(300), nullable=False)
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now, index=True)


def body_digest(pairs: Iterable[tuple[str, str]]) -> str:
    """Digest of what was sent, without the tokens."""
    sha = hashlib.sha256()
    for name, value in sorted(pairs):
        if name not in ("csrf_token", "_key", MARK):
            sha.update(f"{len(name)}:{name}={len(value)}:{value};".encode())
    return sha.hexdigest()


def once(session: Any, person_id: int, key: str, body: str, work: Callable[[], str]) -> str:
    """Run work (which returns the address to go to) once for a key; a repeat gets the same address.

    Raises RuleError when the key comes again with other content. Without a key the work simply runs in its transaction.
    """
    if not key:
        return write(session, work)
    full = f"{person_id}:{key[:64]}"

    def guarded() -> str:
        if not _is_first(session, {"key": full, "person_id": person_id, "body": body, "location": "", "at": now()}):
            return _answer_of(session, full, body)
        location = work()
        session.flush()
        answered = update(RequestKey).where(RequestKey.key == full).values(location=location)
        session.execute(answered, execution_options={"synchronize_session": False})
        return location

    return write(session, guarded)


def _is_first(session: Any, values: dict[str, Any]) -> bool:
    """Writes the key before the work: a twin waits here for this one, not at a record that this one is about to change, and
    when this one is through, the twin's key is no longer new."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    table: Any = RequestKey.__table__
    query = insert(table).values(**values).on_conflict_do_nothing(index_elements=["key"]).returning(table.c.id)
    return session.execute(query).first() is not None


def _answer_of(session: Any, key: str, body: str) -> str:
    known = session.query(RequestKey).filter_by(key=key).one()
    if known.body != body:
        raise RuleError("这张表单已经提交过一次，内容却和上次不同。请打开新的页面再填")
    return str(known.location)


@every(seconds=3600, name="request_keys")
def forget_old_keys(session: Session) -> int:
    """Keys older than two days are dropped."""
    return session.execute(delete(RequestKey).where(RequestKey.at < now() - KEPT)).rowcount  # type: ignore[attr-defined]
