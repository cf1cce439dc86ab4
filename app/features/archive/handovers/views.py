"""移交单: the list and its papers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.archive.category import CATEGORY
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.handovers.models import FILERS, READERS, HandoverState, PaperHandover
from app.kernel.actors import Actor
from app.kernel.screens.parts import Cell, Column, Link, Row, Table
from app.kernel.screens.view import DocumentView


class PaperHandoverView(DocumentView):
    """移交单 (02 §2.5.8)."""

    model = PaperHandover
    label = L("移交单")
    category = CATEGORY
    icon = "truck"
    readers = READERS
    creators = FILERS
    exporters = EXPORTERS
    form = ("receiver_kind", "organisation", "purpose", "note")
    listed = ("number", "receiver_kind", "organisation", "purpose", "count", "handed_on", "receiver", "state")
    filters = ("receiver_kind", "state")
    search = ("number", "organisation", "receiver", "purpose")
    sortable = ("handed_on",)
    search_hint = L("移交单号、接收单位、签收人")
    fact_groups = (
        (
            L("要点"),
            (
                "number",
                "receiver_kind",
                "organisation",
                "purpose",
                "count",
                "handed_on",
                "receiver",
                "created_by",
                "note",
            ),
        ),
    )

    def due(self, record: Any, actor: Actor) -> Link | None:
        """An empty list is filled first."""
        if record.state is not HandoverState.DRAFT or record.lines or not actor.holds(FILERS, record.project_id):
            return None
        return Link(_("选入资料"), self.step_url(record.id, "put"))


def lines_of(handover: PaperHandover, _actor: Actor) -> Table:
    """The papers on the list."""
    heads = (("number", _("档号")), ("title", _("资料名称")), ("about", _("房源、客户")), ("medium", _("原件/复印")))
    columns = tuple(Column(key, label, phone="hd" if key == "title" else "shown") for key, label in heads)
    rows = tuple(
        Row(str(line.paper_id), f"/paper/show/{line.paper_id}", line.title, (
            Cell(line.paper_number), Cell(line.title), Cell(line.about), Cell(line.medium.label), Cell(str(line.copies), numeric=True)
        ))
        for line in handover.lines
    )  # fmt: skip
    total = (Cell(_("合计")), Cell(), Cell(), Cell(), Cell(str(handover.count), numeric=True)) if rows else ()
    return Table(
        (*columns, Column("copies", _("份数"), numeric=True)), rows, total, empty=_("还没有资料，点「选入资料」加入")
    )
