"""用印登记: what was sealed, by whom, and which seal is still out."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select

from app.features.archive.category import CATEGORY
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.seals.models import DESK, READERS, SealState, SealUse
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.screens.display import lookup_names
from app.kernel.screens.parts import Html
from app.kernel.screens.view import DocumentView


def _out(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(SealUse.state == SealState.USED)


def late_seals(query: Select[Any], actor: Actor) -> Select[Any]:
    return _out(query, actor).where(SealUse.due_on < now().date())


class SealUseView(DocumentView):
    """用印登记 (02 §2.2.2, 07)."""

    model = SealUse
    label = L("用印登记")
    category = CATEGORY
    icon = "mark"
    readers = READERS
    creators = DESK
    exporters = EXPORTERS & READERS
    takes_files = L("要盖章的文件")
    form = ("seal", "subject", "folder_id", "copies", "wanted_on", "user", "reason")
    listed = ("number", "seal", "subject", "copies", "user", "wanted_on", "used_on", "due_on", "returned_on", "state")
    filters = ("seal", "state")
    search = ("number", "subject", "user", "reason")
    sortable = ("wanted_on",)
    deadlines: ClassVar = {"due_on": lambda use: use.state is SealState.USED}
    search_hint = L("用印号、文件、用印人")
    chips = (("out", L("未归还"), _out), ("late", L("逾期未归还"), late_seals))
    fact_groups = (
        (L("要点"), ("number", "seal", "subject", "folder", "copies", "wanted_on", "user", "reason", "created_by")),
        (L("用印"), ("used_on", "used_copies", "witness", "due_on", "returned_on")),
    )

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """Mostly one uses it himself."""
        return {"user": lookup_names("person", {actor.person_id}).get(actor.person_id, ""), **given}

    def check(self, record: Any, actor: Actor) -> None:
        """At least one copy."""
        if not 1 <= record.copies <= 1000:
            raise RuleError("份数应在 1 和 {n} 之间", field="copies", n=1000)

    def note(self, record: Any, actor: Actor) -> Html:
        """A seal that is late."""
        late = (now().date() - record.due_on).days if record.state is SealState.USED and record.due_on else 0
        return _("印章已逾期 %(n)s 天未归还。", n=late) if late > 0 else ""
