"""Who buys: a customer whom the consultant knows, or one who was received a few days before the order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.demo import invented
from app.demo.customers import guest
from app.demo.world import World
from app.features.customers.choices import ConsentChannel, ContactKind, CustomerState, Grade, Source
from app.features.customers.effects import NewCustomer, register
from app.features.customers.models import Customer
from app.features.deals.reservations.models import Buyer, Ownership, Reservation
from app.kernel.workflow import fire

CONSENT: dict[str, Any] = {
    "version": "2026-01", "channel": ConsentChannel.PAPER, "agree_identity": True, "agree_bank": True, "agree_developer": True,
}  # fmt: skip


def known_customer(session: Any, world: World, seller: str, before: datetime) -> Customer | None:
    """The next of the consultant's customers who was last spoken to before that moment; each is taken once."""
    waiting: list[int] = world.kept.get("customers", {}).get(seller, [])
    for customer_id in waiting:
        customer: Customer = session.get_one(Customer, customer_id)
        if customer.last_contact_at < before and customer.state is CustomerState.FOLLOWING:
            waiting.remove(customer_id)
            return customer
    return None


def new_customer(session: Any, world: World, code: str, seller: str, moment: datetime) -> Customer:
    """A first visit of somebody who wants to buy."""
    chance = world.random
    phones = world.kept.setdefault("buyers' phones", invented.phones(chance))
    visit = NewCustomer(
        kind=ContactKind.FIRST_VISIT, source=chance.choice((Source.PASSING, Source.FRIEND, Source.NETWORK, Source.REFERRAL)),
        at=moment, noted={"people": 2, "needs": "已看过样板房，想尽快定下来"}, phones=(next(phones),), **guest(world) | {"grade": Grade.A},
    )  # fmt: skip
    with world.acting(seller, moment) as who:
        return register(session, who, world.projects[code].id, visit)


def note_consent(session: Any, customer: Customer, who: Any) -> None:
    """The customer signs the consent before his ID number is taken (02 §2.5.11)."""
    if customer.consent_at is None:
        fire(session, customer, "note_consent", who, **CONSENT)


def write_buyers(session: Any, world: World, order: Reservation, *, couple: bool) -> None:
    """The customer himself, with his wife or her husband where both own the flat."""
    chance = world.random
    names = [order.customer_name]
    if couple:
        order.ownership = Ownership.JOINT
        names.append(invented.name(chance, male=chance.random() < 0.5))
    for name in names:
        session.add(
            Buyer(
                project_id=order.project_id, owner_id=order.owner_id, partner_id=order.partner_id, team_id=order.team_id,
                reservation_id=order.id, name=name, id_number=invented.id_card(chance),
            )
        )  # fmt: skip
