"""What becomes of a place in the queue: a flat is chosen, the 诚意金 becomes 定金, or it goes back and the place is left."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.approvals import answer
from app.demo.deals.buyers import note_consent, write_buyers
from app.demo.deals.sites import RIVER
from app.demo.deals.timetable import Life
from app.demo.world import World
from app.features.customers.models import Customer
from app.features.deals.intentions.effects import account_for
from app.features.deals.intentions.models import Intention
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.models import Reservation
from app.features.deals.reservations.price import price_order
from app.features.payments.models import Credited, Refund, RefundState
from app.features.pricing.models import PaymentScheme, SchemeState
from app.kernel.transactions import write
from app.kernel.workflow import fire

CASH = "一次性付款"


def chosen(session: Any, world: World, seller: str, paper: Intention, moment: datetime) -> Life:
    """选房: the wished flat is locked, the order waits for the supervisor."""
    yield moment
    _consent(session, world, seller, paper, moment)
    with world.acting(RIVER.supervisor, moment) as who:
        fire(session, paper, "choose", who, unit_id=paper.first_unit_id)
    session.refresh(paper)
    yield from _submitted(session, world, seller, session.get_one(Reservation, paper.reservation_id), moment)


def deposited(session: Any, world: World, seller: str, paper: Intention, moment: datetime) -> Life:
    """转定金: the customer locked a flat outside the queue; with the approval his 诚意金 is 定金."""
    yield moment
    _consent(session, world, seller, paper, moment)
    with world.acting(seller, moment) as who:
        order = lock_unit(session, who, paper.first_unit_id, paper.customer_id)
    with world.acting(RIVER.supervisor, moment) as who:
        fire(session, paper, "to_deposit", who)
    yield from _submitted(session, world, seller, order, moment)
    yield moment + timedelta(minutes=50)
    answer(session, world, order, RIVER.supervisor, moment + timedelta(minutes=50), "approve", "诚意金转定金，同意")


def paid_back(session: Any, world: World, paper: Intention, moment: datetime) -> Life:
    """退号: the money is back with whoever paid it."""
    account = account_for(session, paper)
    if account is None:
        raise LookupError(f"{paper} has no account")
    yield moment
    query = select(Refund).where(Refund.account_id == account.id, Refund.state == RefundState.PENDING)
    for refund in session.scalars(query).all():
        with world.acting(RIVER.cashier, moment) as who:
            fire(
                session, refund, "pay", who, paid_on=moment.date(), credited=Credited.SUPERVISED,
                payee_account="6200 0000 0000 1234 567", reference=f"TKRC{moment:%y%m%d}",
            )  # fmt: skip
    yield moment + timedelta(minutes=5)
    with world.acting(RIVER.cashier, moment + timedelta(minutes=5)) as who:
        fire(session, paper, "paid_back", who)


def _consent(session: Any, world: World, seller: str, paper: Intention, moment: datetime) -> None:
    with world.acting(seller, moment) as who:
        note_consent(session, session.get_one(Customer, paper.customer_id), who)


def _submitted(session: Any, world: World, seller: str, order: Reservation, moment: datetime) -> Life:
    """Price, buyer and the submit, within the minutes of the lock."""
    yield moment + timedelta(minutes=10)
    with world.acting(seller, moment + timedelta(minutes=10)):

        def work() -> None:
            query = select(PaymentScheme).where(
                PaymentScheme.project_id == order.project_id, PaymentScheme.name == CASH,
                PaymentScheme.state == SchemeState.ACTIVE,
            )  # fmt: skip
            order.scheme_id, order.deposit = session.scalars(query).one().id, Decimal(20_000)
            price_order(session, order, order.unit)
            write_buyers(session, world, order, couple=False)
            session.flush()

        write(session, work)
    yield moment + timedelta(minutes=16)
    with world.acting(seller, moment + timedelta(minutes=16)) as who:
        fire(session, order, "submit", who)
