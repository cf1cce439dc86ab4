"""买受人: written while the order is locked; numbers are checked and encrypted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from flask import request
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.features.customers.choices import IdKind
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState
from app.features.deals.reservations.models import (
    Buyer,
    Ownership,
    Reservation,
    ReservationState,
    Standing,
)
from app.features.deals.reservations.rules import born_on, is_minor
from app.features.deals.reservations.states import DESK
from app.kernel.actors import Actor
from app.kernel.addresses import id_of
from app.kernel.base import now
from app.kernel.chinese import check_id_card, check_uscc, parse_phone
from app.kernel.errors import NotFound, RuleError
from app.kernel.privacy import shown_to_owner
from app.kernel.screens.view import DocumentView

LOCKED = ReservationState.LOCKED
OPEN = (LOCKED, ReservationState.EFFECTIVE, ReservationState.SIGNED)


class BuyerView(DocumentView):
    """买受人: written while the order is locked; numbers are checked and encrypted."""

    model = Buyer
    label = L("买受人")
    creators = frozenset(DESK)
    files: ClassVar[bool] = False
    parent = "reservation_id"
    listed = ("name", "id_kind", "id_number", "share_told", "reservation")
    loads = (joinedload(Buyer.reservation).joinedload(Reservation.unit), joinedload(Buyer.change))
    form = ("reservation_id", "name", "id_kind", "id_number", "phone", "share", "guardian", "guardian_paper")
    folds = ((L("未成年人的监护人"), ("guardian", "guardian_paper")),)
    facts = (
        "reservation", "name", "id_kind", "id_number", "phone", "share_told", "guardian", "guardian_paper", "change", "standing", "left_on",
    )  # fmt: skip
    pick_filters: ClassVar = {"reservation_id": lambda query: query.where(Reservation.state.in_(OPEN))}

    def form_names(self, record: Any | None) -> list[str]:
        """Shares are asked for where the flat is owned by shares: a couple that owns it jointly has none."""
        names = super().form_names(record)
        return names if _by_shares(record) else [name for name in names if name != "share"]

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """The first buyer is mostly the customer himself: his name, and for his owner his number (a logged look)."""
        order_id = id_of(given.get("reservation_id"))
        order = db.session.scalars(select(Reservation).where(Reservation.id == order_id)).first()
        change_id = id_of(request.args.get("change_id", ""))
        if order is not None and change_id:
            return _of_the_change(change_id) | given
        if order is None or order.buyers:
            return given
        phones = order.customer.live_phones if order.customer is not None else []
        known = {"name": order.customer_name}
        number = shown_to_owner(db.session, actor, phones[0], "number") if phones else None
        return known | ({"phone": number} if number else {}) | given

    def may_edit(self, record: Any, actor: Actor) -> bool:
        """Only while the order, or the 变更申请 that proposes him, may still be changed."""
        if record.standing is not Standing.CURRENT:
            return _drafted(record.change_id) and super().may_edit(record, actor)
        return _open(record.reservation) and super().may_edit(record, actor)

    def saved_url(self, record: Any) -> str:
        """A proposed buyer belongs to the page of his 变更申请."""
        if record.standing is Standing.PROPOSED:
            return f"/change-request/show/{record.change_id}"
        return super().saved_url(record)

    def may_delete(self, record: Any, actor: Actor) -> bool:
        """A buyer typed by mistake goes as long as nothing was submitted."""
        return self.may_edit(record, actor)

    def check(self, record: Any, actor: Actor) -> None:
        """The order is one's own and open; number and phone are right; rights follow the order."""
        order = db.session.scalars(select(Reservation).where(Reservation.id == record.reservation_id)).first()
        if order is None:
            raise NotFound("reservation")
        if record.id is None and (change_id := id_of(request.args.get("change_id", ""))):
            _propose(record, order, change_id)
        elif record.standing is Standing.CURRENT and not _open(order):
            raise RuleError("认购书已提交，不能再改买受人；请办理更名或增减名", field="reservation_id")
        record.project_id, record.owner_id = order.project_id, order.owner_id
        record.partner_id, record.team_id = order.partner_id, order.team_id
        record.id_number = _checked_number(record.id_kind, record.id_number)
        if is_minor(born_on(record.id_number), now().date()) and not record.guardian:
            raise RuleError("{name} 未满 18 周岁，请填写监护人", field="guardian", name=record.name)
        if record.phone:
            record.phone = parse_phone(record.phone, field="phone")
        if record.share is None:  # not asked where nobody has a share of his own
            record.share = Decimal(1)
        if not Decimal(0) < record.share <= Decimal(1):
            raise RuleError("份额应大于 0 且不超过 100 %", field="share")


def _of_the_change(change_id: int) -> dict[str, Any]:
    """更名: the customer who takes the flat over is the first of the new buyers."""
    change = db.session.scalars(select(ChangeRequest).where(ChangeRequest.id == change_id)).first()
    if change is None or change.new_customer is None or change.proposed:
        return {}
    return {"name": change.new_customer.name}


def _by_shares(record: Any | None) -> bool:
    """How whoever is written here owns the flat, or will; whatever is not known yet asks for the share."""
    change_id = record.change_id if record is not None else id_of(request.args.get("change_id", ""))
    change = db.session.scalars(select(ChangeRequest).where(ChangeRequest.id == (change_id or 0))).first()
    order_id = record.reservation_id if record is not None else id_of(request.values.get("reservation_id", ""))
    order = db.session.scalars(select(Reservation).where(Reservation.id == (order_id or 0))).first()
    if order is None:
        return True
    asked = change.new_ownership if change is not None else None
    return (asked or order.ownership) is Ownership.SHARES


def _open(order: Reservation) -> bool:
    """Buyers are written while the order is locked; one that a 换房 keeps has the buyers of the old order."""
    return order.state is LOCKED and order.predecessor_id is None


def _drafted(change_id: int | None) -> bool:
    change = db.session.scalars(select(ChangeRequest).where(ChangeRequest.id == (change_id or 0))).first()
    return change is not None and change.state is ChangeState.DRAFT


def _propose(buyer: Buyer, order: Reservation, change_id: int) -> None:
    """A new buyer of a drafted 更名 or 增减名 of this order."""
    change = db.session.scalars(select(ChangeRequest).where(ChangeRequest.id == change_id)).first()
    if (
        change is None
        or change.reservation_id != order.id
        or change.kind not in (ChangeKind.RENAME, ChangeKind.CO_BUYERS)
    ):
        raise NotFound("change_request")
    if change.state is not ChangeState.DRAFT:
        raise RuleError("变更申请已提交，不能再改新买受人")
    buyer.change_id, buyer.standing = change.id, Standing.PROPOSED


def _checked_number(kind: IdKind, number: str) -> str:
    if kind is IdKind.ID_CARD:
        return check_id_card(number, today=now().date(), field="id_number")
    if kind is IdKind.LICENCE:
        return check_uscc(number, field="id_number")
    return number.strip().upper()
