"""How is a 推盘批次 shown?"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.features.units.models import ReleaseBatch, ReleaseLine, Unit, UnitState
from app.features.units.releases.states import PREPARERS
from app.features.units.views import CATEGORY, EXPORTERS
from app.kernel.actors import Actor
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.view import DocumentView, view_of


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


def units_of_batch(batch: Any, actor: Actor) -> Table:
    """The units of a batch as a related tab."""
    query = (
        select(ReleaseLine)
        .join(Unit, Unit.id == ReleaseLine.unit_id)
        .where(ReleaseLine.batch_id == batch.id)
        .options(joinedload(ReleaseLine.unit).joinedload(Unit.permit))
        .order_by(Unit.building_id, Unit.section, Unit.floor.desc(), Unit.room)
    )
    view = view_of(Unit)
    may_open = view is not None and actor.holds(view.posts["can_list"], batch.project_id)
    rows = tuple(
        _row(line.unit, view.show_url(line.unit_id) if may_open and view else "", actor)
        for line in db.session.scalars(query)
    )
    columns = (
        Column("name", _("房源")), Column("permit", _("许可")), Column("area", _("建筑面积"), numeric=True),
        Column("total", _("表价总价"), numeric=True), Column("filed", _("备案总价"), numeric=True), Column("state", _("状态")),
    )  # fmt: skip
    return Table(columns, rows, empty=_("还没有房源，点「选入房源」加入"))


def _row(unit: Unit, url: str, actor: Actor) -> Row:
    state = unit.state if url or unit.state is not UnitState.HOLD else None
    return Row(
        str(unit.id), url, unit.full_name,
        (
            Cell(unit.full_name), Cell(unit.permit.number if unit.permit else ""), Cell(str(unit.building_area), True),
            Cell(f"{unit.list_total:,.2f}" if unit.list_total is not None else "", True),
            Cell(f"{unit.filed_total:,.2f}" if unit.filed_total is not None else "", True),
            Cell(tag_html(state) if state else _("暂不可售")),
        ),
    )  # fmt: skip
