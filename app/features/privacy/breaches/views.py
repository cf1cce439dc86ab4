"""泄露事件: the register, for the heads of the agency and the auditor."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.extensions import db
from app.features.privacy.breaches.effects import begin, tell
from app.features.privacy.breaches.models import HEADS, MAKERS, READERS, Breach, BreachState
from app.features.privacy.breaches.rules import hours_left
from app.features.privacy.category import CATEGORY
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.screens.view import DocumentView

RUNNING = (BreachState.REGISTERED, BreachState.CONTAINED)


class BreachView(DocumentView):
    """泄露事件登记 (02 §2.5.11)."""

    model = Breach
    label = L("泄露事件")
    category = CATEGORY
    icon = "bell"
    readers = READERS
    creators = MAKERS
    exporters = HEADS
    form = ("kind", "found_at", "happened_at", "what", "data_kinds", "persons", "harm")
    listed = ("number", "kind", "found_at", "persons", "harm", "due_at", "reported_at", "state")
    filters = ("kind", "harm", "state")
    search = ("number", "what")
    sortable = ("found_at",)
    search_hint = L("编号、经过")
    facts = (
        "number", "kind", "found_at", "happened_at", "persons", "harm", "due_at", "what", "data_kinds", "measures", "contained_at",
        "authority", "told_persons", "reported_at", "cause", "created_by",
    )  # fmt: skip

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """Most are written down when they are found."""
        return {"found_at": now(), **given}

    def check(self, record: Any, actor: Actor) -> None:
        begin(db.session(), record)

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        if new:
            tell(db.session(), record)

    def note(self, record: Any, actor: Actor) -> str:
        """How much of the time is left."""
        left = hours_left(record.due_at, now()) if record.state in RUNNING else None
        if left is None:
            return ""
        if left < 0:
            return _("上报期限已过 %(n)s 小时，请立即报告并写明原因。", n=-left)
        return _("距上报期限还有 %(n)s 小时。", n=left)
