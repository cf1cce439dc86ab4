"""Flats on sale beside what a customer wants: released, free, with their public price of today."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.features.customers.analysis.rules import Match, Offer, Wish, best, wish_of
from app.features.customers.models import Customer
from app.features.organisation.parameters import parameters
from app.features.pricing.effects import active_schemes, lowest_public_totals, sales_scheme_on
from app.features.units.models import Product, Unit, UnitState
from app.kernel.base import now

HOMES = (Product.HIGH_RISE, Product.LOW_RISE, Product.VILLA, Product.FLAT)
PRICED = 40  # flats whose public price is worked out exactly; they are chosen by the list price first


def wish_of_customer(customer: Customer, *told: str | None) -> Wish:
    """What he wants by his file; `told`: what he said at his last visits."""
    return wish_of(
        customer.wanted_layout,
        customer.wanted_area,
        customer.wanted_total,
        customer.down_payment,
        customer.concerns,
        *told,
    )


def matches(session: Session, project_id: int, wish: Wish) -> list[Match]:
    """The best flats, 5 to 10 as the site says; priced by the lowest 付款方式 with every 公开优惠 of today."""
    if not wish.said:
        return []
    values = parameters(session, project_id, ("mortgage_first_share", "matched_units"))
    share, most = values["mortgage_first_share"], values["matched_units"]
    homes = _on_sale(session, project_id)
    if not homes:
        return []
    day = now().date()
    schemes, sales = active_schemes(session, project_id), sales_scheme_on(session, project_id, day)

    def priced(some: list[Unit]) -> list[Decimal]:
        return lowest_public_totals(session, project_id, [_list(u) for u in some], schemes, sales, day)

    ratio = priced(homes[:1])[0] / _list(homes[0])
    near = best(wish, [_offer(u, _list(u) * ratio) for u in homes], share, PRICED)
    by_id = {u.id: u for u in homes}
    chosen = [by_id[match.offer.unit_id] for match in near]
    return best(wish, [_offer(u, price) for u, price in zip(chosen, priced(chosen), strict=True)], share, most)


def _on_sale(session: Session, project_id: int) -> list[Unit]:
    query = (
        select(Unit)
        .where(
            Unit.project_id == project_id, Unit.state == UnitState.FREE, Unit.stopped.is_(False), Unit.list_total.is_not(None),
            Unit.product.in_(HOMES),
        )
        .options(joinedload(Unit.unit_type), joinedload(Unit.building))
        .order_by(Unit.id)
    )  # fmt: skip
    return list(session.scalars(query))


def _list(unit: Unit) -> Decimal:
    return unit.list_total or Decimal(0)


def _offer(unit: Unit, price: Decimal) -> Offer:
    layout = unit.unit_type.layout if unit.unit_type is not None else ""
    return Offer(
        unit.id, unit.full_name, layout, unit.building_area, price, unit.aspect, unit.floor, unit.building.floors
    )
