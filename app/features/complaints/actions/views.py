"""整改单: who does what until when, and whether it was checked."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.extensions import db
from app.features.complaints.actions.effects import check_action, register
from app.features.complaints.actions.models import ActionState, CorrectiveAction
from app.features.complaints.category import CATEGORY
from app.features.complaints.people import EXPORTERS, HANDLERS, ON_SITE
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.screens.view import DocumentView


def open_actions(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Not checked yet."""
    return query.where(CorrectiveAction.state.in_((ActionState.OPEN, ActionState.DONE)))


def late_actions(query: Select[Any], _actor: Actor) -> Select[Any]:
    """Not done by its day."""
    return query.where(CorrectiveAction.state == ActionState.OPEN, CorrectiveAction.due_on < now().date())


class CorrectiveActionView(DocumentView):
    """整改单."""

    model = CorrectiveAction
    label = L("整改单")
    category = CATEGORY
    icon = "check"
    creators = HANDLERS
    exporters = EXPORTERS
    listed = ("number", "month", "kind", "problem", "measure", "responsible_id", "due_on", "done_on", "state")
    filters = ("state", "kind", "month")
    search = ("number", "problem", "measure")
    sortable = ("due_on",)
    chips = (("open", L("未完成"), open_actions), ("late", L("逾期"), late_actions))
    deadlines: ClassVar = {"due_on": lambda action: action.state is ActionState.OPEN}
    people: ClassVar = {"responsible_id": ON_SITE}
    search_hint = L("编号、问题、措施")
    empty_hint = L("每月投诉分析后，把要纠正和预防的事写成整改单，落实到人。")
    form = ("month", "kind", "problem", "cause", "measure", "responsible_id", "due_on", "complaint_id")
    fact_groups = (
        (L("要点"), ("month", "kind", "problem", "cause", "measure", "responsible_id", "due_on", "complaint")),
        (L("完成与检查"), ("outcome", "done_on", "conclusion", "checked_on", "returns")),
    )  # fmt: skip

    def check(self, record: Any, actor: Actor) -> None:
        """The owner may know of the complaint that it comes from."""
        check_action(db.session(), record, now())

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The owner hears of it."""
        if new:
            register(db.session(), record, now())
