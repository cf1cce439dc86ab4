"""What the home page says of customers: today's calls and visits, follow-ups that are due (01 «What it feels like»)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select

from app.features.customers.choices import ContactKind
from app.features.customers.models import Contact, Customer
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking, counted, how_many
from app.kernel.how_far import how_far
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem, Stat
from app.kernel.screens.parts import Tag

SALES = Contact.audience.posts - {Post.AUDITOR}
FOLLOWING = SALES - {Post.CLERK}  # she registers, she does not call back


def _numbers(start: datetime) -> Select[Any]:
    """Calls, first visits and all visits of the day."""

    def of(*kinds: ContactKind) -> Any:
        return func.count(case((Contact.kind.in_(kinds), Contact.id)))

    first, again = ContactKind.FIRST_VISIT, ContactKind.REVISIT
    query = select(of(ContactKind.CALL), of(first), of(again))
    return query.where(Contact.at >= start, Contact.at < start + timedelta(days=1))


def today_numbers(actor: Actor) -> Asking[list[Stat]]:
    """来电 and 来访 of today beside yesterday's, within the person's rows."""
    if not actor.holds(SALES):
        return []
    start = datetime.combine(now().date(), time())
    (calls, first, again), before = yield [_numbers(start), _numbers(start - timedelta(days=1))]
    url, far = "/contact/list/", how_far(actor, Contact.audience)
    return [
        Stat(_("来电"), str(calls), _("组"), _("昨日 %(n)s", n=before[0]), url=url, reach=far),
        Stat(
            _("来访 首访/复访"), f"{first} / {again}", _("组"), _("昨日 %(n)s", n=before[1] + before[2]), url=url, reach=far,
        ),
    ]  # fmt: skip


def follow_reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Follow-ups due today and late, protections that end tomorrow; each line leads to the list that it counts."""
    if not actor.holds(FOLLOWING):
        return []
    today, ids = now().date(), select(Customer.id)
    (due,), (late,), (ending,) = yield [
        how_many(ids.where(Customer.follow_due_on == today)),
        how_many(ids.where(Customer.follow_due_on < today)),
        how_many(ids.where(Customer.protected_until == today + timedelta(days=1))),
    ]
    lines = (
        (late, _("%(n)s 位客户跟进逾期", n=counted(late)), "/follow-desk/?list=late", Tag(_("逾期"), "bad")),
        (
            ending,
            _("%(n)s 位客户明日掉保护期", n=counted(ending)),
            "/customer/list/?chip=tomorrow",
            Tag(_("将到期"), "warn"),
        ),
        (due, _("%(n)s 位客户今日应跟进", n=counted(due)), "/follow-desk/?list=today", None),
    )
    return [FeedItem(text, url, icon="users", tag=tag) for number, text, url, tag in lines if number]
