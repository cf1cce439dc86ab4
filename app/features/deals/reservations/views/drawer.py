"""What the board's drawer offers of orders: 销控 a free unit, open or decide the live order."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.customers.models import Customer
from app.features.customers.quotes.models import Quote, QuoteState
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.states import DESK
from app.features.units.models import Unit, UnitState
from app.kernel.actors import Actor
from app.kernel.approval.finding import may_decide, open_of
from app.kernel.approval.stations import page_of
from app.kernel.screens.parts import Link


def drawer_acts(unit: Unit, actor: Actor) -> list[Link]:
    """Lock a unit that is on sale; the unit's live order within the actor's rows, to be decided or opened."""
    acts = _lock(unit, actor, "")
    if unit.reservation_id is not None:
        order = db.session.scalars(select(Reservation).where(Reservation.id == unit.reservation_id)).first()
        if order is not None:
            acts += _order_acts(order, actor)
    return acts


def acts_of_quote(quote: Quote, actor: Actor) -> list[Link]:
    """Whoever has agreed on a quote takes its unit for this customer."""
    return _lock(quote.unit, actor, f"?customer_id={quote.customer_id}") if quote.state is QuoteState.VALID else []


def _lock(unit: Unit, actor: Actor, query: str) -> list[Link]:
    on_sale = unit.state is UnitState.FREE or _held_for_ones_own(unit)
    if not on_sale or unit.stopped or unit.seized or not actor.holds(DESK, unit.project_id):
        return []
    return [Link(_("销控"), f"/lock/{unit.id}{query}", tone="primary", icon="lock")]


def _held_for_ones_own(unit: Unit) -> bool:
    """From 保留 a unit is taken only for its customer: whoever sees that customer may."""
    if unit.state is not UnitState.HOLD or unit.held_for_id is None:
        return False
    return db.session.scalars(select(Customer.id).where(Customer.id == unit.held_for_id)).first() is not None


def _order_acts(order: Reservation, actor: Actor) -> list[Link]:
    request = open_of(db.session(), order)
    if request is not None and may_decide(actor, request):
        return [
            Link(_("审核认购书"), page_of(request), tone="primary"),
            Link(_("打开认购书"), f"/reservation/show/{order.id}"),
        ]
    tone = "primary" if order.state is ReservationState.LOCKED else "default"
    return [Link(_("打开认购书"), f"/reservation/show/{order.id}", tone=tone)]  # type: ignore[arg-type]
