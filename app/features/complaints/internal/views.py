"""内部投诉: everybody of the agency writes one and sees his own; who decides sees those that he decides."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.complaints.category import CATEGORY
from app.features.complaints.internal.effects import register
from app.features.complaints.internal.models import DECIDERS, OPEN, InternalComplaint, InternalState
from app.features.complaints.people import refuse_own
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.posts import AGENCY_POSTS
from app.kernel.screens.parts import Html
from app.kernel.screens.view import DocumentView


def open_internal(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Not closed yet."""
    return query.where(InternalComplaint.state.in_(OPEN))


def late_internal(query: Select[Any], actor: Actor) -> Select[Any]:
    """A clock of it ran over."""
    return open_internal(query, actor).where(InternalComplaint.next_due_at < now())


class InternalComplaintView(DocumentView):
    """内部投诉 (S1.5.2)."""

    model = InternalComplaint
    label = L("内部投诉")
    category = CATEGORY
    icon = "shield"
    creators = AGENCY_POSTS
    exporters = DECIDERS
    listed = (
        "number",
        "about",
        "level",
        "against_id",
        "next_due_at",
        "state",
        "owner_id",
        "satisfaction",
        "created_at",
    )
    filters = ("state", "about", "level")
    search = ("number", "facts", "demand")
    sortable = ("next_due_at", "created_at")
    chips = (("open", L("未关闭"), open_internal), ("late", L("已超时"), late_internal))
    deadlines: ClassVar = {"next_due_at": lambda case: case.state in OPEN}
    search_hint = L("编号、事实、诉求")
    empty_hint = L("对同事或上级的投诉写在这里：只有你和办理人看得到，被投诉的人看不到。")
    people: ClassVar = {"against_id": AGENCY_POSTS, "also_against_id": AGENCY_POSTS}
    needed = ("against_id",)
    takes_files = L("证据（照片、文件）")
    form = ("about", "against_id", "also_against_id", "facts", "demand")
    fact_groups = (
        (L("要点"), ("about", "level", "against_id", "also_against_id", "facts", "demand", "owner_id", "created_at")),
        (L("处理"), ("reply", "replied_at", "proposal", "raised_at", "answer", "answered_at", "satisfaction", "closed_at", "reopened")),
    )  # fmt: skip

    def prepare(self, record: Any, actor: Actor) -> None:
        """It is his own."""
        record.owner_id = actor.person_id

    def check(self, record: Any, actor: Actor) -> None:
        """Of somebody else; what was handed in is not changed by anybody but its writer."""
        refuse_own(record, actor.person_id)
        if record.id is not None and record.owner_id != actor.person_id:
            raise RuleError("投诉内容只能由投诉人修改")

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The clocks begin with the registration."""
        if new:
            register(db.session(), record, actor, now())

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """His own, until somebody took it up."""
        mine = record.owner_id == actor.person_id
        return mine and record.state is InternalState.REGISTERED and super().may_edit(record, actor)

    def note(self, record: Any, actor: Actor) -> Html:
        """Who reads this."""
        if record.owner_id == actor.person_id and record.state in OPEN:
            return _("只有你和办理人看得到这份投诉，被投诉的人看不到。")
        return ""
