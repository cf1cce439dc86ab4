"""小订单: made from a locked order."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.extensions import db
from app.features.deals.bookings.effects import account_for, fill_from_order, paid_of
from app.features.deals.bookings.models import Booking, BookingState
from app.features.deals.bookings.states import DESK
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.organisation.parameters import parameter
from app.kernel.actors import Actor
from app.kernel.addresses import id_of
from app.kernel.errors import NotFound
from app.kernel.money import format_amount
from app.kernel.posts import Post
from app.kernel.screens.parts import CalcLine, Card, Html, Link
from app.kernel.screens.view import DocumentView

EXPORTERS = frozenset({Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.CLERK})


class BookingView(DocumentView):
    """小订单 (07: as 认购书)."""

    model = Booking
    label = L("小订单")
    category = L("交易")
    icon = "clock"
    creators = frozenset(DESK)
    exporters = EXPORTERS
    listed = ("number", "unit", "customer_name", "amount", "refundable", "until", "owner_id", "state")
    filters = ("state", "owner_id")
    search = ("number", "unit.full_name", "customer_name")
    sortable = ("until",)
    summed = ("amount",)
    form = ("reservation_id", "amount", "days", "refundable")
    empty_hint = L("在销控锁定的认购书上点「办小订」")
    pick_filters: ClassVar = {"reservation_id": lambda query: query.where(Reservation.state == ReservationState.LOCKED)}
    fact_groups = (
        (
            L("要点"),
            ("reservation", "unit", "customer_name", "owner_id", "amount", "refundable", "days", "signed_on", "until"),
        ),
    )

    def preset(self, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
        """The days of the site."""
        order = db.session.scalars(
            select(Reservation).where(Reservation.id == (id_of(given.get("reservation_id", "")) or 0))
        ).first()
        return given if order is None else {"days": parameter(db.session(), order.project_id, "booking_days")} | given

    def check(self, record: Any, actor: Actor) -> None:
        """Flat and customer come from the locked order."""
        order = db.session.scalars(select(Reservation).where(Reservation.id == record.reservation_id)).first()
        if order is None:
            raise NotFound("reservation")
        fill_from_order(record, order)

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """To the cashier."""
        account = account_for(db.session(), record)
        if account is None or record.state is not BookingState.SIGNED:
            return []
        if not actor.holds({Post.CONSULTANT, Post.CLERK}, record.project_id):
            return []
        url = f"/payment-notice/add?account_id={account.id}&kind=booking&amount={record.amount}"
        return [Link(_("开缴款通知单"), url, icon="coin")]

    def note(self, record: Any, actor: Actor) -> Html:
        """What it waits for."""
        if record.state is BookingState.SIGNED:
            return _("等甲方财务确认订金到账，房源转为小订。")
        if record.state is BookingState.ACTIVE:
            return _("保留到 %(d)s，请在此之前提交认购书；到期自动释放。", d=record.until.isoformat())
        return ""


def money_card(booking: Booking, _actor: Actor) -> Card | None:
    """订金: agreed and confirmed."""
    if booking.signed_on is None:
        return None
    lines = [CalcLine(_("订金"), format_amount(booking.amount))]
    if booking.state in (BookingState.SIGNED, BookingState.ACTIVE):
        lines.append(CalcLine(_("已确认"), format_amount(paid_of(db.session(), booking)), "sum"))
    word = _("到期未转认购全额退还") if booking.refundable else _("到期未转认购不退")
    return Card(
        _("订金"), "calc", total=format_amount(booking.amount), total_unit=_("元"), lines=tuple(lines), foot=word
    )
