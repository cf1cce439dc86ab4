"""The chapter of orders in the demo world: every tale of these weeks told through the flows, unit and order in step."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from app.demo import deals, organisation, pricing, releases, units
from app.demo.world import World, travel
from app.features.deals.changes.models import ChangeRequest, ChangeState
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.payments.verify import verify
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.records import ApprovalStep, StepState

TODAY = date(2026, 11, 24)
HELD_BY = {
    ReservationState.LOCKED: {UnitState.LOCK}, ReservationState.REVIEW: {UnitState.LOCK}, ReservationState.AWAITING: {UnitState.LOCK},
    ReservationState.EFFECTIVE: {UnitState.ORDER, UnitState.DRAFT}, ReservationState.SIGNED: {UnitState.SIGN, UnitState.HAND},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_demo_world_of_orders(session, monkeypatch):
    monkeypatch.setattr(deals, "SALES", (("JPYL", "1栋", 1, 2, 0.3, 240, 170),))
    world = World(session, TODAY)
    with travel(world.at(0, 15, 45)), acting_as(SYSTEM):
        for chapter in (organisation, units, pricing, releases, deals):
            chapter.load(session, world)
        states = dict(session.execute(select(Reservation.state, func.count()).group_by(Reservation.state)).all())
        assert set(states) == set(ReservationState) - {ReservationState.DRAFT}
        kinds = set(session.scalars(select(Reservation.close_kind).where(Reservation.closed_at.is_not(None))))
        assert {kind.label for kind in kinds} == {"释放", "退订", "挞定", "退房"}
        for order in session.scalars(select(Reservation).where(Reservation.closed_at.is_(None))):
            unit = session.get_one(Unit, order.unit_id)
            assert unit.reservation_id == order.id and unit.state in HELD_BY[order.state], str(order)
        live = set(session.scalars(select(Reservation.id).where(Reservation.closed_at.is_(None))))
        assert set(session.scalars(select(Unit.reservation_id).where(Unit.reservation_id.is_not(None)))) == live
        assert {UnitState.DRAFT, UnitState.HAND} <= set(session.scalars(select(Unit.state)))
        assert {ContractState.REVIEW, ContractState.APPROVED, ContractState.REVOKED} <= set(
            session.scalars(select(Contract.state))
        )
        assert {DiscountState.REVIEW, DiscountState.APPROVED, DiscountState.REFUSED} <= set(
            session.scalars(select(DiscountRequest.state))
        )
        assert {ChangeState.REVIEW, ChangeState.APPROVED, ChangeState.EXECUTED} == set(
            session.scalars(select(ChangeRequest.state))
        )
        waiting = set(session.scalars(select(ApprovalStep.post).where(ApprovalStep.state == StepState.PENDING)))
        assert {
            "supervisor",
            "site_manager",
            "project_manager",
            "developer_site",
            "developer_legal",
            "developer_lead",
        } <= waiting
        assert list(verify(session)) == []
