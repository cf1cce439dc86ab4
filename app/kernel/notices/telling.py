"""Telling people: rows written with the act that is worth telling; the bell counts the unread."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from app.kernel.actors import directory
from app.kernel.base import now
from app.kernel.notices.records import Notice, NoticeKind
from app.kernel.posts import Post


def notify(
    session: Session,
    people: Iterable[int],
    title: str,
    *,
    body: str = "",
    url: str = "",
    project_id: int | None = None,
    kind: NoticeKind = NoticeKind.NEWS,
    urgent: bool = False,
    outside: str = "",
) -> None:
    """Tell these people; each person once.

    urgent: reaches people in their quiet hours and is told again until it is read or settled. outside: words without
    personal data that mails and group messages may carry; without them these name the kind only.
    """
    event, moment = secrets.token_hex(16), now()
    for person_id in sorted(set(people)):
        session.add(
            Notice(
                person_id=person_id, project_id=project_id, kind=kind, title=title[:200], body=body[:500], url=url, urgent=urgent,
                outside=outside[:100], event=event, created_at=moment, told_at=moment,
            )
        )  # fmt: skip


def notify_posts(
    session: Session,
    posts: Iterable[Post],
    project_id: int,
    title: str,
    *,
    body: str = "",
    url: str = "",
    team_id: int | None = None,
    kind: NoticeKind = NoticeKind.NEWS,
    urgent: bool = False,
    outside: str = "",
    without: Iterable[int] = (),
) -> None:
    """Tell everybody who holds one of these posts in the project today, but the people `without`."""
    people = {h.person_id for post in posts for h in directory().holders(post, project_id, team_id, now())} - set(
        without
    )
    words = {"body": body, "url": url, "outside": outside}
    notify(session, people, title, project_id=project_id, kind=kind, urgent=urgent, **words)


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


def unsay(session: Session, people: Iterable[int], url: str) -> None:
    """Take back what these people were told of a page that is no longer theirs (inside a write transaction)."""
    session.execute(delete(Notice).where(Notice.person_id.in_(sorted(set(people))), Notice.url == url))
