"""From notices to messages: what goes out by mail and to groups, and when. Runs every few seconds; each notice is seen to once.

An urgent notice goes at once. Any other one waits for the morning summary, or for the end of the quiet hours when its
person wants this kind one by one; groups hear it after their project's quiet hours. Nothing is dropped for being late.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.base import now
from app.kernel.notices.preferences import NoticePreference, Wish
from app.kernel.notices.records import Notice
from app.kernel.outbox import site
from app.kernel.outbox.records import Channel, Delivery, Robot
from app.kernel.outbox.words import group_message_of, mail_of

MAILED_AGAIN = 4  # repeats of an urgent notice that go out by mail, too: an hour's worth; the bell goes on
AT_ONCE = 500  # notices a run; the next run takes the rest


def plan(session: Session) -> int:
    """Write the messages of notices that nobody has seen to; returns how many notices. Runs in a write transaction."""
    waiting = list(
        session.scalars(select(Notice).where(Notice.planned_at.is_(None)).order_by(Notice.id).limit(AT_ONCE))
    )
    if not waiting:
        return 0
    moment, told = now(), set[str]()
    wishes = _wishes(session, {notice.person_id for notice in waiting}) if site.server() is not None else {}
    robots = list(session.scalars(select(Robot).where(Robot.active).order_by(Robot.id)))
    for notice in waiting:
        if notice.read_at is None and notice.person_id in wishes and notice.repeats <= MAILED_AGAIN:
            _mail(session, notice, wishes[notice.person_id], moment)
        if not notice.repeats and notice.event not in told:
            told.add(notice.event)
            _tell_groups(session, notice, robots, moment)
        notice.planned_at = moment
    session.flush()
    return len(waiting)


def mail_due(notice: Notice, wish: Wish, quiet_over: datetime, moment: datetime) -> datetime | None:
    """When a notice goes out by mail of its own; None = not at all, or with the morning summary."""
    if wish is Wish.NEVER:
        return None
    if notice.urgent:
        return moment
    return quiet_over if wish is Wish.AT_ONCE else None


def _wishes(session: Session, people: set[int]) -> dict[int, NoticePreference]:
    query = select(NoticePreference).where(NoticePreference.person_id.in_(sorted(people)))
    return {one.person_id: one for one in session.scalars(query) if one.address}


def _mail(session: Session, notice: Notice, wishes: NoticePreference, moment: datetime) -> None:
    quiet = wishes.quiet(site.quiet_hours(session, notice.project_id, moment))
    due = mail_due(notice, wishes.wish(notice.kind), quiet.over(moment), moment)
    if due is None:
        return
    message = mail_of(notice, site.project_name(notice.project_id), site.address_of_site())
    session.add(
        Delivery(
            mark=f"mail-{notice.id}-{notice.repeats}", channel=Channel.MAIL, person_id=notice.person_id, notice_id=notice.id,
            project_id=notice.project_id, subject=message.subject, text=message.text, not_before=due,
        )
    )  # fmt: skip


def _tell_groups(session: Session, notice: Notice, robots: list[Robot], moment: datetime) -> None:
    """One message a group and event, however many people the notice went to."""
    for robot in robots:
        mark = f"robot-{robot.id}-{notice.event}"
        if robot.project_id != notice.project_id or not robot.hears(notice.kind) or not notice.event:
            continue
        if session.scalar(select(Delivery.id).where(Delivery.mark == mark)) is not None:
            continue  # the first of this event's people was planned in an earlier run
        quiet = site.quiet_hours(session, notice.project_id, moment)
        message = group_message_of(notice, site.project_name(notice.project_id), site.address_of_site())
        session.add(
            Delivery(
                mark=mark, channel=Channel.ROBOT, robot_id=robot.id, project_id=robot.project_id, subject=message.subject,
                text=message.text, not_before=moment if notice.urgent else quiet.over(moment),
            )
        )  # fmt: skip
