"""The chapter of customers in the demo world: two months of real registrations and follow-ups."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from app.demo import customers, organisation
from app.demo.world import World, travel
from app.features.customers.choices import ContactKind, CustomerState, Grade
from app.features.customers.models import Contact, Customer, CustomerPhone, FollowUp
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.workflow import StateChange

TODAY = date(2026, 11, 24)


def test_lively_weeks_of_customers(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "DAYS", 26)  # the site's own demo has 61
    world = World(session, TODAY)
    present = world.at(0, 9, 30)
    with travel(present), acting_as(SYSTEM):
        for chapter in (organisation, customers):
            chapter.load(session, world)
        a, b = world.projects["JPYL"].id, world.projects["CH1"].id

        def counted(column: Any, *where: Any) -> dict[Any, int]:
            query = select(column, func.count()).where(*where).group_by(column)
            return dict(session.execute(query).all())

        by_project = counted(Customer.project_id)
        assert 110 <= by_project[a] <= 180
        assert 8 <= by_project[b] <= 30
        assert set(counted(Customer.grade, Customer.project_id == a)) == set(Grade)
        assert {CustomerState.NEW, CustomerState.FOLLOWING, CustomerState.LOST, CustomerState.POOL} == set(
            counted(Customer.state)
        )
        assert set(counted(Contact.kind)) == set(ContactKind)
        assert session.scalar(select(func.count(FollowUp.id))) > 120
        assert session.scalar(select(func.count(Contact.id)).where(Contact.entered_late)) == 1
        assert session.scalar(select(func.count(Contact.id)).where(Contact.customer_id.is_(None))) > 5
        assert session.scalar(select(func.count(Customer.id)).where(Customer.follow_due_on < TODAY)) > 10
        assert session.scalar(select(func.count(StateChange.id)).where(StateChange.step == "change_owner")) == 2
        for moment in (Contact.at, FollowUp.at, Customer.created_at, StateChange.at):
            assert session.scalar(select(func.max(moment))) <= present
        numbers = [phone.number for phone in session.scalars(select(CustomerPhone))]
        assert all(number.startswith("10") and len(number) == 11 for number in numbers)
        assert len(set(numbers)) == len(numbers)
        assert all(len(ids) >= 1 for ids in world.kept["customers"].values())
