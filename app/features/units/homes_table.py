"""Homes with permit, area, prices and state, as papers about many of them list them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import Cell, Column, Row, Table
from app.kernel.screens.view import view_of


def homes_table(homes: Sequence[Unit], actor: Actor, project_id: int, *, empty: str) -> Table:
    """In the order given; who reads no list of homes is not told which of them are held."""
    view = view_of(Unit)
    may_open = view is not None and actor.holds(view.posts["can_list"], project_id)
    rows = tuple(_row(unit, view.show_url(unit.id) if may_open and view else "") for unit in homes)
    columns = (
        Column("name", _("房源"), phone="hd"), Column("permit", _("许可")), Column("area", _("建筑面积"), numeric=True),
        Column("total", _("表价总价"), numeric=True), Column("filed", _("备案总价"), numeric=True),
        Column("state", _("状态"), phone="badge"),
    )  # fmt: skip
    return Table(columns, rows, empty=empty, unit=_("套"))


def _row(unit: Unit, url: str) -> Row:
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
