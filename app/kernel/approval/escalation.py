"""Time limits: a station that waits too long is told to the next higher post, once (02 §2.1.4)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.approval.kinds import KINDS
from app.kernel.approval.records import ApprovalStep, StepState
from app.kernel.approval.stations import holders_beside, page_of
from app.kernel.base import now
from app.kernel.notices import NoticeKind, notify
from app.kernel.posts import NEXT_UP, POSTS, Post


def escalate(session: Session) -> int:
    """Notify the next higher post about every overdue station; returns how many. Idempotent; runs in a write transaction."""
    overdue = session.scalars(
        select(ApprovalStep).where(
            ApprovalStep.state == StepState.PENDING, ApprovalStep.due_at < now(), ApprovalStep.escalated_at.is_(None)
        )
    ).all()
    for station in overdue:
        station.escalated_at = now()
        higher = NEXT_UP.get(Post(station.post))
        if higher is None:
            continue
        people = holders_beside(station.request, higher)
        waiting = POSTS[Post(station.post)].label
        notify(
            session,
            [h.person_id for h in people],
            f"超时未批：{station.request.title}",
            body=f"等{waiting}已超过时限",
            url=page_of(station.request),
            project_id=station.project_id,
            kind=NoticeKind.REMINDER,
            urgent=True,
            outside=f"{KINDS[station.request.kind].label}：等{waiting}已超过时限",
        )
    session.flush()
    return len(overdue)
