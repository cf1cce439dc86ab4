"""签约流转单: made from an effective order; who signed it off when stands on its page."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.slips.effects import fill_from_order
from app.features.deals.slips.models import SigningSlip
from app.kernel.actors import Actor
from app.kernel.errors import NotFound
from app.kernel.posts import Post
from app.kernel.screens.parts import Card, Cell, Column, Row, Table
from app.kernel.screens.view import DocumentView
from app.kernel.words import shown
from app.kernel.workflow import history

CREATORS = frozenset({Post.CONSULTANT, Post.CLERK, Post.SUPERVISOR})
EXPORTERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.CLERK})


class SigningSlipView(DocumentView):
    """签约流转单."""

    model = SigningSlip
    label = L("签约流转单")
    category = L("签约按揭")
    icon = "swap"
    creators = CREATORS
    exporters = EXPORTERS
    listed = ("number", "unit", "customer_name", "owner_id", "state", "created_at")
    filters = ("state", "owner_id")
    search = ("number", "unit.full_name", "customer_name")
    form = ("reservation_id", "remark")
    empty_hint = L("签约前在有效的认购书上新建，资料随单逐岗位签办")
    pick_filters: ClassVar = {
        "reservation_id": lambda query: query.where(Reservation.state == ReservationState.EFFECTIVE)
    }
    fact_groups = ((L("要点"), ("reservation", "unit", "customer_name", "owner_id", "remark")),)

    def check(self, record: Any, actor: Actor) -> None:
        """Flat and customer come from the order."""
        order = db.session.scalars(select(Reservation).where(Reservation.id == record.reservation_id)).first()
        if order is None:
            raise NotFound("reservation")
        fill_from_order(record, order)


def signed_off(slip: SigningSlip, _actor: Actor) -> Card | None:
    """Who had the papers, when, with what opinion."""
    log = history(db.session(), slip)
    if not log:
        return None
    columns = (
        Column("step", _("办理"), phone="hd"), Column("person", _("签办人")), Column("at", _("时间")), Column("opinion", _("意见")),
    )  # fmt: skip
    rows = tuple(
        Row(str(line.id), "", shown(line.label), (
            Cell(shown(line.label)), Cell(line.person_name), Cell(f"{line.at:%m-%d %H:%M}"), Cell(line.values.get("opinion") or line.note),
        ))
        for line in log
    )  # fmt: skip
    return Card(_("各岗位签办"), "table", table=Table(columns, rows))
