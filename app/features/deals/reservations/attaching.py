"""车位 and 储藏间 of an order: taken and freed with its home, each a unit of its own that at most one live order has (02 §2.2.1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.price import of_order, price_order
from app.features.pricing.effects import ATTACHABLE
from app.features.units import effects as units
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.workflow import Act, as_step, fire

UNSCOPED = {"unscoped": True}
GOES_WITH_A_HOME = frozenset({UnitState.WAIT, UnitState.FREE, UnitState.HOLD})


def attachable(session: Session, order: Reservation) -> Sequence[Unit]:
    """What may be sold with the order now: free places of its project that belong to no other home, and those that it has."""
    own = [line.unit_id for line in order.attached_lines]
    query = select(Unit).where(
        Unit.project_id == order.project_id, Unit.product.in_(ATTACHABLE), Unit.id != order.unit_id,
        or_(Unit.attached_to_id.is_(None), Unit.attached_to_id == order.unit_id), Unit.list_total.is_not(None),
        or_(Unit.id.in_(own), (Unit.state == UnitState.FREE) & Unit.stopped.is_(False) & Unit.seized.is_(False)),
    )  # fmt: skip
    return session.scalars(
        query.order_by(Unit.attached_to_id.is_(None), Unit.full_name), execution_options=UNSCOPED
    ).all()


def choose_attached(session: Session, order: Reservation, unit_ids: Collection[int], actor: Actor) -> None:
    """The order has exactly these 车位 and 储藏间 from now on; the price follows, an agreed 房款 stays.

    Raises RuleError for an order that is not locked any more, a unit that is nobody's to attach, and as units.take does for the
    loser of a race.
    """
    if order.state is not ReservationState.LOCKED or order.predecessor_id is not None:
        raise RuleError("认购书已提交，不能再改车位和储藏间")
    home = units.locked_unit(session, order.unit_id, actor)
    if home.reservation_id != order.id or home.state not in (UnitState.LOCK, UnitState.BOOK):
        raise RuleError("销控已失效，{unit} 已不在你名下，请重新销控", unit=home.full_name)
    there = {line.unit_id: line for line in order.attached_lines}
    before = order.extras_total
    follows = order.total == order.public_total
    for unit_id in sorted(set(unit_ids) | {key for key in there if key is not None}):
        if unit_id not in there:
            attach(session, order, home, unit_id, actor)
        elif unit_id not in unit_ids:
            _detach(session, order, there[unit_id], actor)
    session.flush()
    if order.scheme_id is None:
        return
    agreed, order.total = order.total, None
    price_order(session, order, home)
    if agreed is not None and not follows:
        order.total = agreed + order.extras_total - before
        price_order(session, order, home)


def attach(session: Session, order: Reservation, home: Unit, unit_id: int, actor: Actor) -> None:
    """Take one unit for the order, as far as its home is; it has no timer of its own. Raises as choose_attached."""
    unit = units.locked_unit(session, unit_id, actor)
    if unit.project_id != order.project_id or unit.product not in ATTACHABLE or unit.id == home.id:
        raise RuleError("{unit} 不是车位或储藏间，不能随认购书一起卖", unit=unit.full_name)
    if unit.attached_to_id not in (None, home.id):
        raise RuleError("{unit} 随别的房源一起卖，请另选", unit=unit.full_name)
    if unit.state is not UnitState.FREE:
        raise units.unavailable(unit, actor)
    if unit.list_total is None:
        raise RuleError("{unit} 还没有生效的表价", unit=unit.full_name)
    units.take(session, unit.id, actor, order.customer_id, order.id)
    units.stop_timer(session, unit)
    if home.state is UnitState.BOOK:
        fire(session, unit, "book", actor, internal=True, note=str(order), alone=True)
    with as_step(session):
        order.lines.append(OrderLine(
            kind=ATTACHABLE[unit.product], unit_id=unit.id, name=unit.full_name, list_total=unit.list_total,
            public_total=unit.list_total, taken_at=now(), **of_order(order),
        ))  # fmt: skip
        order.extras_total += unit.list_total
        session.flush()


def _detach(session: Session, order: Reservation, line: OrderLine, actor: Actor) -> None:
    unit = units.locked_unit(session, line.unit_id or 0, actor)
    name = "unlock" if unit.state is UnitState.LOCK else "back"
    fire(session, unit, name, actor, internal=True, note=f"{order} 不要了", alone=True)
    with as_step(session):
        order.extras_total -= line.public_total
        order.lines.remove(line)
        session.delete(line)
        session.flush()


def take_what_belongs(act: Act) -> None:
    """A 车位 or 储藏间 that is sold with the order's home is taken with it, where it is free."""
    order: Reservation = act.document
    query = select(Unit).where(
        Unit.attached_to_id == order.unit_id, Unit.state == UnitState.FREE, Unit.product.in_(ATTACHABLE),
        Unit.list_total.is_not(None), Unit.stopped.is_(False), Unit.seized.is_(False),
    )  # fmt: skip
    found = act.session.scalars(query.order_by(Unit.id), execution_options=UNSCOPED).all()
    if found:
        home = units.locked_unit(act.session, order.unit_id, act.actor)
        for unit in found:
            attach(act.session, order, home, unit.id, act.actor)


def not_sold_with_a_home(session: Session, unit: Unit) -> None:
    """What belongs to a home that is still to be had is not locked by itself. Raises RuleError that names the home."""
    if unit.attached_to_id is None:
        return
    home = session.get_one(Unit, unit.attached_to_id, execution_options=UNSCOPED)
    if home.state in GOES_WITH_A_HOME:
        raise RuleError("{unit} 随 {home} 一起卖，请销控 {home}", unit=unit.full_name, home=home.full_name)


def take_again(act: Act) -> None:
    """换房: what goes along was freed with the old home in this very transaction, and is the new order's now."""
    order: Reservation = act.document
    for line in order.attached_lines:
        unit = units.locked_unit(act.session, line.unit_id or 0, act.actor)
        fire(
            act.session,
            unit,
            "swap_in",
            act.actor,
            internal=True,
            note=order.number or "",
            reservation_id=order.id,
            alone=True,
        )
        line.taken_at = act.at


def leave_lines(order: Any, act: Act) -> None:
    """The order is over: it has none of its places any more."""
    for line in order.attached_lines:
        line.left_at = line.left_at or act.at
