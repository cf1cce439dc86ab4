"""盘点 and 报损: what was counted against the books, one count of an item at a time; booked when it is approved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.office.supplies.effects import UNSCOPED, Move, book, fresh_item
from app.features.office.supplies.kinds import CheckKind, CheckState, MovementKind
from app.features.office.supplies.models import SupplyCheck, SupplyCheckLine, SupplyItem
from app.kernel.actors import Actor
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.workflow import Act


def count_of_everything(session: Session, project_id: int, actor: Actor) -> SupplyCheck | None:
    """A draft of a count with every item in use and what the books say of it; None when nothing is kept.

    Raises RuleError while another count of the project is not decided: what it finds would be booked twice.
    """
    open_one = session.scalars(
        select(SupplyCheck).where(
            SupplyCheck.project_id == project_id, SupplyCheck.kind == CheckKind.COUNT,
            SupplyCheck.state.in_((CheckState.DRAFT, CheckState.REVIEW)),
        )
    ).first()  # fmt: skip
    if open_one is not None:
        raise RuleError(
            "还有一张盘点单（{paper}）没有办完，请先办完或作废它", paper=open_one.number or open_one.checked_on
        )
    items = session.scalars(
        select(SupplyItem)
        .where(SupplyItem.project_id == project_id, SupplyItem.active.is_(True))
        .order_by(SupplyItem.title)
    ).all()
    if not items:
        return None
    paper = SupplyCheck(project_id=project_id, created_by=actor.person_id)
    paper.lines += [SupplyCheckLine(project_id=project_id, item_id=item.id, quantity=item.stock) for item in items]
    session.add(paper)
    session.flush()
    return paper


def note_book(act: Act) -> None:
    """Freeze the book stock and the difference that the approver decides. Raises RuleError for what nobody explained."""
    paper = act.document
    seen: set[int] = set()
    for line in paper.lines:
        item = fresh_item(act.session, line.item_id)
        if item.id in seen:
            raise RuleError("「{item}」填了两行，请合并成一行", item=item.title)
        seen.add(item.id)
        if paper.kind is CheckKind.LOSS and line.quantity == 0:
            raise RuleError("「{item}」的报损数量为 0，请删去这一行或填写数量", item=item.title)
        if paper.kind is CheckKind.COUNT:
            _nobody_else_counts(act.session, paper, item)
        line.book = item.stock
        line.difference = line.quantity - item.stock if paper.kind is CheckKind.COUNT else -line.quantity
        if item.stock + line.difference < 0:
            raise RuleError(
                "「{item}」库存只有 {stock} {unit}，不能报损更多", item=item.title, stock=item.stock, unit=item.unit
            )
        if line.difference and not (line.reason or paper.note):
            raise RuleError("「{item}」有差异，请写明差异原因", item=item.title)


def _nobody_else_counts(session: Session, paper: SupplyCheck, item: SupplyItem) -> None:
    """One count of an item at a time: the differences of two, each against the same book, would both be booked."""
    query = (
        select(SupplyCheck)
        .join(SupplyCheckLine, SupplyCheckLine.check_id == SupplyCheck.id)
        .where(
            SupplyCheckLine.item_id == item.id, SupplyCheck.id != paper.id, SupplyCheck.kind == CheckKind.COUNT,
            SupplyCheck.state == CheckState.REVIEW,
        )
    )  # fmt: skip
    other = session.scalars(query.limit(1), execution_options=UNSCOPED).first()
    if other is not None:
        raise RuleError(
            "「{item}」在盘点单 {paper} 里还没有批完，请等它办完再提交", item=item.title, paper=other.number
        )


def check_need(_session: Session, paper: Any) -> Need:
    """What differs, in words."""
    words = "、".join(
        f"{line.item.title} {line.difference:+d} {line.item.unit}" for line in paper.lines if line.difference
    )
    return Need(summary=f"{words or '账实相符'}；{paper.note}".rstrip("；"))


def book_check(act: Act) -> None:
    """Approved: the difference is booked, not the counted number — what was issued meanwhile stays issued."""
    paper = act.document
    kind = MovementKind.COUNT if paper.kind is CheckKind.COUNT else MovementKind.LOSS
    book(act, kind, [Move(line.item_id, line.difference) for line in paper.lines])
