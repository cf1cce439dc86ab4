"""What follows when supplies move: every change of stock is one guarded UPDATE and one line of the 流水."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.features.office.supplies import rules
from app.features.office.supplies.kinds import HandKind, MovementKind, PurchaseState
from app.features.office.supplies.models import (
    StockMovement,
    SupplyItem,
    SupplyPurchase,
    SupplyPurchaseLine,
)
from app.features.organisation.models import team_of_person
from app.features.organisation.parameters import parameter
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.notices import NoticeKind, notify
from app.kernel.workflow import Act, fire

UNSCOPED = {"unscoped": True}


@dataclass(frozen=True)
class Move:
    """One change: signed quantity, at which price, for whom."""

    item_id: int
    quantity: int
    unit_price: Decimal | None = None
    holder_id: int | None = None
    team_id: int | None = None


def book(act: Act, kind: MovementKind, moves: list[Move]) -> None:
    """Move the stock of several items, always in the order of their ids so that two papers cannot wait for each other.

    Raises RuleError naming the item when less lies there than is to be taken: stock never falls below zero.
    """
    for one in sorted(moves, key=lambda m: m.item_id):
        if one.quantity:
            _move(act, kind, one)


def _move(act: Act, kind: MovementKind, one: Move) -> None:
    session, paper = act.session, act.document
    taken = session.execute(
        update(SupplyItem)
        .where(SupplyItem.id == one.item_id, SupplyItem.project_id == paper.project_id, SupplyItem.stock + one.quantity >= 0)
        .values(stock=SupplyItem.stock + one.quantity),
        execution_options={**UNSCOPED, "synchronize_session": False},
    )  # fmt: skip
    item = fresh_item(session, one.item_id)
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleError(
            "「{item}」库存只有 {stock} {unit}，不够 {wanted} {unit}，请减少数量或先入库",
            item=item.title, stock=item.stock, unit=item.unit, wanted=-one.quantity,
        )  # fmt: skip
    session.add(
        StockMovement(
            project_id=paper.project_id, at=act.at, item_id=item.id, kind=kind, quantity=one.quantity, balance=item.stock,
            unit_price=one.unit_price, holder_id=one.holder_id, team_id=one.team_id, paper=str(paper),
            subject=paper.__tablename__, subject_id=paper.id, person_id=act.actor.person_id,
        )
    )  # fmt: skip


def fresh_item(session: Session, item_id: int) -> SupplyItem:
    """The item with the stock of this moment."""
    query = select(SupplyItem).where(SupplyItem.id == item_id)
    return session.scalars(query, execution_options={**UNSCOPED, "populate_existing": True}).one()


# ── 采购申请 ─────────────────────────────────────────────────
def purchase_need(_session: Session, paper: Any) -> Need:
    """By the expected amount in yuan (07)."""
    words = "、".join(f"{line.item.title} {line.quantity} {line.item.unit}" for line in paper.lines[:4])
    more = f"等 {len(paper.lines)} 项" if len(paper.lines) > 4 else ""
    return Need(paper.amount, summary=f"{words}{more}，预计 {format_amount(paper.amount)} 元；{paper.reason}")


def note_submitter(act: Act) -> None:
    """Who asks does not decide."""
    act.document.submitted_by = act.actor.person_id


def something_is_bought(act: Act) -> None:
    """An empty or free purchase needs no approval."""
    if act.document.amount <= 0:
        raise RuleError("采购申请还没有金额，请先填写物品、数量和预计单价")


def purchase_from_minima(session: Session, project_id: int, actor: Actor) -> SupplyPurchase | None:
    """A draft with every item below its minimum, filled up by the parameter; None when nothing is missing."""
    percent = parameter(session, project_id, "supply_refill_percent")
    low = session.scalars(
        select(SupplyItem)
        .where(SupplyItem.project_id == project_id, SupplyItem.active.is_(True), SupplyItem.stock < SupplyItem.minimum)
        .order_by(SupplyItem.id)
    ).all()
    if not low:
        return None
    paper = SupplyPurchase(project_id=project_id, reason="按安全量补货", created_by=actor.person_id)
    for item in low:
        quantity, price = rules.to_buy(item.stock, item.minimum, percent), item.last_price or Decimal(0)
        paper.lines.append(
            SupplyPurchaseLine(
                project_id=project_id, item_id=item.id, quantity=quantity, unit_price=price, amount=price * quantity
            )
        )
    paper.amount = sum((line.amount for line in paper.lines), Decimal(0))
    session.add(paper)
    session.flush()
    return paper


# ── 入库 ─────────────────────────────────────────────────────
def book_receipt(act: Act) -> None:
    """Goods come in: stock rises, the price is remembered, the purchase has arrived."""
    paper = act.document
    book(act, MovementKind.RECEIPT, [Move(line.item_id, line.quantity, line.unit_price) for line in paper.lines])
    for line in paper.lines:
        act.session.execute(
            update(SupplyItem).where(SupplyItem.id == line.item_id).values(last_price=line.unit_price),
            execution_options={**UNSCOPED, "synchronize_session": False},
        )
    if paper.purchase is not None and paper.purchase.state is PurchaseState.APPROVED:
        fire(act.session, paper.purchase, "arrive", act.actor, internal=True, note=str(paper))


# ── 领用 退还 ────────────────────────────────────────────────
def enough_is_there(act: Act) -> None:
    """Said when it is handed out; what counts is the guarded UPDATE at the signature."""
    if act.document.kind is not HandKind.ISSUE:
        return
    for item_id, quantity in _by_item(act.document.lines).items():
        item = fresh_item(act.session, item_id)
        if item.stock < quantity:
            raise RuleError(
                "「{item}」库存只有 {stock} {unit}，不够 {wanted} {unit}，请减少数量或先入库",
                item=item.title, stock=item.stock, unit=item.unit, wanted=quantity,
            )  # fmt: skip


def returns_what_he_took(act: Act) -> None:
    """Nobody gives back more than he signed for."""
    paper = act.document
    if paper.kind is not HandKind.RETURN:
        return
    query = (
        select(StockMovement.item_id, func.sum(StockMovement.quantity))
        .where(StockMovement.holder_id == paper.holder_id, StockMovement.project_id == paper.project_id)
        .group_by(StockMovement.item_id)
    )
    taken = act.session.execute(query, execution_options=UNSCOPED).all()
    balance: dict[int, int] = {row[0]: row[1] for row in taken}
    for item_id, quantity in _by_item(paper.lines).items():
        kept = -(balance.get(item_id) or 0)  # issues are negative movements, returns positive ones
        if quantity > kept:
            item = fresh_item(act.session, item_id)
            raise RuleError(
                "{who}名下的「{item}」只有 {kept} {unit}，不能退还 {wanted} {unit}",
                who=paper.holder.name, item=item.title, kept=kept, unit=item.unit, wanted=quantity,
            )  # fmt: skip


def _by_item(lines: list[Any]) -> dict[int, int]:
    summed: dict[int, int] = defaultdict(int)
    for line in lines:
        summed[line.item_id] += line.quantity
    return dict(summed)


def note_hand(act: Act) -> None:
    """When it was handed over, and to which team: the monthly use counts by both."""
    paper = act.document
    paper.handed_at = act.at
    paper.team_id = team_of_person(act.session, paper.holder_id, paper.project_id, act.at.date())


def tell_holder(act: Act) -> None:
    """The receiver signs with his own login."""
    paper = act.document
    words = "、".join(f"{line.item.title} {line.quantity} {line.item.unit}" for line in paper.lines)
    notify(
        act.session, [paper.holder_id], f"请签收{paper.kind.label}单 {paper}", body=words, url=f"/supply-hand/show/{paper.id}",
        project_id=paper.project_id, kind=NoticeKind.REMINDER, outside="有办公用品待签收",
    )  # fmt: skip


def tell_keeper(act: Act) -> None:
    """The receiver found something wrong."""
    paper = act.document
    notify(
        act.session, [paper.created_by or 0], f"{paper} 未签收，已退回", body=act.note, url=f"/supply-hand/show/{paper.id}",
        project_id=paper.project_id, kind=NoticeKind.REMINDER, outside="办公用品未签收，已退回",
    )  # fmt: skip


def book_hand(act: Act) -> None:
    """Signed: what was handed out leaves the store, what was given back enters it."""
    paper = act.document
    paper.signed_at = act.at
    sign, kind = (-1, MovementKind.ISSUE) if paper.kind is HandKind.ISSUE else (1, MovementKind.RETURN)
    moves = [
        Move(item_id, sign * quantity, None, paper.holder_id, paper.team_id)
        for item_id, quantity in _by_item(paper.lines).items()
    ]
    book(act, kind, moves)
