"""逾期交付违约金 of 1栋: counted and agreed twelve days ago, with one home set aside; the next list waits to be checked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.world import World
from app.features.handover.late.effects import list_homes
from app.features.handover.late.models import LateBatch, LateHome, LateHomeState
from app.features.units.models import Building
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

SVC, JFS = "developer_service", "developer_site"
FIRST = 12  # days ago


def load(session: Any, world: World) -> None:
    """After the handovers: who was late is known then."""
    building = session.scalars(
        select(Building).where(Building.project_id == world.projects["JPYL"].id, Building.name == "1栋")
    ).one()
    first = _batch(session, world, building, FIRST)
    query = select(LateHome).where(LateHome.batch_id == first.id, LateHome.state == LateHomeState.COUNTED)
    aside = session.scalars(query.order_by(LateHome.amount).limit(1)).one()
    with world.acting(SVC, world.at(FIRST, 10, 20)) as who:
        fire(session, aside, "set_aside", who, note="买受人书面同意延期收楼，见补充协议")
    with world.acting(SVC, world.at(FIRST, 10, 40)) as who:
        fire(session, first, "submit", who)
    agree(session, world, first, JFS, world.at(FIRST, 15, 10))
    _batch(session, world, building, 0)


def _batch(session: Any, world: World, building: Building, ago: int) -> LateBatch:
    with world.acting(SVC, world.at(ago, 9, 30)) as who:

        def work() -> LateBatch:
            with as_step(session):
                paper = LateBatch(
                    project_id=building.project_id, building_id=building.id, until_on=world.day(ago), created_by=who.person_id
                )  # fmt: skip
                session.add(paper)
                session.flush()
                list_homes(session, paper, who)
            return paper

        return write(session, work)
