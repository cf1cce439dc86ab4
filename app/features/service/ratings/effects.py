"""Passes for visits and places, and what follows when a visitor has rated."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.customers.choices import ContactKind
from app.features.customers.models import Contact
from app.features.organisation.models import team_of_person
from app.features.organisation.parameters import parameter
from app.features.service.ratings.models import DeskState, RatingDesk, ServiceRating
from app.features.service.ratings.rules import Given
from app.features.service.ratings.tokens import DESK, VISIT, Pass
from app.kernel.base import now
from app.kernel.notices import NoticeKind, notify_posts
from app.kernel.posts import Post
from app.kernel.workflow import Act


def pass_of_visit(session: Session, contact: Contact) -> Pass | None:
    """The pass of a visit while its hours run and nobody has rated it; a call has none."""
    hours = int(parameter(session, contact.project_id, "rating_visit_hours"))
    until = contact.at + timedelta(hours=hours)
    if contact.kind is ContactKind.CALL or until < now() or _rated(session, contact.id):
        return None
    return Pass(VISIT, contact.id, 0, until)


def pass_of_desk(desk: RatingDesk) -> Pass | None:
    """The pass of a place that is open and has a code that still holds."""
    if desk.state is not DeskState.OPEN or desk.expires_at is None or desk.expires_at < now():
        return None
    return Pass(DESK, desk.id, desk.generation, desk.expires_at)


def new_code(act: Act) -> None:
    """Another code for the place: the old one ends at once."""
    issue(act.session, act.document, act.at)


def issue(session: Session, desk: RatingDesk, at: datetime) -> None:
    """A code from now on, for the days of the parameter."""
    days = int(parameter(session, desk.project_id, "rating_desk_days"))
    desk.generation = (desk.generation or 0) + 1
    desk.issued_at, desk.expires_at = at, at + timedelta(days=days)


def _rated(session: Session, contact_id: int) -> bool:
    return session.scalar(select(ServiceRating.id).where(ServiceRating.contact_id == contact_id)) is not None


def place_of(session: Session, given: Pass) -> Any:
    """The visit or place that a pass opens now; None when it is rated, closed, renewed or full for today. Read as SYSTEM."""
    if given.kind == VISIT:
        contact = session.get(Contact, given.record_id)
        return contact if contact is not None and not _rated(session, contact.id) else None
    desk = session.get(RatingDesk, given.record_id)
    if desk is None or desk.state is not DeskState.OPEN or desk.generation != given.generation:
        return None
    today = datetime.combine(now().date(), time())
    query = select(func.count(ServiceRating.id)).where(
        ServiceRating.desk_id == desk.id, ServiceRating.created_at >= today
    )
    full = (session.scalar(query) or 0) >= int(parameter(session, desk.project_id, "rating_desk_daily"))
    return None if full else desk


def rate(session: Session, place: Any, given: Given) -> None:
    """Keep the rating; of a form that came twice the first counts. Low stars are told to the supervisor without the words."""
    if session.scalar(select(ServiceRating.id).where(ServiceRating.form_key == given.key)) is not None:
        return
    visit = isinstance(place, Contact)
    owner = place.receiver_id if visit else place.consultant_id
    team = team_of_person(session, owner, place.project_id, now().date()) if owner is not None else None
    rating = ServiceRating(
        project_id=place.project_id, owner_id=owner, team_id=team, words=given.words, form_key=given.key,
        contact_id=place.id if visit else None, desk_id=None if visit else place.id, **given.stars,
    )  # fmt: skip
    session.add(rating)
    session.flush()
    if given.low:
        notify_posts(
            session, [Post.SUPERVISOR], place.project_id, "收到一份低分接待评价，请了解情况", url=f"/service-rating/show/{rating.id}",
            team_id=team, kind=NoticeKind.DUE, outside="收到一份低分接待评价",
        )  # fmt: skip
