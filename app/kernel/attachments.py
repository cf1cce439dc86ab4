"""Files that belong to records: a file answers only to someone who may see its record (04 S9).

receive() checks and stores outside the transaction, attach() adds the row inside it; a file without a row is an orphan that
`./anchang doctor` lists.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import BigInteger, DateTime, Index, Integer, String, and_, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import audit, file_previews
from app.kernel.actors import SYSTEM, Actor
from app.kernel.approval.inbox import granted
from app.kernel.approval.records import ApprovalRequest, ApprovalStep, RequestState
from app.kernel.base import Record, model_of, now
from app.kernel.checkups import add_checkup
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.file_checks import check
from app.kernel.file_store import FileStore
from app.kernel.papers.records import printed_among, shows_people
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.privacy import NEVER
from app.kernel.readership import may_read
from app.kernel.row_locks import locked
from app.kernel.scope import ProjectItself, Scoped
from app.kernel.tasks.asking import ask_for

DAILY_BYTES = 500 * 1024 * 1024
DAILY_FILES = 300
READ_TEXT = "read_text"  # the task of kernel/file_texts.py
WRITERS = ALL_POSTS - {Post.AUDITOR, Post.ADMIN}


class Attachment(Record):
    """One file of one record. The content lies in the store under its hash; the row keeps the name that people gave it."""

    __tablename__ = "attachment"
    __label__ = "附件"
    __table_args__ = (Index("ix_attachment_owner", "owner_table", "owner_id"),)

    owner_table: Mapped[str] = mapped_column(String(64), nullable=False)
    owner_id: Mapped[int] = mapped_column(Integer, nullable=False)
    project_id: Mapped[int | None] = mapped_column(Integer, index=True)
    name: Mapped[str] = mapped_column(String(160), nullable=False)
    mime: Mapped[str] = mapped_column(String(100), nullable=False)
    size: Mapped[int] = mapped_column(BigInteger, nullable=False)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False, index=True)
    uploaded_by: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    uploaded_name: Mapped[str] = mapped_column(String(64), nullable=False)
    uploaded_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    removed_at: Mapped[datetime | None] = mapped_column(DateTime)
    removed_by: Mapped[int | None] = mapped_column(Integer)
    given_up_at: Mapped[datetime | None] = mapped_column(
        DateTime
    )  # the content is to be erased (kernel/file_erasure.py)
    erased_at: Mapped[datetime | None] = mapped_column(DateTime)


@dataclass(frozen=True)
class Received:
    """A checked file that lies in the store, not yet attached to a record."""

    name: str
    mime: str
    size: int
    sha256: str
    remark: str = ""  # why it cannot be shown here

    def __str__(self) -> str:
        return self.name


def project_of(owner: Any) -> int | None:
    """The project of a record; a project is its own."""
    return owner.id if isinstance(owner, ProjectItself) else getattr(owner, "project_id", None)


def store() -> FileStore:
    """The store of this site."""
    return FileStore(current_app.config["UPLOAD_FOLDER"])


def receive(session: Session, actor: Actor, upload: Any, *, field: str = "file") -> Received:
    """Check an upload and store its content; refusals stand beside the form's `field`.

    Raises RuleError for a bad file or a used-up day, OSError when the disk is full.
    """
    try:
        return _received(session, actor, upload)
    except RuleError as refusal:
        refusal.field = field
        raise


def _received(session: Session, actor: Actor, upload: Any) -> Received:
    midnight = datetime.combine(now().date(), time())
    used = session.execute(
        select(func.count(Attachment.id), func.coalesce(func.sum(Attachment.size), 0)).where(
            Attachment.uploaded_by == actor.person_id, Attachment.uploaded_at >= midnight
        )
    ).one()
    checked = check(upload.filename or "", upload.read())
    if used[0] >= DAILY_FILES or used[1] + len(checked.data) > DAILY_BYTES:
        raise RuleError(
            "你今天上传的文件已到上限（{n} 件、{m} MB），请明天再传",
            field="file",
            n=DAILY_FILES,
            m=DAILY_BYTES // 1024 // 1024,
        )
    sha256 = store().keep(checked.data)
    if checked.thumb:
        file_previews.put(sha256, file_previews.THUMB, checked.thumb)
    return Received(checked.name, checked.mime, len(checked.data), sha256, checked.remark)


def attach(session: Session, actor: Actor, owner: Any, received: Received) -> Attachment:
    """Give a stored file to a record (inside a write transaction); the worker reads its text afterwards."""
    row = Attachment(
        owner_table=owner.__tablename__,
        owner_id=owner.id,
        project_id=project_of(owner),
        name=received.name,
        mime=received.mime,
        size=received.size,
        sha256=received.sha256,
        uploaded_by=actor.person_id,
        uploaded_name=actor.name,
    )
    session.add(row)
    session.flush()
    ask_for(session, SYSTEM, READ_TEXT, row.name, {"file": row.id}, project_id=row.project_id)
    return row


def files_of(session: Session, owner: Any) -> list[Attachment]:
    """The files of a record, oldest first."""
    query = select(Attachment).where(
        Attachment.owner_table == owner.__tablename__, Attachment.owner_id == owner.id, Attachment.removed_at.is_(None)
    )
    return list(session.scalars(query.order_by(Attachment.id)))


def owner_of(session: Session, actor: Actor, table: str, owner_id: int) -> Any:
    """The record that files belong to, when the person may see it: by scope, or as its present approver.

    Raises NotFound for foreign, missing and unscoped records alike.
    """
    try:
        model = model_of(table)
    except KeyError:
        raise NotFound(table) from None
    if not issubclass(model, Scoped) or not 0 < owner_id < 2**31:
        raise NotFound(table)
    query = select(model).where(model.id == owner_id)  # type: ignore[attr-defined]
    found = session.scalars(query).first()
    if found is not None and not may_read(actor, found):
        found = None
    if found is None and granted(session, actor, table, owner_id):
        found = session.scalars(query, execution_options={"unscoped": True}).first()
    if found is None:
        raise NotFound(table)
    return found


def may_attach(actor: Actor, owner: Any) -> bool:
    """Whether the person may add files: the posts that the model names in `__file_writers__`, by default all but auditor and admin."""
    return actor.holds(getattr(type(owner), "__file_writers__", WRITERS), project_of(owner))


def visible(session: Session, actor: Actor, attachment_id: int) -> Attachment:
    """A file that the person may open; a print with numbers of people in full only who may see such numbers at all.

    Raises NotFound otherwise.
    """
    row = session.get(Attachment, attachment_id) if 0 < attachment_id < 2**31 else None
    if row is None or row.removed_at is not None:
        raise NotFound("attachment")
    owner_of(session, actor, row.owner_table, row.owner_id)
    if shows_people(session, row.sha256) and not actor.holds(ALL_POSTS - NEVER, row.project_id):
        raise NotFound("attachment")
    return row


def content_of(row: Attachment) -> bytes:
    """The content of a file. Raises NotFound when it is gone, OSError (EIO) when the whole store is."""
    return path_of(row).read_bytes()


def path_of(row: Attachment) -> Path:
    """Where the content lies. Raises as content_of."""
    here = store()
    path = here.path(row.sha256)
    if not here.folder.is_dir():
        raise OSError(errno.EIO, "the folder of uploaded files is missing", str(here.folder))
    if not path.is_file():
        raise NotFound("file")
    return path


def remove(session: Session, actor: Actor, row: Attachment) -> None:
    """Take a file off its record (inside a write transaction that holds the record until its end); the content stays.

    Raises Forbidden for anybody but the uploader, RuleError for the photo of a paper decision, on which the decision rests,
    for a file that its record keeps (a sealed paper names them in `kept_files`), and for one that approvers had before them.
    """
    if row.uploaded_by != actor.person_id:
        raise Forbidden("附件")
    owner = owner_of(session, actor, row.owner_table, row.owner_id)
    locked(session, type(owner), owner.id)  # its steps wait: a paper is sent up with the file or without it
    if evidence_among(session, [row]):
        raise RuleError("「{name}」是代录批复的凭据，不能移除", name=row.name)
    if printed_among(session, [row.id]):
        raise RuleError("「{name}」是打印留底的文书，不能移除；单据有误请作废单据", name=row.name)
    if row.id in kept_files(owner):
        raise RuleError("「{name}」已封存，不能移除；有新版本请另传一份", name=row.name)
    if judged_among(session, [row]):
        raise RuleError("「{name}」已随单据送审，不能移除；可先撤回单据，或另传一份", name=row.name)
    from app.kernel.file_texts import forget_texts  # it reads the rows of this module

    row.removed_at, row.removed_by = now(), actor.person_id
    forget_texts(session, [row.id])
    session.flush()


def kept_files(owner: Any) -> frozenset[int]:
    """Ids of the files that a record does not give away any more."""
    return frozenset(getattr(owner, "kept_files", ()))


def judged_among(session: Session, rows: list[Attachment]) -> set[int]:
    """Which of these files were there when their record was sent up, and the request runs or was granted."""
    asked = select(Attachment.id).join(
        ApprovalRequest,
        and_(
            ApprovalRequest.subject == Attachment.owner_table, ApprovalRequest.subject_id == Attachment.owner_id,
            ApprovalRequest.opened_at >= Attachment.uploaded_at,
            ApprovalRequest.state.in_((RequestState.PENDING, RequestState.APPROVED)),
        ),
    )  # fmt: skip
    return set(session.scalars(asked.where(Attachment.id.in_([row.id for row in rows]))))


def evidence_among(session: Session, rows: list[Attachment]) -> set[int]:
    """Which of these files prove a paper decision (02 §2.1.3)."""
    ids = [row.id for row in rows]
    return set(session.scalars(select(ApprovalStep.attachment_id).where(ApprovalStep.attachment_id.in_(ids))))


def log_download(session: Session, row: Attachment) -> None:
    """One line of the trail (inside a write transaction)."""
    session.add(audit.entry("download", **_where(row), file=row.id, name=row.name))


def log_look(session: Session, row: Attachment, page: int) -> None:
    """A page of a PDF was looked at (inside a write transaction)."""
    session.add(audit.entry("read", **_where(row), file=row.id, name=f"{row.name} 第 {page} 页"))


def _where(row: Attachment) -> dict[str, Any]:
    return {"subject": row.owner_table, "subject_id": row.owner_id, "project_id": row.project_id}


def faults(session: Session) -> Iterator[str]:
    """Chinese findings for `doctor`: rows without content, content that changed, content without a row."""
    here, known = store(), set()
    for row in session.scalars(select(Attachment).order_by(Attachment.id)):
        known.add(row.sha256)
        if row.given_up_at is None and not here.is_whole(row.sha256):
            yield f"附件 {row.id}「{row.name}」的文件缺失或内容已变"
    for sha256 in here.every():
        if sha256 not in known:
            yield f"文件 {sha256[:12]}… 没有对应的附件记录"


add_checkup("附件与文件", faults)
