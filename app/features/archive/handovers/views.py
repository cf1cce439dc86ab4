"""移交单: the list, its papers, the sheet that the receiver signs."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.archive.category import CATEGORY
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.handovers.models import FILERS, READERS, HandoverState, PaperHandover
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.screens.parts import Card, Cell, Column, Fact, Link, Row, Table
from app.kernel.screens.print_page import PrintPage
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

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """«打印» as soon as something is on the list."""
        if record.state is HandoverState.VOID or not record.lines:
            return []
        return [Link(_("打印"), f"{self.route_base}/print/{record.id}", icon="print")]

    @expose("/print/<int:pk>")
    @has_access
    @permission_name("show")
    def print_page(self, pk: int) -> Any:
        """The sheet with two lines to sign on."""
        return render_template("doc/print.html", page=sheet(self, self.find(pk)))


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


def sheet(view: Any, handover: PaperHandover) -> PrintPage:
    """On paper: to whom, what for, every paper, two signatures."""
    facts = (
        Fact(_("移交给"), f"{handover.receiver_kind.label} {handover.organisation}"),
        Fact(_("用途"), handover.purpose),
        Fact(_("移交日期"), str(handover.handed_on or "")),
        Fact(_("备注"), handover.note, wide=True),
    )
    table = lines_of(handover, view.actor())
    return PrintPage(
        title=_("资料移交单"), number=handover.number or "", heading=str(handover.project),
        cards=(Card("", "facts", facts=facts), Card(_("移交资料"), "table", table=table)), signs=(_("移交人"), _("接收人"), _("日期")),
        foot=_("%(who)s 打印于 %(when)s", who=view.actor().name, when=f"{now():%Y-%m-%d %H:%M}"), back_url=view.show_url(handover.id),
    )  # fmt: skip
