"""What `./anchang doctor` asks of orders: unit and live order always tell the same (02 §2.2.1)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.units.models import Unit, UnitState

HELD = {
    ReservationState.LOCKED: {UnitState.LOCK, UnitState.BOOK},
    ReservationState.REVIEW: {UnitState.LOCK, UnitState.BOOK},
    ReservationState.AWAITING: {UnitState.LOCK, UnitState.BOOK},
    ReservationState.EFFECTIVE: {UnitState.ORDER, UnitState.DRAFT},
    ReservationState.SIGNED: {UnitState.SIGN, UnitState.HAND},
}
UNSCOPED = {"unscoped": True}


def verify(session: Session) -> Iterator[str]:
    """Chinese findings, one a fault; nothing when all is well. An order lives from its lock: one that waits for a swap has none."""
    alive = (Reservation.locked_at.is_not(None), Reservation.closed_at.is_(None))
    live = select(Reservation, Unit).join(Unit, Unit.id == Reservation.unit_id).where(*alive)
    for order, unit in session.execute(live.order_by(Reservation.id), execution_options=UNSCOPED):
        if unit.reservation_id != order.id:
            yield f"{unit.full_name}：认购书 {order} 有效，房源却没有记着它"
        elif unit.state not in HELD.get(order.state, set()):
            yield f"{unit.full_name}：房源是「{unit.state.label}」，认购书 {order} 是「{order.state.label}」"
    stray = (
        select(Unit.full_name)
        .outerjoin(Reservation, (Reservation.id == Unit.reservation_id) & Reservation.closed_at.is_(None))
        .where(Unit.reservation_id.is_not(None), Reservation.id.is_(None))
    )
    for name in session.scalars(stray.order_by(Unit.id), execution_options=UNSCOPED):
        yield f"{name}：房源记着一份已不存在或已关闭的认购书"
