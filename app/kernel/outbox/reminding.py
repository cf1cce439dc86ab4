"""What is told again: urgent notices until they are read or settled, and the morning summary of what waits for a person."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.approval.inbox import count_waiting
from app.kernel.base import now
from app.kernel.notices.preferences import NoticePreference, Wish, preference_of
from app.kernel.notices.quiet import QuietHours
from app.kernel.notices.records import Notice, NoticeKind
from app.kernel.outbox import site
from app.kernel.outbox.records import Channel, Delivery
from app.kernel.outbox.words import digest_of
from app.kernel.parameters import site_parameter


def tell_again(session: Session) -> int:
    """Urgent notices that nobody read come up again after the site's minutes; returns how many. Not in quiet hours."""
    moment = now()
    unread = select(Notice).where(
        Notice.urgent, Notice.read_at.is_(None), Notice.planned_at.is_not(None), Notice.told_at < moment
    )
    again = [notice for notice in session.scalars(unread.order_by(Notice.id)) if _due_again(session, notice, moment)]
    for notice in again:
        notice.told_at, notice.repeats, notice.planned_at = moment, notice.repeats + 1, None
    session.flush()
    return len(again)


def _due_again(session: Session, notice: Notice, moment: datetime) -> bool:
    minutes = site_parameter(session, notice.project_id, "urgent_repeat_minutes")
    if not minutes or notice.told_at > moment - timedelta(minutes=minutes):
        return False
    return site.at_work(notice.person_id) is not None and not _quiet(session, notice, moment).holds(moment)


def _quiet(session: Session, notice: Notice, moment: datetime) -> QuietHours:
    own, of_site = preference_of(session, notice.person_id), site.quiet_hours(session, notice.project_id, moment)
    return own.quiet(of_site) if own is not None else of_site


def summarise(session: Session) -> int:
    """Write the morning summaries that are due; returns how many. Each person once a day, not on days the site is closed."""
    if site.server() is None:
        return 0
    moment, written = now(), 0
    undone = or_(NoticePreference.digested_on.is_(None), NoticePreference.digested_on < moment.date())
    for wishes in session.scalars(select(NoticePreference).where(undone).order_by(NoticePreference.id)):
        actor = site.at_work(wishes.person_id) if wishes.address else None
        if actor is None or not _morning(session, actor, wishes, moment):
            continue
        wishes.digested_on = moment.date()
        written += _summary(session, actor, wishes, moment)
    session.flush()
    return written


def _morning(session: Session, actor: Actor, wishes: NoticePreference, moment: datetime) -> bool:
    project_id = site.only_project(actor)
    if moment.time() < site_parameter(session, project_id, "digest_time"):
        return False
    return not wishes.quiet(site.quiet_hours(session, project_id, moment)).holds(moment)


def _summary(session: Session, actor: Actor, wishes: NoticePreference, moment: datetime) -> int:
    counts = Counter(
        session.scalars(select(Notice.kind).where(Notice.person_id == actor.person_id, Notice.read_at.is_(None)))
    )
    unread = {kind: counts[kind] for kind in NoticeKind if counts[kind] and wishes.wish(kind) is not Wish.NEVER}
    waiting = count_waiting(session, actor) if wishes.wish(NoticeKind.APPROVAL) is not Wish.NEVER else 0
    if not waiting and not unread:
        return 0
    project_id = site.only_project(actor)
    message = digest_of(site.project_name(project_id), waiting, unread, site.address_of_site())
    session.add(
        Delivery(
            mark=f"digest-{actor.person_id}-{moment:%Y%m%d}", channel=Channel.MAIL, person_id=actor.person_id,
            project_id=project_id, subject=message.subject, text=message.text, not_before=moment,
        )
    )  # fmt: skip
    return 1
