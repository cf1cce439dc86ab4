"""How is a 房源录入单 shown?"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import func, select

from app.extensions import db
from app.features.units.models import Unit, UnitEntry
from app.features.units.views import CATEGORY
from app.kernel.actors import Actor
from app.kernel.screens.display import tag_html
from app.kernel.screens.parts import Card, Cell, Column, Link, Row, Table
from app.kernel.screens.view import DocumentView, view_of

SHOWN_UNITS = 200


class EntryView(DocumentView):
    """房源录入单: made by an import, a generation or a correction, never by hand."""

    model = UnitEntry
    label = L("房源录入单")
    category = CATEGORY
    icon = "file-import"
    listed = (
        "number",
        "kind",
        "units_count",
        "building_area",
        "filed_total",
        "file_name",
        "created_by",
        "created_at",
        "state",
    )
    filters = ("kind", "state")
    search = ("number", "file_name", "summary")
    decided_with = ("units", "changes")


def units_of_entry(entry: Any, actor: Actor) -> Card:
    """The units of an entry as a related tab; of many the first 200, the head says how many there are and leads to all."""
    columns = (
        Column("name", _("房源")),
        Column("building_area", _("建筑面积"), numeric=True),
        Column("inner_area", _("套内面积"), numeric=True),
        Column("filed_total", _("备案总价"), numeric=True),
        Column("state", _("状态")),
    )
    total = db.session.scalar(select(func.count(Unit.id)).where(Unit.entry_id == entry.id)) or 0
    query = select(Unit).where(Unit.entry_id == entry.id).order_by(Unit.id).limit(SHOWN_UNITS)
    view = view_of(Unit)
    rows = tuple(
        Row(
            str(unit.id), view.show_url(unit.id) if view else "", unit.full_name,
            (
                Cell(unit.full_name), Cell(str(unit.building_area), True), Cell(str(unit.inner_area), True),
                Cell(f"{unit.filed_total:,.2f}" if unit.filed_total is not None else "", True), Cell(tag_html(unit.state)),
            ),
        )
        for unit in db.session.scalars(query)
    )  # fmt: skip
    table = Table(columns, rows, empty=_("没有房源"), unit=_("套"), whole=total)
    if total <= len(rows):
        return Card(_("房源"), "table", table=table, note=_("共 %(n)s 套", n=total))
    may_open = view is not None and actor.holds(view.posts["can_list"], entry.project_id)
    more = Link(_("全部 %(n)s 套", n=total), f"{view.list_url()}?entry_id={entry.id}") if view and may_open else None
    note = _("共 %(n)s 套，这里列出前 %(m)s 套", n=total, m=len(rows))
    return Card(_("房源"), "table", table=table, note=note, more=more)


def changes_of_entry(entry: Any, actor: Actor) -> Table | None:
    """Every stored unit that an import changed, in words; None when it changed none."""
    changes = entry.details.get("changes") or []
    if not changes:
        return None
    rows = tuple(Row(str(number), "", words, (Cell(words),)) for number, words in enumerate(changes))
    return Table((Column("change", _("更新")),), rows)
