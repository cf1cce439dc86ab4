"""The office of the demo world: something for each post, the store agrees with its movements, one expense over its budget."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.demo import office, organisation
from app.demo.world import World
from app.features.office.equipment.models import Equipment, EquipmentState
from app.features.office.expenses.kinds import ExpenseState
from app.features.office.expenses.models import AgencyExpense, DeveloperExpense
from app.features.office.supplies.models import SupplyItem
from app.features.office.supplies.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.records import ApprovalRequest, RequestState
from app.kernel.base import now


@pytest.fixture
def world(session):
    made = World(session, now().date())
    with acting_as(SYSTEM):
        organisation.load(session, made)
        office.load(session, made)
        yield made


def test_the_office_has_something_for_everybody(session, world):
    low = session.scalars(select(SupplyItem.name).where(SupplyItem.stock < SupplyItem.minimum)).all()
    assert len(low) >= 2
    assert list(verify(session)) == []
    repaired = session.scalars(select(Equipment.name).where(Equipment.state == EquipmentState.REPAIR)).all()
    assert repaired == ["打印复印一体机"]
    over = session.scalars(select(AgencyExpense).where(AgencyExpense.over_amount > 0)).all()
    assert [paper.state for paper in over] == [ExpenseState.REVIEW]
    states = dict(session.execute(select(AgencyExpense.state, func.count()).group_by(AgencyExpense.state)).all())
    assert {ExpenseState.REVIEW, ExpenseState.APPROVED, ExpenseState.PAID} <= set(states)
    assert session.scalars(select(DeveloperExpense.state)).all() == [ExpenseState.REVIEW]
    waiting = session.scalars(select(ApprovalRequest.kind).where(ApprovalRequest.state == RequestState.PENDING)).all()
    assert {"expense_agency", "expense_developer", "supply_count", "supply_purchase"} <= set(waiting)
