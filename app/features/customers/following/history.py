"""/customer-timeline: everything that happened with one customer on one page — calls, talks, papers, money — within the reader's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.features.customers.models import Contact, Customer, FollowUp
from app.features.customers.quotes.models import Quote
from app.kernel.actors import Actor
from app.kernel.entrance import me
from app.kernel.screens.display import moment
from app.kernel.screens.parts import Card, Crumb, Link, Tag, TimelineItem
from app.kernel.screens.view import view_of
from app.kernel.timeline import MOST, Happening, Loader, happenings, kinds_of, people, steps_of
from app.kernel.words import several
from app.kernel.workflow import StateChange

TOLD_BY_ROWS = ("note_contact", "note_follow_up", "follow")  # their rows say more than the step
CUT = 300  # lines of the page


class CustomerTimelineView(BaseView):
    """The page of the line; the tab on the customer's page fetches the same lines."""

    route_base = "/customer-timeline"
    default_view = "page"
    posts: ClassVar = {"page": Customer.audience.posts}

    @expose("/<int:pk>")
    @has_access
    @permission_name("page")
    def page(self, pk: int) -> Any:
        """?kind=认购 narrows it."""
        screen: Any = view_of(Customer)
        customer, actor = screen.find(pk), me()
        kind = request.args.get("kind", "")
        found = happenings(db.session(), customer, actor, kind if kind in kinds_of(Customer) else "")
        here = f"/customer-timeline/{pk}"
        lines = tuple(_line(one) for one in found[:CUT])
        note = _("只列最近 %(n)s 条，更早的请看各单据", n=CUT) if len(found) > CUT else ""
        card = Card(_("全程记录"), "timeline", timeline=lines, note=note)
        if request.headers.get("X-Requested-With") == "fetch":
            return render_template("doc/pane.html", card=card)
        chips = [Link(_("全部"), here, tone="primary" if not kind else "default")]
        chips += [
            Link(_(one), f"{here}?kind={one}", tone="primary" if one == kind else "default")
            for one in kinds_of(Customer)
        ]
        crumbs = (Crumb(several("客户")), Crumb(customer.name, screen.show_url(pk)), Crumb(_("全程记录")))
        return render_template(
            "customers/timeline.html", title=_("%(who)s 全程记录", who=customer.name), crumbs=crumbs, chips=chips, card=card,
            total=len(found),
        )  # fmt: skip


def _line(one: Happening) -> TimelineItem:
    link = Link(_("查看"), one.url) if one.url else None
    return TimelineItem(
        one.title,
        "info",
        who=one.who,
        when=moment(one.at),
        opinion=one.text,
        tags=(Tag(_(one.kind), "mute"),),
        link=link,
    )


def contacts(session: Session, customer: Any, _actor: Actor) -> Sequence[Happening]:
    """Calls and visits with what was asked for and doubted."""
    rows = session.scalars(
        select(Contact).where(Contact.customer_id == customer.id).order_by(Contact.at.desc()).limit(MOST)
    ).all()
    names = people({row.receiver_id for row in rows})
    return [
        Happening(
            row.at, f"{row.kind.label}（{row.source.label}）{row.outcome.label if row.outcome else ''}", names.get(row.receiver_id, ""),
            "；".join(part for part in (row.needs, row.liked, row.doubts) if part), f"/contact/show/{row.id}",
        )
        for row in rows
    ]  # fmt: skip


def follow_ups(session: Session, customer: Any, _actor: Actor) -> Sequence[Happening]:
    """Talks and attempts in vain; a changed grade is said."""
    rows = session.scalars(
        select(FollowUp).where(FollowUp.customer_id == customer.id).order_by(FollowUp.at.desc()).limit(MOST)
    ).all()
    names = people({row.by_id for row in rows})
    return [
        Happening(row.at, _talk(row), names.get(row.by_id, ""), row.content, f"/follow-up/show/{row.id}")
        for row in rows
    ]


def _talk(row: FollowUp) -> str:
    moved = f"　{row.grade_before.label} → {row.grade_after.label}" if row.grade_before is not row.grade_after else ""
    return f"{row.method.label}跟进：{row.result.label}{moved}"


def standing(session: Session, customer: Any, _actor: Actor) -> Sequence[Happening]:
    """Whose he was, how far he came: the steps of his own page that leave no row elsewhere."""
    query = select(StateChange).where(
        StateChange.subject == Customer.__tablename__, StateChange.subject_id == customer.id,
        StateChange.step.not_in(TOLD_BY_ROWS),
    )  # fmt: skip
    changes = session.scalars(query.order_by(StateChange.at.desc()).limit(MOST))
    return [Happening(c.at, c.label, c.person_name, c.note or c.paper) for c in changes]


ROOM: tuple[tuple[str, Loader], ...] = (
    ("来电来访", contacts), ("跟进", follow_ups), ("状态与归属", standing),
    ("置业计划", steps_of(Quote, lambda page: Quote.customer_id == page.id)),
)  # fmt: skip
