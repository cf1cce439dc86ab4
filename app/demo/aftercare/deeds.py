"""办证 of 1栋: the first batch is out and partly collected, the rest stands between papers and registry."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.aftercare.walking import Walk, moment, walk
from app.demo.archive.making import entered, step
from app.demo.world import World
from app.features.handover.deeds.models import DeedBatch, DeedState, TitleDeed
from app.features.units.models import Building
from app.kernel.transactions import write
from app.kernel.workflow import as_step

CO = "contract_officer"
REGISTERED, OPENED = 30, 26  # days ago
FIRST, SECOND = 4, 3  # flats of the two batches that go to the registry
REPAIR_RATE = Decimal(100)  # yuan a ㎡


def load(session: Any, world: World) -> None:
    """The building's first registration, then flat by flat."""
    building = session.scalars(
        select(Building).where(Building.project_id == world.projects["JPYL"].id, Building.name == "1栋")
    ).one()
    first, second = (
        _batch(session, world, building, name, ago)
        for name, ago in (("1栋第 1 批", OPENED), ("1栋第 2 批", OPENED - 6))
    )
    step(session, world, CO, world.at(OPENED, 9, 30), first, "open_deeds")
    deeds = session.scalars(
        select(TitleDeed).where(TitleDeed.batch_id == first.id).order_by(TitleDeed.handed_on, TitleDeed.id)
    ).all()
    _follow(session, second, deeds[FIRST : FIRST + SECOND])
    for number, deed in enumerate(deeds[: FIRST + SECOND]):
        walk(session, world, deed, _life(world, deed, number))
    step(session, world, CO, world.at(14, 10), first, "submit", on=world.day(14), acceptance_no="江登受 2026-11873")
    for number, deed in enumerate(deeds[FIRST + SECOND :], FIRST + SECOND):
        walk(session, world, deed, _life(world, deed, number))
    _certificates(session, first)
    step(session, world, CO, world.at(4, 10), first, "issue", on=world.day(4))
    issued = session.scalars(select(TitleDeed).where(TitleDeed.state == DeedState.ISSUED).order_by(TitleDeed.id)).all()
    for deed in issued[:2]:
        walk(
            session,
            world,
            deed,
            [(CO, world.at(2, 15), "collect", {"on": "on", "collected_by": deed.buyers.split("、")[0]})],
        )
    step(session, world, CO, world.at(3, 10), second, "submit", on=world.day(3), acceptance_no="江登受 2026-12406")


def _batch(session: Any, world: World, building: Building, name: str, ago: int) -> DeedBatch:
    batch = DeedBatch(
        project_id=building.project_id, name=name, building_id=building.id, first_registered_on=world.day(REGISTERED),
        first_no="江（2026）不动产权第0018号",
    )  # fmt: skip
    return entered(session, world, CO, world.at(ago, 9), batch)


def _follow(session: Any, batch: DeedBatch, deeds: Any) -> None:
    def work() -> None:
        with as_step(session):
            for deed in deeds:
                deed.batch_id = batch.id
            session.flush()

    write(session, work)


def _certificates(session: Any, batch: DeedBatch) -> None:
    def work() -> None:
        with as_step(session):
            for deed in session.scalars(
                select(TitleDeed).where(TitleDeed.batch_id == batch.id, TitleDeed.state == DeedState.SUBMITTED)
            ):
                deed.certificate_no = f"江（2026）不动产权第{31_000 + deed.id:06d}号"
            session.flush()

    write(session, work)


def _life(world: World, deed: TitleDeed, number: int) -> list[Walk]:
    """The first seven are ready for the registry, two more have paid, the others still collect."""
    collected: Walk = (CO, world.at(22 - number % 4, 14, number), "receive_rest", {"on": "on"})
    complete: Walk = (CO, world.at(21 - number % 4, 9, number), "papers_complete", {})
    taxes = {
        "on": "on", "deed_tax": (Decimal(11_000) * (100 + number) / 100).quantize(Decimal("0.01")), "deed_tax_no": f"QS2026{number:05d}",
        "repair_fund": (deed.unit.building_area * REPAIR_RATE).quantize(Decimal("0.01")), "repair_fund_no": f"WX2026{number:05d}",
    }  # fmt: skip
    paid: Walk = (CO, moment(world.day(16 if number < FIRST + SECOND else 8), 10, number), "pay_taxes", taxes)
    if number < FIRST + SECOND + 1:
        return [collected, complete, paid]
    return [collected, complete] if number < FIRST + SECOND + 3 else []
