"""难单协助单: who waits for help now, who came in time, what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.analysis.effects import follow_customer
from app.features.customers.assists.effects import begin, is_late
from app.features.customers.assists.models import AssistRequest, AssistState
from app.features.customers.effects.following import WINNING
from app.features.customers.models import Customer
from app.features.customers.views.documents import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.gathering import Asking, how_many
from app.kernel.posts import Post
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Html, Table, Tag
from app.kernel.screens.related import table_of
from app.kernel.screens.view import DocumentView

WRITERS = frozenset({Post.CONSULTANT, Post.SUPERVISOR})
HELPERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER})
READERS = AssistRequest.audience.posts - {Post.CLERK, Post.CHANNEL_OFFICER}
OPEN = (AssistState.ASKED, AssistState.JOINED)


def _open(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(AssistRequest.state.in_(OPEN))


def _late(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(AssistRequest.state == AssistState.ASKED, AssistRequest.due_at < now())


class AssistRequestView(DocumentView):
    """难单协助单 (S3.12)."""

    model = AssistRequest
    label = L("难单协助单")
    category = CATEGORY
    icon = "users"
    readers = READERS
    creators = WRITERS
    editors = frozenset()
    exporters = EXPORTERS - {Post.CLERK}
    files = False
    listed = (
        "number",
        "customer",
        "difficulty",
        "place",
        "asked_at",
        "due_at",
        "helper_id",
        "waited_minutes",
        "outcome",
        "owner_id",
        "state",
    )
    filters = ("state", "difficulty", "outcome", "owner_id")
    search = ("number", "customer.name", "question")
    search_hint = L("编号、客户姓名、情况")
    sortable = ("asked_at",)
    chips = (("open", L("进行中"), _open), ("late", L("逾时未到场"), _late))
    empty_hint = L("客户卡在某一点、自己谈不下来时，请主管到场")
    form = ("customer_id", "unit_id", "difficulty", "place", "question")
    pick_filters: ClassVar[dict[str, Any]] = {"customer_id": lambda query: query.where(Customer.state.in_(WINNING))}
    fact_groups = (
        (L("要点"), ("number", "customer", "unit", "difficulty", "place", "question", "owner_id", "asked_at", "due_at")),
        (L("协助"), ("helper_id", "joined_at", "waited_minutes", "escalated_at", "outcome", "result", "closed_at")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """Of a customer of one's own scope who may still buy."""
        follow_customer(db.session(), record)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The clock runs from here."""
        if new:
            begin(db.session(), record)

    def note(self, record: Any, actor: Actor) -> Html:
        """How long there is left."""
        if record.state is not AssistState.ASKED or record.due_at is None:
            return ""
        until = f"{record.due_at:%H:%M}"
        if is_late(record, now()):
            return _("应在 %(t)s 前到场，已逾时；案场经理会收到提醒。", t=until)
        return _("请主管在 %(t)s 前到场。", t=until)


def assists_of(customer: Any, actor: Actor) -> Table | None:
    """The requests of a customer, newest first."""
    if not actor.holds(READERS, customer.project_id):
        return None
    query = select(AssistRequest).where(AssistRequest.customer_id == customer.id).order_by(AssistRequest.id.desc())
    names = ("number", "difficulty", "asked_at", "helper_id", "waited_minutes", "outcome", "state")
    return table_of(AssistRequest, names, db.session.scalars(query.limit(20)).all(), actor)


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Who waits for help now, for those who can come."""
    if not actor.holds(HELPERS):
        return []
    ids = select(AssistRequest.id)
    (waiting,), (late,) = yield [
        how_many(ids.where(AssistRequest.state == AssistState.ASKED)), how_many(_late(ids, actor)),
    ]  # fmt: skip
    if not waiting:
        return []
    tag = Tag(_("逾时"), "bad") if late else None
    return [
        FeedItem(_("%(n)s 张难单协助单等主管到场", n=waiting), "/assist-request/list/?chip=open", icon="users", tag=tag)
    ]


def register(appbuilder: Any) -> None:
    """Screens, the tab of the customer, his line, the home page."""
    from app.kernel import registries
    from app.kernel.screens.view import add_document
    from app.kernel.timeline import add_timeline, steps_of

    add_document(appbuilder, AssistRequestView)
    registries.add_tab(Customer, "assists", "难单协助", assists_of, READERS)
    registries.add_reminder(reminders)
    add_timeline(Customer, "难单协助", steps_of(
        AssistRequest, lambda page: AssistRequest.customer_id == page.id, lambda paper: paper.question
    ))  # fmt: skip
