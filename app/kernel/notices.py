"""In-app notices: one row for one person; the bell counts the unread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Boolean, DateTime, Integer, Select, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.actors import directory
from app.kernel.base import Record, now
from app.kernel.posts import Post


class Notice(Record):
    """A sentence for one person with the page it leads to."""

    __tablename__ = "notice"
    __unaudited__ = True

    person_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True)
    project_id: Mapped[int | None] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(200), nullable=False)
    body: Mapped[str] = mapped_column(String(500), nullable=False, default="")
    url: Mapped[str] = mapped_column(String(200), nullable=False, default="")
    urgent: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    read_at: Mapped[datetime | None] = mapped_column(DateTime)


def notify(
    session: Session,
    people: Iterable[int],
    title: str,
    *,
    body: str = "",
    url: str = "",
    project_id: int | None = None,
    urgent: bool = False,
) -> None:
    """Tell these people; each person once."""
    for person_id in sorted(set(people)):
        session.add(
            Notice(
                person_id=person_id, project_id=project_id, title=title[:200], body=body[:500], url=url, urgent=urgent
            )
        )


def notify_posts(
    session: Session,
    posts: Iterable[Post],
    project_id: int,
    title: str,
    *,
    body: str = "",
    url: str = "",
    team_id: int | None = None,
    urgent: bool = False,
) -> None:
    """Tell everybody who holds one of these posts in the project today."""
    people = {h.person_id for post in posts for h in directory().holders(post, project_id, team_id, now())}
    notify(session, people, title, body=body, url=url, project_id=project_id, urgent=urgent)


def unread_count(person_id: int) -> Select[int]:
    """The statement that counts what the person has not read."""
    return select(func.count(Notice.id)).where(Notice.person_id == person_id, Notice.read_at.is_(None))


def unread(session: Session, person_id: int) -> int:
    """How many notices the person has not read."""
    return session.scalar(unread_count(person_id)) or 0


def answered(session: Session, people: Iterable[int], url: str) -> None:
    """What these people were asked about this page is settled: their notices of it wait no more (inside a write transaction)."""
    asked = (Notice.person_id.in_(sorted(set(people))), Notice.url == url, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*asked).values(read_at=now()))
