"""Numbers of papers: a counter row locked in the same transaction, never MAX()+1 (04 §2.2)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Integer, String, UniqueConstraint, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.base import Record


class Counter(Record):
    """The last number given for a key (prefix, project, year)."""

    __tablename__ = "counter"
    __label__ = "编号计数"
    __unaudited__ = True
    __table_args__ = (UniqueConstraint("key", name="uq_counter_key"),)

    key: Mapped[str] = mapped_column(String(64), nullable=False)
    value: Mapped[int] = mapped_column(Integer, nullable=False, default=0)


def next_value(session: Session, key: str) -> int:
    """The next number of a key; gapless as long as the transaction commits, and nobody else counts until then."""
    row = _locked(session, key)
    if row is None:  # two first users at once: one inserts, the other waits for him and counts on
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(Counter).values(key=key, value=0).on_conflict_do_nothing(index_elements=["key"]))
        row = _locked(session, key)
    if row is None:
        raise RuntimeError(f"counter {key} is not there")
    row.value += 1
    session.flush()
    return row.value


def hold(session: Session, key: str) -> None:
    """Nobody else counts on this key until the commit; nothing is counted."""
    _locked(session, key)


def _locked(session: Session, key: str) -> Counter | None:
    query = select(Counter).where(Counter.key == key).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).first()


def next_number(session: Session, prefix: str, project_code: str, day: date) -> str:
    """«RG-JPYL-2026-0318»: prefix, project, year, running number."""
    value = next_value(session, f"{prefix}:{project_code}:{day.year}")
    return f"{prefix}-{project_code}-{day.year}-{value:04d}"
