"""What follows on a 难单协助单: number and clock, the supervisor called at once, the site manager when he does not come."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.analysis.effects import follow_customer
from app.features.customers.assists.models import AssistRequest, AssistState
from app.features.customers.registry import follows_owner
from app.features.organisation.calendars import clock_of
from app.features.organisation.models import CalendarName
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.kernel.actors import directory
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.notices import NoticeKind, answered, notify, notify_posts
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import Act

follows_owner(AssistRequest)


def page_of(paper: AssistRequest) -> str:
    return f"/assist-request/show/{paper.id}"


def begin(session: Session, paper: AssistRequest) -> None:
    """Number, clock, and the supervisor of the team is called."""
    follow_customer(session, paper)
    moment = now()
    paper.number, paper.asked_at = number_for(session, paper, moment.date()), moment
    clock = clock_of(session, paper.project_id, CalendarName.SITE, moment.date())
    paper.due_at = clock.add_minutes(moment, parameter(session, paper.project_id, "assist_minutes"))
    session.flush()
    title = f"请到{paper.place.label}协助：{paper.customer.name}（{paper.difficulty.label}），{paper.due_at:%H:%M} 前"
    notify_posts(
        session, [Post.SUPERVISOR], paper.project_id, title, body=paper.question[:200], url=page_of(paper), team_id=paper.team_id,
        kind=NoticeKind.DUE, urgent=True, outside="有一张难单协助单，请到场",
    )  # fmt: skip


def helper_is_another(act: Act) -> None:
    """Guard: whoever asked cannot be the help; his superior is."""
    if act.actor.person_id in (act.document.owner_id, act.document.created_by):
        raise RuleError("自己的客户请由另一位主管或案场经理协助")


def note_joined(act: Act) -> None:
    """He is there: how long they waited, in business minutes; nobody else is called any more."""
    paper: AssistRequest = act.document
    paper.helper_id, paper.joined_at = act.actor.person_id, act.at
    asked = paper.asked_at or act.at
    clock = clock_of(act.session, paper.project_id, CalendarName.SITE, asked.date())
    paper.waited_minutes = clock.minutes_between(asked, act.at)
    settle(act)
    if paper.owner_id is not None:
        notify(act.session, [paper.owner_id], f"{act.actor.name} 来协助 {paper.customer.name}", url=page_of(paper),
               project_id=paper.project_id)  # fmt: skip


def settle(act: Act) -> None:
    """Whoever was called waits for nothing any more."""
    posts = (Post.SUPERVISOR, Post.SITE_MANAGER)
    people = {h.person_id for post in posts for h in directory().holders(post, act.document.project_id, None, act.at)}
    answered(act.session, people, page_of(act.document))


def note_result(act: Act) -> None:
    """What came of it."""
    paper: AssistRequest = act.document
    paper.outcome, paper.result, paper.closed_at = act.form["outcome"], act.form["result"], act.at


def is_late(paper: Any, moment: datetime) -> bool:
    """Whether the customer still waits beyond the minutes of the site."""
    return paper.state is AssistState.ASKED and paper.due_at is not None and paper.due_at < moment


@every(seconds=60, name="assists")
def call_manager(session: Session) -> int:
    """Nobody came in time: the site manager is called, once a paper; safe to repeat."""

    def work() -> int:
        query = select(AssistRequest).where(
            AssistRequest.state == AssistState.ASKED, AssistRequest.due_at < now(), AssistRequest.escalated_at.is_(None)
        )
        waiting = session.scalars(query.with_for_update(of=AssistRequest)).all()
        for paper in waiting:
            paper.escalated_at = now()
            notify_posts(
                session, [Post.SITE_MANAGER], paper.project_id, f"难单协助逾时无人到场：{paper.customer.name}（{paper.difficulty.label}）",
                body=paper.question[:200], url=page_of(paper), kind=NoticeKind.DUE, urgent=True, outside="难单协助逾时",
            )  # fmt: skip
        return len(waiting)

    return write(session, work)
