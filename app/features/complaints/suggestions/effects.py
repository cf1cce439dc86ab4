"""What follows on a 建议单: three days to sort and report it, the decision, the answer (S3.7)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.features.complaints.people import handlers_of, settled, team_for, tell
from app.features.complaints.suggestions.models import Suggestion
from app.features.organisation.calendars import clock_of
from app.features.organisation.models import CalendarName
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.kernel.approval.finding import requests_of
from app.kernel.approval.kinds import Need
from app.kernel.approval.records import StepState
from app.kernel.workflow import Act


def register(session: Session, paper: Suggestion, at: datetime) -> None:
    """Number and day; the supervisor hears of it."""
    paper.number = paper.number or number_for(session, paper, at.date())
    paper.team_id = team_for(session, paper, at.date())
    clock = clock_of(session, paper.project_id, CalendarName.SITE, at.date())
    paper.report_due_at = clock.add_days(at, int(parameter(session, paper.project_id, "suggestion_days")))
    title = f"建议单 {paper.number} 待整理，请在 {paper.report_due_at:%m-%d %H:%M} 前上报"
    tell(session, handlers_of(paper, at) - {paper.owner_id}, paper, title, "有一份建议单待整理")


def note_summary(act: Act) -> None:
    act.document.summary, act.document.reported_at = act.form["summary"], act.at
    settled(act.session, act.document, act.at)


def approval_need(_session: Session, paper: Any) -> Need:
    """The site manager decides."""
    return Need(
        Decimal(1), summary=f"{paper.who.label}建议（{paper.about.label}）：{paper.content}　整理意见：{paper.summary}"
    )


def note_adopted(act: Act) -> None:
    _decided(act, StepState.APPROVED, "同意采纳")


def note_declined(act: Act) -> None:
    _decided(act, StepState.REFUSED, "不采纳")


def _decided(act: Act, how: StepState, plain: str) -> None:
    paper: Suggestion = act.document
    act.session.flush()
    spoken = [s.opinion for r in requests_of(act.session, paper) for s in r.steps if s.state is how and s.opinion]
    paper.decision = (spoken[-1] if spoken else plain)[:1000]
    tell(
        act.session,
        handlers_of(paper, act.at),
        paper,
        f"建议单 {paper.number} 已批复：{paper.state.label}",
        "一份建议单已批复",
    )


def note_result(act: Act) -> None:
    """What was done; on the spot it counts as sorted, too."""
    paper: Suggestion = act.document
    paper.result, paper.handled_at, paper.reported_at = act.form["result"], act.at, paper.reported_at or act.at


def note_answer(act: Act) -> None:
    """Whoever proposed it is told; one of the staff by a notice."""
    paper: Suggestion = act.document
    paper.answer, paper.answered_at = act.form["answer"], act.at
    if paper.owner_id is not None and paper.owner_id != act.actor.person_id:
        tell(
            act.session, [paper.owner_id], paper, f"建议单 {paper.number} 已答复", "你登记的建议单已有答复", duty=False
        )
