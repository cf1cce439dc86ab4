"""What a 小订单 needs and what follows: signed stops the timer, confirmed money makes the flat 小订, the last day ends it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.features.deals.bookings.models import Booking, BookingState
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.rules import small_booking_until
from app.features.organisation.numbers import number_for
from app.features.payments.effects import (
    account_of,
    cancel_plan,
    confirmed_total,
    open_earnest_account,
    pending_total,
    settle,
    transfer,
)
from app.features.payments.models import FundKind, OrderAccount
from app.features.payments.rules import Fault, Settlement, earnest_refund
from app.features.units import effects as units
from app.features.units.models import UnitState
from app.kernel.actors import SYSTEM
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.jobs import every
from app.kernel.workflow import Act, as_step, fire

UNSCOPED = {"unscoped": True}
SUBJECT = Booking.__tablename__


def fill_from_order(booking: Booking, order: Reservation) -> None:
    """Flat and customer come from the locked order. Raises RuleError for another state or days outside 1 to 7."""
    if order.state is not ReservationState.LOCKED or order.predecessor_id is not None:
        raise RuleError("销控锁定中的认购书才能办小订", field="reservation_id")
    if booking.amount <= 0:
        raise RuleError("订金应大于 0", field="amount")
    small_booking_until(now().date(), booking.days)
    for name in ("project_id", "owner_id", "partner_id", "team_id", "unit_id", "customer_id", "customer_name"):
        setattr(booking, name, getattr(order, name))


def order_of(act: Act) -> Reservation:
    """The order that holds the flat."""
    return act.session.get_one(Reservation, act.document.reservation_id, execution_options=UNSCOPED)


def account_for(session: Session, booking: Booking) -> OrderAccount | None:
    """The account of the 订金."""
    return account_of(session, booking.id, SUBJECT)


def lock_runs(act: Act) -> None:
    """The flat is still locked by this very order."""
    unit = units.locked_unit(act.session, act.document.unit_id, act.actor)
    if unit.reservation_id != act.document.reservation_id or unit.state is not UnitState.LOCK:
        raise RuleError("销控已失效，请重新销控 {unit}", unit=unit.full_name)
    if unit.lock_until is not None and unit.lock_until < act.at:
        raise RuleError("销控时间已到，请重新销控 {unit}", unit=unit.full_name)


def sign(act: Act) -> None:
    """Signed: number, last day, an account for the 订金; the lock waits for the money and no longer for the clock."""
    booking: Booking = act.document
    booking.number = booking.number or number_for(act.session, booking, act.at.date())
    booking.signed_on = act.form["on"]
    booking.until = small_booking_until(act.form["on"], booking.days)
    if booking.until < act.at.date():
        raise RuleError("签署日太早，保留期已过", field="on")
    units.stop_timer(act.session, units.locked_unit(act.session, booking.unit_id, act.actor))
    open_earnest_account(
        act.session,
        act.actor,
        subject=SUBJECT,
        paper=booking,
        unit=booking.unit,
        kind=FundKind.BOOKING,
        amount=booking.amount,
    )


def hear_of_money(act: Act, account: Any) -> None:
    """Listener of payments: the whole 订金 is confirmed, the flat is 小订."""
    if account.subject != SUBJECT:
        return
    booking = act.session.get(Booking, account.reservation_id, execution_options=UNSCOPED)
    paid = confirmed_total(act.session, account.id)
    if booking is not None and booking.state is BookingState.SIGNED and paid >= booking.amount:
        with as_step(act.session):
            fire(act.session, booking, "take_effect", act.actor, internal=True)


def book_unit(act: Act) -> None:
    """小订 on the board."""
    unit = units.locked_unit(act.session, act.document.unit_id, act.actor)
    fire(act.session, unit, "book", act.actor, internal=True, note=act.document.number or "")


def bring_money(act: Act, order: Reservation, account: OrderAccount) -> None:
    """Listener of orders: the 认购书 is approved, the 订金 becomes part of its 定金."""
    query = select(Booking).where(Booking.reservation_id == order.id, Booking.state == BookingState.ACTIVE)
    for booking in act.session.scalars(query, execution_options=UNSCOPED):
        source = account_for(act.session, booking)
        if source is not None:
            transfer(act.session, act.actor, source, account, paper=booking, reason="转定金", into=FundKind.DEPOSIT)
        fire(act.session, booking, "convert", act.actor, internal=True, note=order.number or "")


def nothing_paid(act: Act) -> None:
    """Before money a 小订单 is simply voided."""
    account = account_for(act.session, act.document)
    if account is not None and (confirmed_total(act.session, account.id) or pending_total(act.session, account.id)):
        raise RuleError("订金已缴（含待确认），请办理退小订")


def end(act: Act) -> None:
    """The flat is free, the order closed; the 订金 goes back, or stays as printed."""
    booking: Booking = act.document
    order = order_of(act)
    if order.closed_at is None:
        fire(
            act.session, order, "end_booking", act.actor, internal=True, note=act.note or f"小订 {booking.number} 结束"
        )
    account = account_for(act.session, booking)
    if account is None or account.closed_at is not None:
        return
    paid = confirmed_total(act.session, account.id)
    if not paid:
        cancel_plan(act.session, account, act.actor)
        return
    back = earnest_refund(paid, printed_non_refundable=not booking.refundable, fault=Fault.BUYER)
    settlement = Settlement(kept=paid - back, refundable=back)
    settle(act.session, act.actor, account, settlement, paper=booking, reason="小订结束")


def paid_of(session: Session, booking: Booking) -> Decimal:
    """Confirmed 订金, yuan."""
    account = account_for(session, booking)
    return Decimal(0) if account is None else confirmed_total(session, account.id)


@every(seconds=600, name="booking_expiry")
def expire_bookings(session: Session) -> int:
    """小订 whose last day is over, or whose order ended another way, fall back; safe to run at any time."""
    query = select(Booking).join(Reservation, Reservation.id == Booking.reservation_id)
    over = query.where(
        Booking.state == BookingState.ACTIVE, or_(Booking.until < now().date(), Reservation.closed_at.is_not(None)),
        or_(Reservation.state == ReservationState.LOCKED, Reservation.closed_at.is_not(None)),
    )  # fmt: skip
    found = list(session.scalars(over.order_by(Booking.id)))
    for booking in found:
        fire(session, booking, "expire", SYSTEM, internal=True, note="小订到期，自动释放")
    return len(found)
