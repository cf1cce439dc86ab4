"""The store of the demo world: items, what came in, what was signed for, two things near or below their minimum."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.world import World
from app.features.office.supplies.kinds import CheckKind, HandKind
from app.features.office.supplies.models import (
    SupplyCheck,
    SupplyCheckLine,
    SupplyHand,
    SupplyHandLine,
    SupplyItem,
    SupplyPurchase,
    SupplyPurchaseLine,
    SupplyReceipt,
    SupplyReceiptLine,
)
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from app.kernel.workflow import fire

A = "JPYL"
ITEMS = (
    # name, spec, unit, minimum, where, came in, price
    ("复印纸", "A4 70g 500张", "包", 10, "资料室", 30, "21.50"),
    ("中性笔", "0.5 黑", "支", 20, "前台柜", 60, "1.80"),
    ("便签本", "76×76", "本", 10, "前台柜", 24, "2.60"),
    ("文件夹", "A4 双夹", "个", 15, "资料室", 40, "6.50"),
    ("档案盒", "55mm", "个", 12, "资料室", 36, "9.80"),
    ("印泥", "快干", "盒", 2, "签约室", 4, "18.00"),
    ("桶装水", "18.9L", "桶", 8, "茶水间", 20, "18.00"),
    ("一次性水杯", "250ml 100只", "包", 6, "茶水间", 20, "9.90"),
    ("鞋套", "100只", "包", 10, "样板房", 30, "7.50"),
)
ISSUED = (
    # days ago, to whom, what
    (48, "consultant1", {"复印纸": 4, "中性笔": 8}),
    (47, "consultant2", {"复印纸": 3, "中性笔": 8, "便签本": 4}),
    (40, "contract_officer", {"档案盒": 14, "文件夹": 12, "印泥": 1}),
    (30, "supervisor", {"鞋套": 12, "一次性水杯": 8, "桶装水": 10}),
    (20, "consultant3", {"复印纸": 5, "便签本": 6, "中性笔": 6}),
    (14, "supervisor2", {"鞋套": 8, "复印纸": 5, "桶装水": 6}),
    (6, "contract_officer", {"档案盒": 12, "文件夹": 6, "复印纸": 5}),
)


def keep(session: Any, paper: Any) -> None:
    """Insert a draft in a transaction of its own."""

    def insert() -> None:
        session.add(paper)
        session.flush()

    write(session, insert)


def store(session: Any, world: World) -> None:
    """Everything up to today."""
    with world.acting("clerk", world.at(58, 9)) as clerk:
        for name, spec, unit, minimum, where, *_rest in ITEMS:
            item = SupplyItem(
                project_id=world.projects[A].id, name=name, spec=spec, unit=unit, minimum=minimum, kept_at=where,
                title=f"{name} {spec}", created_by=clerk.person_id,
            )  # fmt: skip
            keep(session, item)
    receive(session, world, {i[0]: (i[5], i[6]) for i in ITEMS}, 55, "江城文具批发", "FP-20331")
    for days, who, what in ISSUED:
        hand(session, world, who, what, days)
    hand(session, world, "consultant2", {"便签本": 1}, 10, kind=HandKind.RETURN)
    _count(session, world)
    _ask_to_buy(session, world)


def _items(session: Any, world: World) -> dict[str, Any]:
    with acting_as(SYSTEM):
        query = select(SupplyItem.name, SupplyItem.id).where(SupplyItem.project_id == world.projects[A].id)
        return {row[0]: row[1] for row in session.execute(query)}


def receive(session: Any, world: World, what: dict[str, tuple[int, str]], days: int, supplier: str, bill: str) -> None:
    """Goods come in and are posted by the clerk."""
    items, project_id = _items(session, world), world.projects[A].id
    with world.acting("clerk", world.at(days, 10)) as clerk:
        paper = SupplyReceipt(
            project_id=project_id,
            supplier=supplier,
            bill_number=bill,
            came_on=world.day(days),
            created_by=clerk.person_id,
        )
        for name, (quantity, price) in what.items():
            amount = Decimal(price) * quantity
            paper.lines.append(
                SupplyReceiptLine(
                    project_id=project_id,
                    item_id=items[name],
                    quantity=quantity,
                    unit_price=Decimal(price),
                    amount=amount,
                )
            )
        paper.amount = sum((line.amount for line in paper.lines), Decimal(0))
        keep(session, paper)
        fire(session, paper, "post", clerk)


def hand(
    session: Any,
    world: World,
    who: str,
    what: dict[str, int],
    days: int,
    *,
    sign: bool = True,
    kind: HandKind = HandKind.ISSUE,
) -> None:
    """The clerk hands out (or takes back), the person signs the same day."""
    items, project_id = _items(session, world), world.projects[A].id
    with world.acting("clerk", world.at(days, 9, 30)) as clerk:
        paper = SupplyHand(project_id=project_id, kind=kind, holder_id=world.people[who].id, created_by=clerk.person_id)
        for name, quantity in what.items():
            paper.lines.append(SupplyHandLine(project_id=project_id, item_id=items[name], quantity=quantity))
        keep(session, paper)
        fire(session, paper, "hand", clerk)
    if sign:
        with world.acting(who, world.at(days, 9, 50)) as holder:
            fire(session, paper, "sign", holder)


def _count(session: Any, world: World) -> None:
    """A count of yesterday that waits for 周敏."""
    items, project_id = _items(session, world), world.projects[A].id
    with world.acting("clerk", world.at(1, 17)) as clerk:
        paper = SupplyCheck(
            project_id=project_id,
            kind=CheckKind.COUNT,
            checked_on=world.day(1),
            note="月末盘点",
            created_by=clerk.person_id,
        )
        for name, quantity, reason in (("鞋套", 9, "开放日临时取用未登记"), ("印泥", 3, "")):
            paper.lines.append(
                SupplyCheckLine(project_id=project_id, item_id=items[name], quantity=quantity, reason=reason)
            )
        keep(session, paper)
        fire(session, paper, "submit", clerk)


def _ask_to_buy(session: Any, world: World) -> None:
    """What ran low is asked for; 周敏 has not decided yet."""
    items, project_id = _items(session, world), world.projects[A].id
    with world.acting("clerk", world.at(0, 8, 40)) as clerk:
        paper = SupplyPurchase(project_id=project_id, reason="复印纸、档案盒补货", created_by=clerk.person_id)
        for name, quantity, price in (("复印纸", 12, "21.50"), ("档案盒", 10, "9.80")):
            amount = Decimal(price) * quantity
            paper.lines.append(
                SupplyPurchaseLine(
                    project_id=project_id,
                    item_id=items[name],
                    quantity=quantity,
                    unit_price=Decimal(price),
                    amount=amount,
                )
            )
        paper.amount = sum((line.amount for line in paper.lines), Decimal(0))
        keep(session, paper)
        fire(session, paper, "submit", clerk)
