"""What follows on a 突发事件 or 纠纷: until when somebody takes it up, how far it goes, what is learnt (S3.9)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.features.complaints.incidents.models import EventLevel
from app.features.complaints.people import forget, handlers_of, holders_of, refuse_own, settled, team_for, tell
from app.features.complaints.starting import due
from app.features.organisation.numbers import number_for
from app.kernel.approval.finding import requests_of
from app.kernel.approval.kinds import Need
from app.kernel.approval.records import StepState
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.workflow import Act

RANK = {EventLevel.COMMON: Decimal(1), EventLevel.LARGE: Decimal(2), EventLevel.MAJOR: Decimal(3)}


def register(session: Session, event: Any, at: datetime) -> None:
    """Number, team, clock; a major one is told to the whole way up at once."""
    event.number = event.number or number_for(session, event, at.date())
    event.team_id = team_for(session, event, at.date())
    event.accept_due_at = due(session, event.project_id, "event_hours", at)
    people = handlers_of(event, at)
    if event.level is EventLevel.MAJOR:
        people |= holders_of(Post.SITE_MANAGER, event, at) | holders_of(Post.PROJECT_MANAGER, event, at)
    title = f"{event.__label__} {event.number}（{event.level.label}），请在 {event.accept_due_at:%m-%d %H:%M} 前受理"
    tell(
        session,
        people - {event.owner_id},
        event,
        title,
        f"有一份{event.level.label}{event.__label__}待受理",
        urgent=True,
    )


def accept(act: Act) -> None:
    """Taken up: how heavy, who is a party, what was done at once. Raises RuleError for one's own."""
    event: Any = act.document
    event.level, event.measures = act.form["level"], act.form["measures"]
    event.against_id, event.also_against_id = act.get("against"), act.get("also_against")
    refuse_own(event, act.actor.person_id)
    event.team_id = team_for(act.session, event, act.at.date())
    event.accepted_at = event.accepted_at or act.at
    settled(act.session, event, act.at)
    forget(act.session, event)


def note_proposal(act: Act) -> None:
    act.document.proposal, act.document.raised_at = act.form["proposal"], act.document.raised_at or act.at


def approval_need(_session: Session, event: Any) -> Need:
    """一般 and 较大 end at 项目经理, 重大 at 甲方负责人."""
    text = f"{event.level.label}{event.__label__}（{event.kind.label}）：{event.facts}　处理建议：{event.proposal}"
    return Need(RANK[event.level], summary=text)


def note_decision(act: Act) -> None:
    """The last word of the chain."""
    act.session.flush()
    event: Any = act.document
    spoken = [
        s.opinion
        for r in requests_of(act.session, event)
        for s in r.steps
        if s.state is StepState.APPROVED and s.opinion
    ]
    event.decision = (spoken[-1] if spoken else "同意处理建议")[:1000]
    tell(
        act.session,
        handlers_of(event, act.at),
        event,
        f"{event.__label__} {event.number} 已批复",
        f"一份{event.__label__}已批复",
    )


def was_decided(act: Act) -> None:
    """Guard: a larger one is not closed without the word of the chain. Raises RuleError."""
    event: Any = act.document
    if event.level is not EventLevel.COMMON and not event.decision:
        raise RuleError("{level}事件先上报批复，再办结", level=event.level.label)


def note_result(act: Act) -> None:
    """How it ended and what is learnt; who reported it hears of the end."""
    event: Any = act.document
    event.result, event.lessons, event.closed_at = act.form["result"], act.get("lessons") or "", act.at
    if event.owner_id is not None and event.owner_id != act.actor.person_id:
        tell(
            act.session,
            [event.owner_id],
            event,
            f"{event.__label__} {event.number} 已办结",
            f"一份{event.__label__}已办结",
            duty=False,
        )
