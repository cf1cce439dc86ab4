"""What was printed: one row a paper, its stored file, who printed it, from which template. Rows are only added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, Index, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.base import Record, now
from app.kernel.constraints import sentence
from app.kernel.schema import append_only

SAME_TURN = "uq_printed_paper_turn"
append_only("printed_paper", "打印记录只能追加，不能修改或删除")
sentence(SAME_TURN, "这份文书刚被别人打印过，请再打印一次")


class PrintedPaper(Record):
    """One print of one record. turn: 第 n 次 of this kind; full: personal numbers stand on it unmasked. It is read through its
    record, as its file is."""

    __tablename__ = "printed_paper"
    __label__ = "打印件"
    __table_args__ = (
        UniqueConstraint("kind", "owner_id", "turn", name=SAME_TURN),
        Index("ix_printed_paper_owner", "owner_table", "owner_id"),
    )

    kind: Mapped[str] = mapped_column(String(40), nullable=False)
    owner_table: Mapped[str] = mapped_column(String(64), nullable=False)
    owner_id: Mapped[int] = mapped_column(Integer, nullable=False)
    owner_version: Mapped[int] = mapped_column(Integer, nullable=False)
    project_id: Mapped[int | None] = mapped_column(Integer, index=True)
    number: Mapped[str] = mapped_column(String(80), nullable=False, default="")
    turn: Mapped[int] = mapped_column(Integer, nullable=False)
    copies: Mapped[int] = mapped_column(Integer, nullable=False)
    template_id: Mapped[int | None] = mapped_column(Integer)
    template: Mapped[str] = mapped_column(String(40), nullable=False)
    on_paper: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)  # 代录: a decision was made on paper
    full: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    attachment_id: Mapped[int] = mapped_column(Integer, nullable=False, unique=True)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False, index=True)
    printed_by: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    printed_name: Mapped[str] = mapped_column(String(64), nullable=False)
    printed_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)


def next_turn(session: Session, kind: str, owner_id: int) -> int:
    """第 n 次."""
    query = select(func.max(PrintedPaper.turn)).where(PrintedPaper.kind == kind, PrintedPaper.owner_id == owner_id)
    return (session.scalar(query) or 0) + 1


def printed_since(session: Session, person_id: int, moment: datetime) -> int:
    """How many papers somebody printed since then."""
    query = select(func.count(PrintedPaper.id)).where(PrintedPaper.printed_by == person_id)
    return session.scalar(query.where(PrintedPaper.printed_at >= moment)) or 0


def prints_of(session: Session, record: Any, kind: str = "") -> list[PrintedPaper]:
    """The prints of a record, newest first."""
    query = select(PrintedPaper).where(
        PrintedPaper.owner_table == record.__tablename__, PrintedPaper.owner_id == record.id
    )
    if kind:
        query = query.where(PrintedPaper.kind == kind)
    return list(session.scalars(query.order_by(PrintedPaper.id.desc())))


def printed_among(session: Session, attachment_ids: list[int]) -> set[int]:
    """Which of these files the product itself made: they stay as they are (电子签名法 §5)."""
    query = select(PrintedPaper.attachment_id).where(PrintedPaper.attachment_id.in_(attachment_ids))
    return set(session.scalars(query))


def shows_people(session: Session, sha256: str) -> bool:
    """Whether this content is a print with personal numbers in full."""
    query = select(PrintedPaper.id).where(PrintedPaper.sha256 == sha256, PrintedPaper.full).limit(1)
    return session.scalars(query).first() is not None
