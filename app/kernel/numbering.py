"""Numbers of papers: a counter row locked in the same transaction, never MAX()+1 (04 §2.2)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.base import Record


class Counter(Record):
    """The last number given for a key (prefix, project, year)."""

    __tablename__ = "counter"
    __unaudited__ = True
    __table_args__ = (UniqueConstraint("key", name="uq_counter_key"),)

    key: Mapped[str] = mapped_column(String(64), nullable=False)
    value: Mapped[int] = mapped_column(Integer, nullable=False, default=0)


def next_value(session: Session, key: str) -> int:
    """The next number of a key; gapless as long as the transaction commits."""
    row = session.scalars(
        select(Counter).where(Counter.key == key).with_for_update().execution_options(populate_existing=True)
    ).first()
    if row is None:
        row = Counter(key=key, value=0)
        session.add(row)
    row.value += 1
    session.flush()
    return row.value


def next_number(session: Session, prefix: str, project_code: str, day: date) -> str:
    """«RG-JPYL-2026-0318»: prefix, project, year, running number."""
    value = next_value(session, f"{prefix}:{project_code}:{day.year}")
    return f"{prefix}-{project_code}-{day.year}-{value:04d}"
