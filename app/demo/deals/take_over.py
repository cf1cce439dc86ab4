"""翠湖壹号 takes over three orders of an old ledger: everything is in, the sum of 甲方财务 is ten thousand off and must be found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo import invented
from app.demo.world import World
from app.features.deals.takeover.models import Stage, TakeOver, TakeOverOrder, TakeOverReceipt
from app.features.payments.models import FundKind
from app.features.pricing.models import PaymentScheme, SchemeKind, SchemeState
from app.features.units.models import Building, Unit, UnitState
from app.kernel.transactions import write

CODE, HOMES, DEPOSIT, FINISH = "CH1", 3, Decimal(20000), Decimal(60000)
STAGES = (Stage.FILED, Stage.SIGNED, Stage.ORDERED)


def take_over(session: Any, world: World) -> None:
    """The paper as the clerk left it yesterday evening."""
    project_id = world.projects[CODE].id
    query = select(Unit).join(Building, Building.id == Unit.building_id).where(
        Unit.project_id == project_id, Building.name == "2栋", Unit.state == UnitState.FREE, Unit.list_total.is_not(None)
    )  # fmt: skip
    homes = session.scalars(query.order_by(Unit.id.desc()).limit(HOMES)).all()
    scheme = session.scalars(
        select(PaymentScheme).where(
            PaymentScheme.project_id == project_id, PaymentScheme.kind == SchemeKind.LUMP_SUM, PaymentScheme.state == SchemeState.ACTIVE
        )
    ).first()  # fmt: skip
    with world.acting("other_clerk", world.at(1, 17)) as who:
        write(session, lambda: _rows(session, world, homes, scheme, who.person_id))


def _rows(session: Any, world: World, homes: Any, scheme: Any, clerk: int) -> None:
    total = sum((home.list_total for home in homes), Decimal(0))
    paid = sum((home.list_total if n < 2 else DEPOSIT for n, home in enumerate(homes)), Decimal(0))
    own = {"project_id": homes[0].project_id, "created_by": clerk}
    paper = TakeOver(
        as_of=world.day(1), orders_expected=len(homes), signed_expected=2, total_expected=total,
        received_expected=paid + Decimal(10000), owed_expected=total - paid, note="上线前由旧台账接入，收款以甲方财务日记账为准", **own,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    phones = world.kept.setdefault("buyers' phones", invented.phones(world.random))
    for n, (home, stage) in enumerate(zip(homes, STAGES, strict=True)):
        began = 120 - 30 * n
        one = TakeOverOrder(
            take_over_id=paper.id, unit_id=home.id, buyer=invented.name(world.random, male=n != 1), id_number=invented.id_card(world.random),
            phone=next(phones), seller_id=world.people["other_consultant"].id, stage=stage, old_number=f"老台账-{n + 1:03d}",
            reserved_on=world.day(began), scheme_id=scheme.id, total=home.list_total, deposit=DEPOSIT,
            finish_total=FINISH if n == 1 else None, **own,
        )  # fmt: skip
        if stage is not Stage.ORDERED:
            one.contract_no, one.signed_on = f"CH-2026-{n + 1:04d}", world.day(began - 7)
        if stage is Stage.FILED:
            one.online_no, one.online_on = f"WQ{began:06d}", world.day(began - 9)
            one.filed_no, one.filed_on = f"BA{began:06d}", world.day(began - 20)
        session.add(one)
        parts = [(FundKind.DEPOSIT, DEPOSIT, began)]
        if stage is not Stage.ORDERED:
            parts.append((FundKind.PRICE, home.list_total - DEPOSIT, began - 7))
        for number, (kind, amount, ago) in enumerate(parts, 1):
            session.add(TakeOverReceipt(
                take_over_id=paper.id, unit_id=home.id, kind=kind, amount=amount, paid_on=world.day(ago),
                old_number=f"SJ{n + 1:03d}-{number}", **own,
            ))  # fmt: skip
    session.flush()
