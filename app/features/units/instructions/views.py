"""How is a 销控指令 shown, and how does a consultant acknowledge it?"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from werkzeug.wrappers import Response

from app.extensions import db
from app.features.units.instructions.effects import AUTHORS, acknowledge, waiting_receipts
from app.features.units.models import ControlOrder, ControlState
from app.features.units.views import CATEGORY
from app.kernel.actors import Actor
from app.kernel.screens.display import moment
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Cell, Column, Link, Row, Table, Tag
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

    @expose("/acknowledge/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("show")
    def acknowledge(self, pk: int) -> Response:
        """签收."""
        acknowledge(db.session, pk, self.actor())
        flash(_("已签收"), "success")
        return redirect(self.show_url(pk))

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """«签收» for who was asked and has not answered."""
        waits = record.state is ControlState.ISSUED and any(
            r.person_id == actor.person_id and r.acknowledged_at is None for r in record.receipts
        )
        return (
            [Link(_("签收"), f"{self.route_base}/acknowledge/{record.id}", tone="primary", method="post")]
            if waits
            else []
        )


def units_of_order(order: Any, actor: Actor) -> Table:
    """The units that the order touches."""
    rows = tuple(Row(str(line.unit_id), "", line.unit.full_name, (Cell(line.unit.full_name),)) for line in order.lines)
    return Table((Column("name", _("房源")),), rows, empty=_("还没有房源，点「选入房源」加入"))


def receipts_of_order(order: Any, actor: Actor) -> Table | None:
    """Who has acknowledged; None before the order is issued."""
    if not order.receipts:
        return None
    rows = tuple(
        Row(
            str(r.id),
            "",
            r.person_name,
            (Cell(r.person_name), Cell(moment(r.acknowledged_at) if r.acknowledged_at else _("未签收"))),
        )
        for r in order.receipts
    )
    return Table((Column("person", _("签收人")), Column("at", _("签收时间"))), rows)


def receipt_reminders(actor: Actor) -> list[FeedItem]:
    """Orders that wait for my 签收, on the home page."""
    return [
        FeedItem(
            _("销控指令待签收：%(kind)s", kind=receipt.order.kind.label),
            f"/control-order/show/{receipt.order_id}",
            note=receipt.order.content,
            icon="mega",
            tag=Tag(_("待签收"), "warn"),
        )
        for receipt in waiting_receipts(db.session(), actor.person_id)
    ]
