"""The standings of a month: of the person's own rows for whoever leads; of the whole site, but shown his own alone, for a consultant."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.complaints.cases.models import CaseState, Complaint
from app.features.organisation.parameters import parameter
from app.features.service.checks.models import ServiceCheck, SheetState
from app.features.service.league.rules import Standing, mean_of, ranked, whole_mean
from app.features.service.mystery.models import MysteryVisit
from app.features.service.ratings.models import PARTS, ServiceRating
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.months import borders

COUNTED = (SheetState.ISSUED, SheetState.CONFIRMED)


def standings(session: Session, project_id: int, month: str) -> list[Standing]:
    """By consultant, within the reader's rows; complaints are those that he may read."""
    since, until = borders(month)
    stars = _stars(session, project_id, since, until)
    checks = _scores(session, ServiceCheck, ServiceCheck.checked_on, project_id, since, until)
    visits = _scores(session, MysteryVisit, MysteryVisit.visited_on, project_id, since, until)
    blamed = _complaints(session, project_id, since, until)
    few = int(parameter(session, project_id, "rating_few"))
    people = set(stars) | set(checks) | set(visits)
    return ranked(
        (
            Standing(
                person, len(stars.get(person, [])), mean_of(stars.get(person, []), len(PARTS)), whole_mean(checks.get(person, [])),
                whole_mean(visits.get(person, [])), blamed.get(person, 0),
            )
            for person in people
        ),
        few,
    )  # fmt: skip


def latest_day(session: Session, project_id: int, before: date) -> date | None:
    """The day of the newest rating, check or mystery visit before a day, within the reader's rows."""
    ratings = select(func.max(ServiceRating.created_at)).where(
        ServiceRating.project_id == project_id, ServiceRating.created_at < before
    )
    rated = session.scalar(ratings)
    found = [rated.date()] if rated is not None else []
    for model, day in ((ServiceCheck, ServiceCheck.checked_on), (MysteryVisit, MysteryVisit.visited_on)):
        query = select(func.max(day)).where(model.project_id == project_id, model.state.in_(COUNTED), day < before)
        found += [newest for newest in [session.scalar(query)] if newest is not None]
    return max(found, default=None)


def own_standing(session: Session, project_id: int, month: str, person_id: int) -> tuple[list[Standing], int]:
    """His own line and how many are ranked; the others' figures stay unread by him, and complaints are not counted."""
    with acting_as(SYSTEM):
        found = standings(session, project_id, month)
    mine = [
        Standing(s.person_id, s.count, s.mean, s.check, s.mystery, 0, s.rank) for s in found if s.person_id == person_id
    ]
    return mine, sum(s.rank is not None for s in found)


def _stars(session: Session, project_id: int, since: datetime, until: datetime) -> dict[int, list[int]]:
    parts = [func.coalesce(getattr(ServiceRating, part), ServiceRating.overall) for part in PARTS]
    query = select(ServiceRating.owner_id, parts[0] + parts[1] + parts[2]).where(
        ServiceRating.project_id == project_id, ServiceRating.created_at >= since, ServiceRating.created_at < until,
        ServiceRating.owner_id.is_not(None),
    )  # fmt: skip
    return _lists(session, query)


def _scores(
    session: Session, model: Any, day: Any, project_id: int, since: datetime, until: datetime
) -> dict[int, list[int]]:
    query = select(model.owner_id, model.score).where(
        model.project_id == project_id, day >= since.date(), day < until.date(), model.state.in_(COUNTED),
        model.owner_id.is_not(None), model.score.is_not(None),
    )  # fmt: skip
    return _lists(session, query)


def _lists(session: Session, query: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for person, value in session.execute(query):
        found[person].append(value)
    return dict(found)


def _complaints(session: Session, project_id: int, since: datetime, until: datetime) -> dict[int, int]:
    query = select(Complaint.against_id, func.count(Complaint.id)).where(
        Complaint.project_id == project_id, Complaint.created_at >= since, Complaint.created_at < until,
        Complaint.state != CaseState.VOID, Complaint.against_id.is_not(None),
    )  # fmt: skip
    rows = session.execute(query.group_by(Complaint.against_id))
    return {person: count for person, count in rows if person is not None}
