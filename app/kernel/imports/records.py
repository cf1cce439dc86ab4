"""What stays of an import: the run with its counts, and which head meant which field for which sender."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.base import Record, now


class ImportRun(Record):
    """One table that was brought in: whose, which file, how many rows came of it."""

    __tablename__ = "import_run"
    __label__ = "导入记录"
    __table_args__ = (Index("ix_import_run_subject", "project_id", "subject", "digest"),)

    project_id: Mapped[int] = mapped_column(Integer, nullable=False)
    subject: Mapped[str] = mapped_column(String(64), nullable=False)
    person_id: Mapped[int] = mapped_column(Integer, nullable=False)
    person_name: Mapped[str] = mapped_column(String(64), nullable=False)
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    file_name: Mapped[str] = mapped_column(String(200), nullable=False)
    digest: Mapped[str] = mapped_column(String(64), nullable=False)
    source: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    new: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    changed: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    same: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    kept: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    sums: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False, default=dict)


class ImportMemory(Record):
    """heads: {head as compared: field key, "" = left out}, as somebody of the project confirmed it for this sender."""

    __tablename__ = "import_memory"
    __label__ = "导入表头对应"
    __unaudited__ = True
    __table_args__ = (UniqueConstraint("project_id", "subject", "source", name="uq_import_memory_source"),)

    project_id: Mapped[int] = mapped_column(Integer, nullable=False)
    subject: Mapped[str] = mapped_column(String(64), nullable=False)
    source: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    heads: Mapped[dict[str, str]] = mapped_column(JSON, nullable=False, default=dict)
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
