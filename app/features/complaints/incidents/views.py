"""突发事件, 纠纷单: two lists of one shape."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.complaints.category import CATEGORY
from app.features.complaints.incidents.effects import register
from app.features.complaints.incidents.models import OPEN, Dispute, EventState, Incident
from app.features.complaints.people import EXPORTERS, ON_SITE, refuse_own
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.posts import AGENCY_POSTS
from app.kernel.screens.view import DocumentView


def open_events(model: Any) -> Any:
    """Not closed yet."""
    return lambda query, _actor: query.where(model.state.in_(OPEN))


def late_events(model: Any) -> Any:
    """Not taken up in time."""

    def narrowed(query: Select[Any], _actor: Actor) -> Select[Any]:
        return query.where(model.state == EventState.REPORTED, model.accept_due_at < now())

    return narrowed


class EventView(DocumentView):
    """What both views have in common."""

    category = CATEGORY
    creators = ON_SITE
    exporters = EXPORTERS
    filters = ("state", "level", "kind")
    search = ("number", "facts", "people")
    sortable = ("happened_at", "accept_due_at")
    deadlines: ClassVar = {"accept_due_at": lambda event: event.state is EventState.REPORTED}
    people: ClassVar = {"against_id": AGENCY_POSTS, "also_against_id": AGENCY_POSTS}
    takes_files = L("现场照片、文件")
    search_hint = L("编号、经过、涉及人员")

    def prepare(self, record: Any, actor: Actor) -> None:
        """It stays with whoever reported it."""
        record.owner_id = actor.person_id

    def check(self, record: Any, actor: Actor) -> None:
        """Not about oneself, not in the future."""
        refuse_own(record, actor.person_id)
        if record.happened_at > now():
            raise RuleError("发生时间不能晚于现在", field="happened_at")

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The clock begins."""
        if new:
            register(db.session(), record, now())


class IncidentView(EventView):
    """突发事件 (S3.9)."""

    model = Incident
    label = L("突发事件")
    icon = "warn"
    listed = ("number", "kind", "level", "place", "happened_at", "accept_due_at", "state", "owner_id")
    chips = (("open", L("未办结"), open_events(Incident)), ("late", L("逾期未受理"), late_events(Incident)))
    empty_hint = L("现场出了突发情况，先处置，再在这里登记。")
    form = ("kind", "level", "happened_at", "place", "facts", "people", "against_id", "customer_id")
    fact_groups = (
        (L("要点"), ("kind", "level", "happened_at", "place", "facts", "people", "against_id", "also_against_id", "customer", "owner_id", "accept_due_at")),
        (L("处理"), ("measures", "accepted_at", "proposal", "raised_at", "decision", "result", "lessons", "closed_at")),
    )  # fmt: skip


class DisputeView(EventView):
    """纠纷单 (S3.9)."""

    model = Dispute
    label = L("纠纷单")
    icon = "swap"
    listed = ("number", "kind", "level", "against_id", "happened_at", "accept_due_at", "state", "owner_id")
    chips = (("open", L("未办结"), open_events(Dispute)), ("late", L("逾期未受理"), late_events(Dispute)))
    empty_hint = L("顾问之间为客户归属、顾问与客户之间起了纠纷，在这里登记；当事的同事看不到。")
    form = ("kind", "level", "happened_at", "facts", "demand", "people", "against_id", "also_against_id", "customer_id")
    fact_groups = (
        (L("要点"), ("kind", "level", "happened_at", "facts", "demand", "people", "against_id", "also_against_id", "customer", "owner_id", "accept_due_at")),
        (L("处理"), ("measures", "accepted_at", "proposal", "raised_at", "decision", "result", "lessons", "closed_at")),
    )  # fmt: skip
