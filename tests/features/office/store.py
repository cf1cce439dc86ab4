"""Short makers of the papers of the office; all of project A unless told otherwise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload

from app.features.office.equipment.models import Equipment, EquipmentKind
from app.features.office.supplies.kinds import CheckKind, HandKind
from app.features.office.supplies.models import (
    StockMovement,
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
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, requests_of
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.factories import saved


def item(cast: Cast, name: str = "复印纸", stock: int = 0, minimum: int = 5, **more: Any) -> SupplyItem:
    """An item; its stock comes in by a receipt of the clerk."""
    values = {"unit": "包", "title": name} | more
    made = saved(cast.session, SupplyItem(project_id=cast.project_ids["a"], name=name, minimum=minimum, **values))
    if stock:
        step(cast, receipt(cast, (made, stock, "20")), "post", "clerk")
    return fresh(cast, made)


def receipt(cast: Cast, *lines: tuple[SupplyItem, int, str], **more: Any) -> SupplyReceipt:
    """A draft of what came in: (item, quantity, price)."""
    a = cast.project_ids["a"]
    paper = SupplyReceipt(project_id=a, supplier="江城文具", created_by=cast.person_ids["clerk"], **more)
    for one, quantity, price in lines:
        amount = Decimal(price) * quantity
        paper.lines.append(
            SupplyReceiptLine(project_id=a, item_id=one.id, quantity=quantity, unit_price=Decimal(price), amount=amount)
        )
    return saved(cast.session, paper)


def purchase(cast: Cast, *lines: tuple[SupplyItem, int, str], login: str = "clerk") -> SupplyPurchase:
    """A draft of what is to be bought: (item, quantity, price)."""
    a = cast.project_ids["a"]
    paper = SupplyPurchase(project_id=a, reason="补货", created_by=cast.person_ids[login])
    for one, quantity, price in lines:
        amount = Decimal(price) * quantity
        paper.amount = (paper.amount or Decimal(0)) + amount
        paper.lines.append(
            SupplyPurchaseLine(
                project_id=a, item_id=one.id, quantity=quantity, unit_price=Decimal(price), amount=amount
            )
        )
    return saved(cast.session, paper)


def hand(
    cast: Cast, one: SupplyItem, quantity: int, holder: str = "consultant1", kind: HandKind = HandKind.ISSUE
) -> SupplyHand:
    """A draft that hands something to somebody, or takes it back."""
    a = cast.project_ids["a"]
    paper = SupplyHand(project_id=a, kind=kind, holder_id=cast.person_ids[holder], created_by=cast.person_ids["clerk"])
    paper.lines.append(SupplyHandLine(project_id=a, item_id=one.id, quantity=quantity))
    return saved(cast.session, paper)


def check(cast: Cast, one: SupplyItem, quantity: int, kind: CheckKind = CheckKind.COUNT, note: str = "") -> SupplyCheck:
    """A draft of a count or a loss."""
    a = cast.project_ids["a"]
    paper = SupplyCheck(project_id=a, kind=kind, note=note, created_by=cast.person_ids["clerk"])
    paper.lines.append(SupplyCheckLine(project_id=a, item_id=one.id, quantity=quantity))
    return saved(cast.session, paper)


def equipment(cast: Cast, number: str = "SB-001", **more: Any) -> Equipment:
    """A thing in the store."""
    values = {"name": "笔记本电脑", "kind": EquipmentKind.COMPUTER, "title": "笔记本电脑 T14"} | more
    return saved(cast.session, Equipment(project_id=cast.project_ids["a"], asset_number=number, **values))


def step(cast: Cast, paper: Any, name: str, login: str, **form: Any) -> Any:
    """Somebody takes a step; gives the paper back as it is then."""
    actor = cast.actor(login)
    with acting_as(actor):
        fire(cast.session, paper, name, actor, **form)
    return fresh(cast, paper)


def decided(cast: Cast, paper: Any, login: str, verdict: str = "approve", opinion: str = "同意") -> Any:
    """Somebody decides the open request of a paper."""
    actor = cast.actor(login)
    with acting_as(actor):
        request = requests_of(cast.session, paper)[-1]
        station = current_step(request)
        decide(cast.session, request.id, station.id if station else 0, actor, verdict, opinion)
    return fresh(cast, paper)


def fresh(cast: Cast, paper: Any) -> Any:
    """The paper as it stands in the database now."""
    return all_of(cast, type(paper), inspect(paper).identity[0])[0]


def all_of(cast: Cast, model: Any, key: int | None = None) -> list[Any]:
    """Every paper of a kind (or one) with its lines, as the database has them now."""
    with acting_as(SYSTEM):
        cast.session.expire_all()
        query = select(model).order_by(model.id)
        if hasattr(model, "lines"):
            query = query.options(selectinload(model.lines))
        return list(cast.session.scalars(query if key is None else query.where(model.id == key)))


def movements(cast: Cast, one: SupplyItem) -> list[tuple[str, int, int]]:
    """(kind, quantity, balance) of an item, oldest first."""
    with acting_as(SYSTEM):
        query = select(StockMovement).where(StockMovement.item_id == one.id).order_by(StockMovement.id)
        return [(row.kind.value, row.quantity, row.balance) for row in cast.session.scalars(query)]
