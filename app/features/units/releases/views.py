"""How is a 推盘批次 shown?"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.features.units.homes_table import homes_table
from app.features.units.models import ReleaseBatch, ReleaseLine, Unit
from app.features.units.releases.states import PREPARERS
from app.features.units.views import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.screens.parts import Table
from app.kernel.screens.view import DocumentView


class ReleaseView(DocumentView):
    """推盘批次."""

    model = ReleaseBatch
    label = L("推盘批次")
    category = CATEGORY
    icon = "bullhorn"
    creators = PREPARERS
    exporters = EXPORTERS
    listed = ("number", "name", "planned_on", "released_on", "created_by", "state")
    filters = ("state",)
    search = ("number", "name")
    decided_with = ("units",)


def units_of_batch(batch: Any, actor: Actor) -> Table:
    """The units of a batch as a related tab."""
    query = (
        select(ReleaseLine)
        .join(Unit, Unit.id == ReleaseLine.unit_id)
        .where(ReleaseLine.batch_id == batch.id)
        .options(joinedload(ReleaseLine.unit).joinedload(Unit.permit))
        .order_by(Unit.building_id, Unit.section, Unit.floor.desc(), Unit.room)
    )
    homes = [line.unit for line in db.session.scalars(query)]
    return homes_table(homes, actor, batch.project_id, empty=_("还没有房源，点「选入房源」加入"))
