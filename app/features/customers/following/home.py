"""The consultant's list of the day on the home page: who is due, late first, whom he has an appointment with."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import exists, select

from app.extensions import db
from app.features.customers.models import Contact, Customer, FollowUp
from app.features.customers.rules import overdue_days
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import Card, Cell, Column, Link, Row, Table

SHOWN = 6


def today_card(actor: Actor) -> Card | None:
    """His own customers that are due, in one statement; None for everybody who does not sell himself, and on a quiet day."""
    if not actor.holds({Post.CONSULTANT}):
        return None
    today = now().date()
    agreed = exists().where(FollowUp.customer_id == Customer.id, FollowUp.next_on == today) | exists().where(
        Contact.customer_id == Customer.id, Contact.next_follow_on == today
    )
    query = (
        select(Customer.id, Customer.name, Customer.grade, Customer.follow_due_on, agreed)
        .where(Customer.owner_id == actor.person_id, Customer.follow_due_on <= today)
        .order_by(Customer.follow_due_on, Customer.id)
        .limit(SHOWN)
    )
    rows = []
    for pk, name, grade, due, appointed in db.session.execute(query):
        late = overdue_days(due, today)
        when = _("逾期 %(n)s 天", n=late) if late else _("今日有约") if appointed else _("今日应跟进")
        rows.append(Row(str(pk), f"/customer/show/{pk}", name, (Cell(name), Cell(tag_html(grade)), Cell(when))))
    if not rows:
        return None
    columns = (
        Column("name", _("客户"), phone="hd"),
        Column("grade", _("等级"), phone="badge"),
        Column("due", _("到期")),
    )
    return Card(
        _("今天要联系的客户"), "table", table=Table(columns, tuple(rows)), more=Link(_("去跟进"), "/follow-desk/")
    )
