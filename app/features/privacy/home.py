"""What the home page says: requests whose answer is due, leaks whose clock runs, lists to confirm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.features.privacy.breaches.models import HEADS, Breach
from app.features.privacy.breaches.views import RUNNING
from app.features.privacy.purge.models import CONFIRMERS, PurgeRun, PurgeState
from app.features.privacy.requests.models import HANDLERS, PersonRequest
from app.features.privacy.requests.views import OPEN
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking, counted, how_many
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Tag

SOON = timedelta(days=3)
Line = tuple[frozenset[Post], Select[Any], str, str]


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Each line leads to the list that it counts."""
    lines = [line for line in _lines() if actor.holds(line[0])]
    rows = yield [how_many(query) for _posts, query, _text, _url in lines]
    late = Tag(_("逾期"), "bad")
    return [
        FeedItem(_(text, n=counted(number)), url, icon="user", tag=late if "late" in url else None)
        for (number,), (_posts, _query, text, url) in zip(rows, lines, strict=True)
        if number
    ]


def _lines() -> tuple[Line, ...]:
    today = now().date()
    asked = select(PersonRequest.id).where(PersonRequest.state.in_(OPEN))
    return (
        (HANDLERS, asked.where(PersonRequest.due_on < today), "%(n)s 件个人信息请求逾期未答复", "/person-request/list/?chip=late"),
        (HANDLERS, asked.where(PersonRequest.due_on.between(today, today + SOON)), "%(n)s 件个人信息请求 3 天内到期",
         "/person-request/list/?chip=open"),
        (HEADS, select(Breach.id).where(Breach.state.in_(RUNNING)), "%(n)s 起泄露事件待上报", "/privacy-breach/list/"),
        (CONFIRMERS, select(PurgeRun.id).where(PurgeRun.state == PurgeState.LISTED), "%(n)s 份清理名单待确认", "/purge-run/list/"),
    )  # fmt: skip
