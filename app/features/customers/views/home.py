"""What the home page says of customers: today's calls and visits, follow-ups that are due (01 «What it feels like»)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.extensions import db
from app.features.customers.choices import ContactKind
from app.features.customers.models import Contact, Customer
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem, Stat

SALES = Contact.audience.posts - {Post.AUDITOR}
FOLLOWING = SALES - {Post.CLERK}  # she registers, she does not call back


def _counts(start: datetime) -> dict[ContactKind, int]:
    query = (
        select(Contact.kind, func.count(Contact.id))
        .where(Contact.at >= start, Contact.at < start + timedelta(days=1))
        .group_by(Contact.kind)
    )
    return dict(db.session.execute(query).all())


def today_numbers(actor: Actor) -> list[Stat]:
    """来电 and 来访 of today beside yesterday's, within the person's rows."""
    if not actor.holds(SALES):
        return []
    start = datetime.combine(now().date(), time())
    today, before = _counts(start), _counts(start - timedelta(days=1))
    visits = [sum(c.get(k, 0) for k in (ContactKind.FIRST_VISIT, ContactKind.REVISIT)) for c in (today, before)]
    calls = [c.get(ContactKind.CALL, 0) for c in (today, before)]
    url = "/contact/list/"
    return [
        Stat(_("来电"), str(calls[0]), _("组"), _("昨日 %(n)s", n=calls[1]), url=url),
        Stat(
            _("来访（首访 / 复访）"), f"{today.get(ContactKind.FIRST_VISIT, 0)} / {today.get(ContactKind.REVISIT, 0)}", _("组"),
            _("昨日 %(n)s", n=visits[1]), url=url,
        ),
    ]  # fmt: skip


def follow_reminders(actor: Actor) -> list[FeedItem]:
    """Follow-ups due today and late, protections that end tomorrow; each line leads to the list that it counts."""
    if not actor.holds(FOLLOWING):
        return []
    today = now().date()
    due = db.session.scalar(select(func.count(Customer.id)).where(Customer.follow_due_on == today)) or 0
    late = db.session.scalar(select(func.count(Customer.id)).where(Customer.follow_due_on < today)) or 0
    ending = (
        db.session.scalar(select(func.count(Customer.id)).where(Customer.protected_until == today + timedelta(days=1)))
        or 0
    )
    lines = (
        (late, _("%(n)s 位客户跟进逾期", n=late), "late"),
        (due, _("%(n)s 位客户今日应跟进", n=due), "today"),
        (ending, _("%(n)s 位客户明日掉保护期", n=ending), "tomorrow"),
    )
    return [FeedItem(text, f"/customer/list/?chip={chip}", icon="users") for number, text, chip in lines if number]
