"""销控 and its ends: the unit and the live row of the order are written in one transaction (02 §2.2.1)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.customers.models import Customer
from app.features.deals.registry import CLOSED
from app.features.deals.reservations.attaching import leave_lines, not_sold_with_a_home, take_what_belongs
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.units import effects as units
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, Actor
from app.kernel.approval.engine import cancel
from app.kernel.errors import NotFound, RuleError
from app.kernel.transactions import write
from app.kernel.workflow import Act, fire


def lock_unit(session: Any, actor: Actor, unit_id: int, customer_id: int) -> Reservation:
    """Take a unit for a customer: a reservation in 销控锁定 and the unit in 锁定, both or neither.

    The customer must be within the actor's rows. Raises StaleError for the loser of a race, RuleError at a guard,
    NotFound for a foreign unit or customer.
    """

    def work() -> Reservation:
        customer = session.scalars(select(Customer).where(Customer.id == customer_id)).first()
        if customer is None:
            raise NotFound("customer")
        unit = units.locked_unit(session, unit_id, actor)
        if customer.project_id != unit.project_id:
            raise NotFound("customer")
        if unit.state not in (UnitState.FREE, UnitState.HOLD):
            raise units.unavailable(unit, actor)
        not_sold_with_a_home(session, unit)
        order = Reservation(
            project_id=unit.project_id,
            unit=unit,
            customer_id=customer.id,
            customer_name=customer.name,
            owner_id=customer.owner_id or actor.person_id,
            partner_id=customer.partner_id,
            share=customer.owner_share if customer.partner_id and customer.owner_share else Decimal(1),
            team_id=customer.team_id,
            created_by=actor.person_id,
        )
        fire(session, order, "lock", actor, internal=True)
        return order

    return write(session, work)


def note_lock(act: Act) -> None:
    """From now on the order is one of those of which a unit has only one."""
    act.document.locked_at = act.at


def take_unit(act: Act) -> None:
    """Effect of «销控»: the guarded change of the unit; its timer begins; what belongs to a home goes with it."""
    order = act.document
    minutes, carries = units.lock_terms(act.session, order.unit)
    units.take(act.session, order.unit_id, act.actor, order.customer_id, order.id, minutes)
    if carries and order.predecessor_id is None:
        take_what_belongs(act)


def unit_of(act: Act) -> Unit:
    """The order's unit, locked."""
    return units.locked_unit(act.session, act.document.unit_id, act.actor)


def timer_runs(act: Act) -> None:
    """A lock whose time is over must be taken anew; the job frees the unit within a minute."""
    unit = unit_of(act)
    if unit.reservation_id != act.document.id or unit.state not in (UnitState.LOCK, UnitState.BOOK):
        raise RuleError("销控已失效，{unit} 已不在你名下，请重新销控", unit=unit.full_name)
    if unit.lock_until is not None and unit.lock_until < act.at:
        raise RuleError("销控时间已到，请重新销控 {unit}", unit=unit.full_name)


def keep_unit(act: Act) -> None:
    """Submitted: the lock no longer runs out by itself."""
    units.stop_timer(act.session, unit_of(act))


def restart_timer(act: Act) -> None:
    """Returned or withdrawn: the consultant has the usual minutes to mend it."""
    unit = unit_of(act)
    if unit.state is UnitState.BOOK:
        return  # the 小订 has its own days
    unit.lock_until = act.at + timedelta(minutes=units.lock_minutes(act.session, unit.project_id))
    unit.lock_extended = False


def may_be_extended(order: Any, _actor: Actor) -> bool:
    """The timer runs and was not lengthened yet."""
    return order.unit.lock_until is not None and not order.unit.lock_extended


def extend(act: Act) -> None:
    """One extension by the supervisor (parameter lock_extension, 15 minutes)."""
    fire(act.session, unit_of(act), "extend_lock", act.actor, internal=True)


def free_unit(act: Act) -> None:
    """Released, refused or run out: the unit goes back to where the lock came from."""
    unit = unit_of(act)
    if unit.reservation_id != act.document.id:
        return
    if unit.state is UnitState.LOCK:
        units.give_back(act.session, unit, act.actor, note=act.note)
    elif unit.state is UnitState.BOOK:
        fire(act.session, unit, "back", act.actor, internal=True, note=act.note)


def close(kind: CloseKind) -> Any:
    """Effect: the order is no longer live, and why; whatever hangs on it hears of it."""

    def close_order(act: Act) -> None:
        act.document.closed_at, act.document.close_kind = act.at, kind
        leave_lines(act.document, act)
        for listener in CLOSED:
            listener(act, act.document)

    close_order.__name__ = f"close_as_{kind.value}"
    return close_order


def end_request(act: Act) -> None:
    """A release during the review ends the approval, too."""
    cancel(act.session, act.document, "认购书已释放")


def let_run_out(session: Session, unit: Unit) -> None:
    """What the job of the units asks when a lock's time is over (registry: when_lock_expires): its order closes and gives the unit back."""
    order = session.scalars(
        select(Reservation).where(Reservation.id == unit.reservation_id, Reservation.state == ReservationState.LOCKED)
    ).first()
    if order is not None:
        fire(session, order, "expire", SYSTEM, note="销控时间已到，自动释放", internal=True)
