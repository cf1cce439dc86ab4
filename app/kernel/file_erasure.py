"""Files whose content is to go for good (a paper was destroyed, a person erased): given up in the step, erased by a job."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import audit, file_previews
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment, files_of, store
from app.kernel.base import now
from app.kernel.file_texts import forget_texts
from app.kernel.jobs import every

QUIET = timedelta(hours=1)  # an upload of the same content may be on its way to its row


def digest_of(files: Sequence[Attachment]) -> str:
    """SHA-256 over the ids and contents of files in their order: what a seal covers."""
    sha = hashlib.sha256()
    for row in sorted(files, key=lambda one: one.id):
        sha.update(f"{row.id}:{row.sha256};".encode())
    return sha.hexdigest()


def give_up_files(session: Session, owner: Any, actor: Actor) -> int:
    """Take every file off a record and let its content be erased (inside a write transaction); returns how many."""
    rows = files_of(session, owner)
    for row in rows:
        row.removed_at = row.given_up_at = now()
        row.removed_by = actor.person_id
    forget_texts(session, [row.id for row in rows])
    session.flush()
    return len(rows)


@every(seconds=3600, name="erase_given_up_files")
def erase_given_up(session: Session) -> int:
    """Erase what was given up an hour ago or more; content that another record still shows stays until that goes too."""
    before = now() - QUIET
    query = select(Attachment).where(Attachment.given_up_at <= before, Attachment.erased_at.is_(None)).limit(500)
    done = 0
    for row in session.scalars(query).all():
        shown = select(Attachment.id).where(Attachment.sha256 == row.sha256, Attachment.given_up_at.is_(None)).limit(1)
        still_shown = session.scalars(shown).first() is not None
        if still_shown or store().erase(row.sha256, unused_since=before.timestamp()):
            if not still_shown:
                file_previews.drop(row.sha256)
            row.erased_at = now()
            session.add(
                audit.entry(
                    "erase", subject=row.owner_table, subject_id=row.owner_id, project_id=row.project_id, file=row.id
                )
            )
            done += 1
    session.flush()
    return done
