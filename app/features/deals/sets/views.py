"""合同套件: two places, one list, a flag that tells whether one may come to sign."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.deals.reservations.models import Reservation
from app.features.deals.sets.effects import OPEN, fill_from_order
from app.features.deals.sets.models import ContractSet
from app.kernel.actors import Actor
from app.kernel.errors import NotFound
from app.kernel.posts import Post
from app.kernel.screens.lines import Lines
from app.kernel.screens.view import DocumentView

KEEPERS = frozenset({Post.CONTRACT_OFFICER, Post.CLERK})
EXPORTERS = KEEPERS | {Post.SUPERVISOR, Post.SITE_MANAGER}


class ContractSetView(DocumentView):
    """合同套件."""

    model = ContractSet
    label = L("合同套件")
    category = L("签约按揭")
    icon = "folder"
    creators = KEEPERS
    exporters = EXPORTERS
    listed = ("unit", "customer_name", "place", "sign_on", "ready_on", "state")
    filters = ("state", "place")
    search = ("unit.full_name", "customer_name")
    sortable = ("sign_on",)
    form = ("reservation_id", "place", "sign_on")
    lines = Lines("items", ("name", "copies", "presence"), L("资料清单"), least=0)
    empty_hint = L("签约前按地点备好合同；清单不填则用常用清单")
    pick_filters: ClassVar = {"reservation_id": lambda query: query.where(Reservation.state.in_(OPEN))}
    fact_groups = ((L("要点"), ("reservation", "unit", "customer_name", "place", "sign_on", "ready_on")),)

    def check(self, record: Any, actor: Actor) -> None:
        """Flat, customer and the usual list."""
        order = db.session.scalars(select(Reservation).where(Reservation.id == record.reservation_id)).first()
        if order is None:
            raise NotFound("reservation")
        fill_from_order(record, order)
