"""A paper with clocks is born: number, team, the moments by which something must be done, who hears of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.features.complaints.clocks import due_after
from app.features.complaints.people import settled, team_for
from app.features.organisation.calendars import clock_of
from app.features.organisation.models import CalendarName
from app.features.organisation.numbers import number_for
from app.features.organisation.parameters import parameter
from app.kernel.workflow import Act


def due(session: Session, project_id: int, key: str, start: datetime) -> datetime:
    """When the hours of a parameter are over, on the site's calendar."""
    clock = clock_of(session, project_id, CalendarName.SITE, start.date())
    return due_after(clock, start, int(parameter(session, project_id, key)))


def begin(session: Session, paper: Any, at: datetime) -> None:
    """Number, team and the clocks of the first reply; the paper is in the session already."""
    enrol(session, paper, at)
    paper.reply_due_at = due(session, paper.project_id, "complaint_reply_hours", at)
    paper.limit_due_at = due(session, paper.project_id, "complaint_limit_hours", at)
    paper.keep_clock()


def enrol(session: Session, paper: Any, at: datetime) -> None:
    """Number and team alone: an old ledger knows days, not hours, so that no clock can judge what it tells as over."""
    paper.number = paper.number or number_for(session, paper, at.date())
    paper.team_id = team_for(session, paper, at.date())


def keep_clock(act: Act) -> None:
    """Effect: the last one of every step, when all moments are set."""
    act.document.keep_clock()


def note_reply(act: Act) -> None:
    """Whatever is said to the person first stops the clock of the first reply."""
    act.document.replied_at = act.document.replied_at or act.at
    settled(act.session, act.document, act.at)
