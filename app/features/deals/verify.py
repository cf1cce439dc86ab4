"""What `./anchang doctor` asks of orders: unit and live order always tell the same (02 §2.2.1)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.payments.effects.accounts import PLAN_KINDS
from app.features.payments.models import OrderAccount, Receivable, ReceivableState
from app.features.payments.models.accounts import ORDER
from app.features.units.models import Unit, UnitState
from app.kernel.money import format_amount

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
    yield from _lines(session)
    stray = (
        select(Unit.full_name)
        .outerjoin(Reservation, (Reservation.id == Unit.reservation_id) & Reservation.closed_at.is_(None))
        .where(Unit.reservation_id.is_not(None), Reservation.id.is_(None))
    )
    for name in session.scalars(stray.order_by(Unit.id), execution_options=UNSCOPED):
        yield f"{name}：房源记着一份已不存在或已关闭的认购书"


def _lines(session: Session) -> Iterator[str]:
    """A 车位 or 储藏间 of a live order stands where its home stands; the lines of an order add up."""
    home = aliased(Unit)
    held = (
        select(OrderLine, Reservation, Unit, home)
        .join(Reservation, Reservation.id == OrderLine.reservation_id)
        .join(Unit, Unit.id == OrderLine.unit_id)
        .join(home, home.id == Reservation.unit_id)
        .where(OrderLine.taken_at.is_not(None), OrderLine.left_at.is_(None))
    )
    for _line, order, unit, main in session.execute(held.order_by(OrderLine.id), execution_options=UNSCOPED):
        if unit.reservation_id != order.id or unit.state is not main.state:
            yield f"{unit.full_name}：随 {main.full_name} 售出，房源状态却与它不一致"
    total = func.coalesce(func.sum(OrderLine.public_total), 0)
    sums = (
        select(Reservation)
        .outerjoin(OrderLine, OrderLine.reservation_id == Reservation.id)
        .group_by(Reservation.id)
        .having(Reservation.extras_total != total)
    )
    for order in session.scalars(sums.order_by(Reservation.id), execution_options=UNSCOPED):
        yield f"认购书 {order}：装修款、车位等合计与各计价项目之和不符"
    yield from _owed(session)
    alone = (
        select(Unit.full_name)
        .join(Reservation, Reservation.id == Unit.reservation_id)
        .outerjoin(
            OrderLine, (OrderLine.unit_id == Unit.id) & OrderLine.taken_at.is_not(None) & OrderLine.left_at.is_(None)
        )
        .where(Reservation.unit_id != Unit.id, OrderLine.id.is_(None))
    )
    for name in session.scalars(alone.order_by(Unit.id), execution_options=UNSCOPED):
        yield f"{name}：房源记着一份没有它的认购书"


def _owed(session: Session) -> Iterator[str]:
    """What an open account asks for 装修款, 车位 and 储藏间 is their price; with the plan's own sum the 房款 closes, too."""
    of_plan = (
        Receivable.account_id == OrderAccount.id, Receivable.state != ReceivableState.CANCELLED, Receivable.kind.in_(PLAN_KINDS),
    )  # fmt: skip
    of_line = (Receivable.line == OrderLine.kind, Receivable.line_name == OrderLine.name)
    owed = select(func.coalesce(func.sum(Receivable.amount), 0)).where(*of_plan, *of_line).scalar_subquery()
    whole = select(Receivable.id).where(*of_plan, Receivable.line.is_(None)).exists()  # a plan of before it had lines
    query = (
        select(OrderAccount.title, OrderLine.name, OrderLine.public_total, OrderLine.area_back, owed)
        .join(Reservation, Reservation.id == OrderLine.reservation_id)
        .join(OrderAccount, (OrderAccount.reservation_id == Reservation.id) & (OrderAccount.subject == ORDER))
        .where(OrderAccount.closed_at.is_(None), OrderLine.public_total - OrderLine.area_back != owed, ~whole)
    )
    for title, name, price, back, found in session.execute(query.order_by(OrderLine.id), execution_options=UNSCOPED):
        yield f"收款账户「{title}」：「{name}」应为 {format_amount(price - back)} 元，应收行合计 {format_amount(found)} 元"
