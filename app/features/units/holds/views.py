"""How is a 保留单 shown?"""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.units.holds.states import HOLDERS
from app.features.units.models import Hold, Unit, UnitState
from app.features.units.views import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.screens.parts import Link
from app.kernel.screens.view import DocumentView, view_of


class HoldView(DocumentView):
    """保留单."""

    model = Hold
    label = L("保留单")
    category = CATEGORY
    icon = "bookmark"
    creators = HOLDERS
    exporters = EXPORTERS
    listed = ("number", "unit", "held_for", "hours", "until", "reason", "created_by", "state")
    filters = ("state",)
    search = ("number", "unit.full_name", "held_for")
    pick_filters: ClassVar = {
        "unit_id": lambda query: query.where(Unit.state == UnitState.FREE, Unit.stopped.is_(False))
    }

    def check(self, record: Any, actor: Actor) -> None:
        """A hold is counted in whole hours from one upward."""
        if record.hours < 1:
            raise RuleError("保留时长至少 1 小时", field="hours")


def hold_act(unit: Unit, actor: Actor) -> list[Link]:
    """«保留» in the board's drawer."""
    view = view_of(Hold)
    if view is None or unit.state is not UnitState.FREE or unit.stopped or not actor.holds(HOLDERS, unit.project_id):
        return []
    return [Link(_("保留"), view.add_url(unit_id=unit.id), icon="mark")]
