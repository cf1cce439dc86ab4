"""Which head meant which field: kept per project, paper and sender, so that a sender's tables need their columns named once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.base import now
from app.kernel.imports.records import ImportMemory, ImportRun

MOST_HEADS = 300


def senders(session: Session, project_id: int, paper: str) -> list[str]:
    """Whose tables came before, the latest first."""
    query = select(ImportMemory.source).where(*_of(project_id, paper), ImportMemory.source != "")
    return list(session.scalars(query.order_by(ImportMemory.at.desc()).limit(20)))


def remembered(session: Session, project_id: int, paper: str, source: str) -> dict[str, str]:
    """Heads of this sender over those of anybody else, the latest of these first."""
    rows = session.scalars(select(ImportMemory).where(*_of(project_id, paper)).order_by(ImportMemory.at))
    found: dict[str, str] = {}
    own: dict[str, str] = {}
    for row in rows:
        if row.source == source:
            own = row.heads
        else:
            found |= {head: key for head, key in row.heads.items() if key}  # what another left out says nothing here
    return found | own


def remember(session: Session, project_id: int, paper: str, source: str, heads: Mapping[str, str]) -> None:
    """Keep what was confirmed (inside a write transaction)."""
    query = select(ImportMemory).where(*_of(project_id, paper), ImportMemory.source == source)
    row = session.scalars(query).first()
    if row is None:
        row = ImportMemory(project_id=project_id, subject=paper, source=source, heads={})
        session.add(row)
    row.heads = dict(list({**row.heads, **heads}.items())[-MOST_HEADS:])
    row.at = now()
    session.flush()


def earlier_runs(session: Session, project_id: int, paper: str, most: int = 5) -> list[ImportRun]:
    """The last tables that were brought in here."""
    query = select(ImportRun).where(ImportRun.project_id == project_id, ImportRun.subject == paper)
    return list(session.scalars(query.order_by(ImportRun.id.desc()).limit(most)))


def same_file(session: Session, project_id: int, paper: str, digest: str) -> ImportRun | None:
    """The last time that exactly this file was brought in."""
    query = select(ImportRun).where(
        ImportRun.project_id == project_id, ImportRun.subject == paper, ImportRun.digest == digest
    )
    return session.scalars(query.order_by(ImportRun.id.desc())).first()


def _of(project_id: int, paper: str) -> tuple[Any, Any]:
    return ImportMemory.project_id == project_id, ImportMemory.subject == paper
