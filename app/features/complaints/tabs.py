"""What other pages show of complaints: tabs, the card with the clocks, reminders of the home page."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.extensions import db
from app.features.complaints.actions.models import CorrectiveAction
from app.features.complaints.actions.views import late_actions, open_actions
from app.features.complaints.cases.models import Complaint
from app.features.complaints.cases.views import late_cases, open_cases
from app.features.complaints.clocks import Clock
from app.features.complaints.incidents.models import Dispute, Incident
from app.features.complaints.incidents.views import late_events
from app.features.complaints.internal.models import InternalComplaint
from app.features.complaints.internal.views import late_internal, open_internal
from app.features.complaints.people import HANDLERS
from app.features.complaints.suggestions.models import Suggestion
from app.features.complaints.suggestions.views import late_suggestions
from app.features.deals.aftercare_tabs import on_page
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking
from app.kernel.posts import Post
from app.kernel.screens.display import moment
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Card, Fact, Table, Tag
from app.kernel.screens.related import table_of
from app.kernel.screens.trail import minutes_text

COLUMNS = ("number", "about", "level", "next_due_at", "state", "satisfaction", "created_at")
DECIDERS = frozenset({Post.SUPERVISOR, Post.PROJECT_MANAGER})  # of internal complaints
DESK = HANDLERS | {Post.CONSULTANT, Post.CLERK, Post.DEVELOPER_SERVICE}


def complaints_of(page: Any, actor: Actor) -> Table:
    """A tab with the complaints of the page's customer, flat or order, within the reader's rows."""
    query = select(Complaint).where(on_page(Complaint, page)).order_by(Complaint.id.desc()).limit(50)
    return table_of(Complaint, COLUMNS, db.session.scalars(query).all(), actor)


def clocks_card(paper: Any, _actor: Actor) -> Card | None:
    """Every clock of the paper: its end, when it was kept, how much is left."""
    facts = tuple(Fact(_(clock.label), _told(clock)) for clock in paper.clocks() if clock.due is not None)
    return Card(_("时限"), "facts", facts=facts) if facts else None


def _told(clock: Clock) -> str:
    if clock.due is None:
        return ""
    until = moment(clock.due)
    if clock.done is not None:
        words = _("超时完成") if clock.late(clock.done) else _("按时完成")
        return _("%(words)s（期限 %(t)s）", words=words, t=until)
    minutes = int((clock.due - now()).total_seconds() // 60)
    left = _("剩 %(t)s", t=minutes_text(minutes)) if minutes >= 0 else _("超时 %(t)s", t=minutes_text(-minutes))
    return f"{until}　{left}"


Line = tuple[Any, str, str]  # the statement that counts, its words, where it leads


def _of_customers(actor: Actor) -> list[Line]:
    cases = select(func.count(Complaint.id))
    running = open_cases(cases, actor).where(Complaint.next_due_at >= now())
    return [
        (late_cases(cases, actor), "%(n)s 件客户投诉已超时", "/complaint/list/?chip=late"),
        (running, "%(n)s 件客户投诉在办", "/complaint/list/?chip=open"),
    ]


def _of_staff(actor: Actor) -> list[Line]:
    cases = select(func.count(InternalComplaint.id))
    running = open_internal(cases, actor).where(InternalComplaint.next_due_at >= now())
    return [
        (late_internal(cases, actor), "%(n)s 件内部投诉已超时", "/internal-complaint/list/?chip=late"),
        (running, "%(n)s 件内部投诉在办", "/internal-complaint/list/?chip=open"),
    ]


def _of_the_site(actor: Actor) -> list[Line]:
    incidents, disputes = select(func.count(Incident.id)), select(func.count(Dispute.id))
    return [
        (
            late_suggestions(select(func.count(Suggestion.id)), actor),
            "%(n)s 份建议单逾期未上报",
            "/suggestion/list/?chip=late",
        ),
        (late_events(Incident)(incidents, actor), "%(n)s 份突发事件逾期未受理", "/incident/list/?chip=late"),
        (late_events(Dispute)(disputes, actor), "%(n)s 份纠纷逾期未受理", "/dispute/list/?chip=late"),
    ]


def _to_mend(actor: Actor) -> list[Line]:
    actions = select(func.count(CorrectiveAction.id)).where(CorrectiveAction.responsible_id == actor.person_id)
    return [
        (late_actions(actions, actor), "%(n)s 份整改单逾期未完成", "/corrective-action/list/?chip=late"),
        (open_actions(actions, actor), "%(n)s 份整改单由我完成", "/corrective-action/list/?chip=open"),
    ]


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """What runs over, what is open, what is mine to mend — within the reader's rows."""
    parts = (
        (DESK, _of_customers), (DECIDERS, _of_staff), (HANDLERS, _of_the_site), (CorrectiveAction.audience.posts, _to_mend),
    )  # fmt: skip
    lines = [line for posts, part in parts if actor.holds(posts) for line in part(actor)]
    rows = yield [query for query, _text, _url in lines]
    late = Tag(_("超时"), "bad")
    return [
        FeedItem(_(text, n=n), url, icon="chat", tag=late if "late" in url else None)
        for (n,), (_query, text, url) in zip(rows, lines, strict=True)
        if n
    ]
