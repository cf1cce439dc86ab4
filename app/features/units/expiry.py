"""What ends by time: locks not submitted, holds, units of a permit left unreleased (02 §2.2.1). Every job is idempotent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.organisation.models import Permit
from app.features.units.effects import give_back, locked_unit
from app.features.units.models import Hold, HoldState, Unit, UnitState
from app.kernel.actors import SYSTEM
from app.kernel.base import now
from app.kernel.jobs import every
from app.kernel.notices import Notice, NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import fire

RELEASE_WITHIN = timedelta(days=10)  # 02 §2.5.10: all released units and prices shown at once within 10 d
Expiry = Callable[[Session, Unit], None]
_lock_owners: list[Expiry] = []


def when_lock_expires(close_order: Expiry) -> None:
    """deals tells how to close the order of a lock that ran out; that closing gives the unit back (give_back)."""
    if close_order not in _lock_owners:
        _lock_owners.append(close_order)


@every(seconds=10, name="units.expire_locks")
def expire_locks(session: Session) -> int:
    """Give back every unit whose lock ran out before its order was submitted; returns how many."""
    query = select(Unit.id).where(Unit.state == UnitState.LOCK, Unit.lock_until <= now()).order_by(Unit.id)
    count = 0
    for unit_id in session.scalars(query).all():
        unit = locked_unit(session, unit_id, SYSTEM)
        if unit.state is not UnitState.LOCK or unit.lock_until is None or unit.lock_until > now():
            continue  # submitted, lengthened or released while this job waited for the row
        for close_order in _lock_owners:
            close_order(session, unit)
        if unit.state is UnitState.LOCK:
            give_back(session, unit, SYSTEM, "到期自动释放")
        count += 1
    return count


@every(seconds=30, name="units.expire_holds")
def expire_holds(session: Session) -> int:
    """End every hold whose hour has come; returns how many."""
    ended = session.scalars(
        select(Hold).where(Hold.state == HoldState.ACTIVE, Hold.until <= now()).order_by(Hold.unit_id)
    ).all()
    for hold in ended:
        fire(session, hold, "expire", SYSTEM, internal=True, note="到期自动释放")
    return len(ended)


@every(seconds=3600, name="units.warn_unreleased")
def warn_unreleased(session: Session) -> int:
    """Tell JFS once about a permit that is 10 days old and has units still 未推; returns how many permits."""
    waiting = (
        select(Permit, func.count(Unit.id))
        .join(Unit, Unit.permit_id == Permit.id)
        .where(Unit.state == UnitState.WAIT, Permit.issued_on <= (now() - RELEASE_WITHIN).date())
        .group_by(Permit.id)
    )
    told = 0
    for permit, count in session.execute(waiting).all():
        title = f"预售证 {permit.number} 发证已满 10 天，仍有房源未推"
        if session.scalar(
            select(Notice.id).where(Notice.title == title, Notice.project_id == permit.project_id).limit(1)
        ):
            continue
        notify_posts(
            session,
            (Post.DEVELOPER_SITE,),
            permit.project_id,
            title,
            body=f"未推 {count} 套，应在 10 日内一次性公开",
            url="/board",
            kind=NoticeKind.DUE,
            urgent=True,
            outside=title,
        )
        told += 1
    return told
