"""The chapters of units and releases in the demo world: real papers through real flows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from app.demo import organisation, pricing, releases, units
from app.demo.world import World, travel
from app.features.units.guards import held_share_allows
from app.features.units.models import (
    RELEASED,
    Building,
    ControlOrder,
    ControlState,
    Hold,
    HoldState,
    ReleaseBatch,
    ReleaseState,
    Unit,
    UnitEntry,
    UnitState,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.inbox import count_waiting
from app.kernel.readings import ReadReceipt

TODAY = date(2026, 11, 24)


def counted(session, column, project_id):
    query = select(column, func.count(Unit.id)).where(Unit.project_id == project_id).group_by(column)
    return dict(session.execute(query).all())


def test_the_demo_world_of_units(session):
    world = World(session, TODAY)
    with travel(world.at(0, 9, 45)), acting_as(SYSTEM):
        for chapter in (organisation, units, pricing, releases):
            chapter.load(session, world)
        a, b = world.projects["JPYL"].id, world.projects["CH1"].id
        states = counted(session, Unit.state, a)
        assert sum(states.values()) == 620
        assert set(counted(session, Unit.state, b)) == {UnitState.FREE}
        assert states[UnitState.WAIT] == 16
        assert states[UnitState.HOLD] == 3
        assert session.scalar(select(func.count(Unit.id)).where(Unit.stopped.is_(True))) == 1
        released = sum(count for state, count in states.items() if state in RELEASED)
        assert held_share_allows(states[UnitState.HOLD] - 1, released, 5)
        homes = select(func.count(Building.id)).where(Building.project_id == a, Building.name.like("_栋"))
        assert session.scalar(homes) == 6
        prices = session.execute(select(Unit.list_total, Unit.filed_total).where(Unit.state.in_(RELEASED))).all()
        assert all(listed is not None and listed <= filed for listed, filed in prices)
        batches = dict(session.execute(select(ReleaseBatch.name, ReleaseBatch.state)).all())
        assert batches["3栋高区加推"] is ReleaseState.REVIEW
        assert sum(state is ReleaseState.RELEASED for state in batches.values()) == 4
        assert set(session.scalars(select(Hold.state))) == {HoldState.ACTIVE, HoldState.EXPIRED, HoldState.REVIEW}
        assert set(session.scalars(select(ControlOrder.state))) == {ControlState.ISSUED, ControlState.REVIEW}
        read = session.scalars(select(ReadReceipt.read_at).where(ReadReceipt.subject == "control_order")).all()
        assert sum(moment is not None for moment in read) == 1
        assert len(read) == 4
        assert (
            session.scalar(select(func.count(UnitEntry.id))) == len(units.HOUSES) + 2
        )  # the high floors, the fitted homes
        assert all(session.scalars(select(Unit.confirmed)))
        for login in ("project_manager", "developer_site"):
            assert count_waiting(session, world.actor(login)) > 0, login
