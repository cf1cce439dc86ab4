"""How is a 销控指令 shown?"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.features.units.homes_table import homes_table
from app.features.units.instructions.effects import AUTHORS
from app.features.units.models import ControlLine, ControlOrder, Unit
from app.features.units.views import CATEGORY
from app.kernel.actors import Actor
from app.kernel.screens.parts import Table
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
    decided_with = ("units",)
    chips = (unsigned_chip(ControlOrder),)


def units_of_order(order: Any, actor: Actor) -> Table:
    """The units that the order touches, in the order of the board."""
    query = (
        select(ControlLine)
        .join(ControlLine.unit)
        .where(ControlLine.order_id == order.id)
        .options(contains_eager(ControlLine.unit).joinedload(Unit.permit))
        .order_by(Unit.building_id, Unit.section, Unit.floor.desc(), Unit.room)
    )
    homes = [line.unit for line in db.session.scalars(query)]
    return homes_table(homes, actor, order.project_id, empty=_("还没有房源，点「选入房源」加入"))
