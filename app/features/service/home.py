"""What the home page says of service: low ratings of the week, sheets to confirm, codes that run out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.features.service.checks.models import ServiceCheck, SheetState
from app.features.service.mystery.models import MysteryVisit
from app.features.service.people import CHECKERS, SERVING
from app.features.service.ratings.models import DeskState, RatingDesk, ServiceRating
from app.features.service.ratings.views import low_ratings
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking
from app.kernel.screens.home_page import FeedItem

WEEK, SOON = timedelta(days=7), timedelta(days=3)
Line = tuple[Any, str, str]


def _of_checkers(actor: Actor) -> list[Line]:
    low = low_ratings(select(func.count(ServiceRating.id)), actor).where(ServiceRating.created_at >= now() - WEEK)
    ending = select(func.count(RatingDesk.id)).where(
        RatingDesk.state == DeskState.OPEN, RatingDesk.expires_at < now() + SOON
    )
    return [
        (low, "近 7 天 %(n)s 份低分评价", "/service-rating/list/?chip=low"),
        (ending, "%(n)s 个评价点的二维码快到期或已到期", "/rating-desk/list/"),
    ]


def _of_consultants(actor: Actor) -> list[Line]:
    def waiting(model: Any) -> Any:
        return select(func.count(model.id)).where(model.state == SheetState.ISSUED, model.person_id == actor.person_id)

    return [
        (waiting(ServiceCheck), "%(n)s 份服务检查表待我确认", "/service-check/list/?state=issued"),
        (waiting(MysteryVisit), "%(n)s 份神秘客报告待我确认", "/mystery-visit/list/?state=issued"),
    ]


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Within the reader's rows."""
    parts = ((CHECKERS, _of_checkers), (SERVING, _of_consultants))
    lines = [line for posts, part in parts if actor.holds(posts) for line in part(actor)]
    rows = yield [query for query, _text, _url in lines]
    return [
        FeedItem(_(text, n=n), url, icon="chat") for (n,), (_query, text, url) in zip(rows, lines, strict=True) if n
    ]
