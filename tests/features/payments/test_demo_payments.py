"""The chapter of money in the demo world: what waits at the desk, on a sound book."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from app.demo import organisation, payments
from app.demo.world import World, travel
from app.features.payments.models import (
    FundKind,
    PaymentNotice,
    Receipt,
    ReceiptState,
    Receivable,
    Refund,
    RefundState,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import current_step, open_of
from app.kernel.approval.stations import deciders
from tests.features.payments import makers

pytestmark = pytest.mark.usefixtures("sound_book")


def accounts_of(world, number, opened_days_ago=0):
    """An account of the demo world, opened so many days ago."""
    cast = SimpleNamespace(
        session=world.session,
        project_ids={"a": world.projects["JPYL"].id},
        team_ids={"a1": world.teams["JPYL", "一组"].id},
        person_ids={login: person.id for login, person in world.people.items()},
    )
    with travel(world.at(opened_days_ago)):
        return makers.account(cast, number)


def test_the_desk_of_today(session):
    world = World(session, date(2026, 11, 24))
    with travel(world.at(0, 11)), acting_as(SYSTEM):
        organisation.load(session, world)
        accounts = [accounts_of(world, number, opened_days_ago=5) for number in range(1, 7)]
        full = accounts[-1]
        payments.pay(session, world, full, FundKind.DEPOSIT, Decimal(20000), world.at(5, 11))
        payments.pay(session, world, full, FundKind.FIRST_PAYMENT, Decimal(316834), world.at(4, 11))
        payments.pay(session, world, full, FundKind.BANK_LOAN, Decimal(770000), world.at(2, 11))
        payments.load(session, world)
        states = [r.state for r in session.query(Receipt)]
        assert states.count(ReceiptState.PENDING) == 2
        assert states.count(ReceiptState.REVERSING) == 1
        assert session.query(PaymentNotice).one().number == "JK-JPYL-2026-0001"
        assert session.query(Refund).one().state is RefundState.PENDING
        assert {r.created_at.date() for r in session.query(Receipt)} >= {world.day(5), world.day(0)}
        reversing = session.query(Receipt).filter_by(state=ReceiptState.REVERSING).one()
        request = open_of(session, reversing)
        assert [h.name for h in deciders(current_step(request), request)] == [world.people["developer_finance2"].name]
        assert session.query(Receivable).filter(Receivable.reminders > 0).count() == 3


def test_a_world_without_orders_has_no_money(session):
    world = World(session, date(2026, 11, 24))
    with travel(world.at(0, 11)), acting_as(SYSTEM):
        organisation.load(session, world)
        payments.load(session, world)
        assert session.query(Receipt).count() == 0
