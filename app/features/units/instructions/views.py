"""How is a 销控指令 shown?"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.units.instructions.effects import AUTHORS
from app.features.units.models import ControlOrder
from app.features.units.views import CATEGORY
from app.kernel.actors import Actor
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.readers import unsigned_chip
from app.kernel.screens.view import DocumentView


class ControlOrderView(DocumentView):
    """销控指令."""

    model = ControlOrder
    label = L("销控指令")
    category = CATEGORY
    icon = "flag"
    creators = AUTHORS
    listed = ("number", "kind", "content", "issued_at", "created_by", "state")
    filters = ("kind", "state")
    search = ("number", "content")
    chips = (unsigned_chip(ControlOrder),)


def units_of_order(order: Any, actor: Actor) -> Table:
    """The units that the order touches."""
    rows = tuple(Row(str(line.unit_id), "", line.unit.full_name, (Cell(line.unit.full_name),)) for line in order.lines)
    return Table((Column("name", _("房源")),), rows, empty=_("还没有房源，点「选入房源」加入"))
