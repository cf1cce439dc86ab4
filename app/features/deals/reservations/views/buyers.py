"""买受人: written while the order is locked; numbers are checked and encrypted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.features.customers.choices import IdKind
from app.features.deals.reservations.models import Buyer, Reservation, ReservationState
from app.features.deals.reservations.states import DESK
from app.kernel.actors import Actor
from app.kernel.addresses import id_of
from app.kernel.base import now
from app.kernel.chinese import check_id_card, check_uscc, parse_phone
from app.kernel.errors import NotFound, RuleError
from app.kernel.privacy import shown_to_owner
from app.kernel.screens.view import DocumentView

LOCKED = ReservationState.LOCKED


class BuyerView(DocumentView):
    """买受人: written while the order is locked; numbers are checked and encrypted."""

    model = Buyer
    label = L("买受人")
    creators = frozenset(DESK)
    files: ClassVar[bool] = False
    parent = "reservation_id"
    listed = ("name", "id_kind", "id_number", "share", "reservation")
    loads = (joinedload(Buyer.reservation).joinedload(Reservation.unit),)
    form = ("reservation_id", "name", "id_kind", "id_number", "phone", "share")
    pick_filters: ClassVar = {"reservation_id": lambda query: query.where(Reservation.state == LOCKED)}

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """The first buyer is mostly the customer himself: his name, and for his owner his number (a logged look)."""
        order_id = id_of(given.get("reservation_id"))
        order = db.session.scalars(select(Reservation).where(Reservation.id == order_id)).first()
        if order is None or order.buyers:
            return given
        phones = order.customer.live_phones if order.customer is not None else []
        known = {"name": order.customer_name}
        number = shown_to_owner(db.session, actor, phones[0], "number") if phones else None
        return known | ({"phone": number} if number else {}) | given

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """Only while the order may still be changed."""
        return record.reservation.state is LOCKED and super().may_edit(record, actor)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """A buyer typed by mistake goes as long as nothing was submitted."""
        return self.may_edit(record, actor)

    def check(self, record: Any, actor: Actor) -> None:
        """The order is one's own and open; number and phone are right; rights follow the order."""
        order = db.session.scalars(select(Reservation).where(Reservation.id == record.reservation_id)).first()
        if order is None:
            raise NotFound("reservation")
        if order.state is not LOCKED:
            raise RuleError("认购书已提交，不能再改买受人", field="reservation_id")
        record.project_id, record.owner_id = order.project_id, order.owner_id
        record.partner_id, record.team_id = order.partner_id, order.team_id
        record.id_number = _checked_number(record.id_kind, record.id_number)
        if record.phone:
            record.phone = parse_phone(record.phone, field="phone")
        if not Decimal(0) < record.share <= Decimal(1):
            raise RuleError("份额应大于 0 且不超过 100 %", field="share")


def _checked_number(kind: IdKind, number: str) -> str:
    if kind is IdKind.ID_CARD:
        return check_id_card(number, today=now().date(), field="id_number")
    if kind is IdKind.LICENCE:
        return check_uscc(number, field="id_number")
    return number.strip().upper()
