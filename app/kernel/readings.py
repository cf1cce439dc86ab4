"""签收: who is asked to read a paper, and when he signed that he did. One table for every paper that somebody has to have read.

A paper asks with `ask_to_read` in an effect, takes `reading_steps` into its flow, and shows `kernel/screens/readers.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, Index, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from app.kernel.actors import Actor
from app.kernel.base import Document, Record, now
from app.kernel.errors import RuleError
from app.kernel.notices import NoticeKind, answered, notify
from app.kernel.posts import Post
from app.kernel.states import State
from app.kernel.workflow import Act, Step, step


class ReadReceipt(Record):
    """One person is asked to read one paper. Read through the paper or by the person himself, never listed for others."""

    __tablename__ = "read_receipt"
    __label__ = "签收"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "person_id", name="uq_read_receipt_person"),
        Index("ix_read_receipt_waiting", "person_id", "read_at"),
    )

    subject: Mapped[str] = mapped_column(String(64), nullable=False)  # the table of the paper
    subject_id: Mapped[int] = mapped_column(Integer, nullable=False)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), nullable=False, index=True)
    person_id: Mapped[int] = mapped_column(Integer, nullable=False)
    person_name: Mapped[str] = mapped_column(String(64), nullable=False)
    title: Mapped[str] = mapped_column(String(200), nullable=False)  # what he is asked, as his home page says it
    asked_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    read_at: Mapped[datetime | None] = mapped_column(DateTime)


def page_of(paper: Document) -> str:
    """Where the paper is read and signed."""
    return f"/{paper.__tablename__.replace('_', '-')}/show/{paper.id}"


def receipts_of(session: Session, paper: Document) -> list[ReadReceipt]:
    """Everybody who was asked; who has not signed stands first."""
    query = select(ReadReceipt).where(ReadReceipt.subject == paper.__tablename__, ReadReceipt.subject_id == paper.id)
    return sorted(session.scalars(query), key=lambda one: (one.read_at is not None, one.person_name))


def ask_to_read(
    session: Session, paper: Any, people: Mapping[int, str], title: str, *, outside: str, body: str = ""
) -> None:
    """Ask these people (id → name), each once, and tell them; whoever was asked before is not asked again."""
    known = {one.person_id for one in receipts_of(session, paper)}
    fresh = {key: name for key, name in people.items() if key not in known}
    for person_id, name in sorted(fresh.items()):
        session.add(
            ReadReceipt(
                subject=paper.__tablename__, subject_id=paper.id, project_id=paper.project_id, person_id=person_id,
                person_name=name, title=title[:200],
            )
        )  # fmt: skip
    session.flush()
    _tell(session, paper, fresh, title, outside, body)


def _tell(session: Session, paper: Any, people: Iterable[int], title: str, outside: str, body: str = "") -> None:
    notify(session, people, title, body=body, url=page_of(paper), project_id=paper.project_id, kind=NoticeKind.REMINDER,
           outside=outside)  # fmt: skip


def waits_for(paper: Any, actor: Actor) -> bool:
    """He was asked, and has not signed yet."""
    return _own(object_session(paper), paper, actor.person_id) is not None


def _own(session: Session | None, paper: Any, person_id: int) -> ReadReceipt | None:
    if session is None:
        return None
    query = select(ReadReceipt).where(
        ReadReceipt.subject == paper.__tablename__, ReadReceipt.subject_id == paper.id,
        ReadReceipt.person_id == person_id, ReadReceipt.read_at.is_(None),
    )  # fmt: skip
    return session.scalars(query).first()


def sign(act: Act) -> None:
    """签收: he has read it. A second time changes nothing."""
    own = _own(act.session, act.document, act.actor.person_id)
    if own is not None:
        own.read_at = act.at
    answered(act.session, [act.actor.person_id], page_of(act.document))


def remind_unread(act: Act) -> None:
    """Everybody who has not signed is told again. Raises RuleError when all have."""
    waiting = [one for one in receipts_of(act.session, act.document) if one.read_at is None]
    if not waiting:
        raise RuleError("应签收的人都已签收")
    _tell(act.session, act.document, [one.person_id for one in waiting], f"请签收：{waiting[0].title}", "有文件待签收")


def stop_asking(session: Session, paper: Document) -> None:
    """It holds no longer: who has not signed is not asked any more; who has signed stays on record."""
    waiting = [one for one in receipts_of(session, paper) if one.read_at is None]
    answered(session, [one.person_id for one in waiting], page_of(paper))
    for one in waiting:
        session.delete(one)


def reading_steps(state: State, *, by: Iterable[Post], remind_by: Iterable[Post]) -> tuple[Step, Step]:
    """«签收» for whoever was asked, «催签» for those who watch over it; the state stays."""
    return (
        step("sign", "签收", state, None, by=by, shown=waits_for, tone="primary", then=[sign]),
        step("remind", "催签", state, None, by=remind_by, then=[remind_unread]),
    )
