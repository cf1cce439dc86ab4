"""Plans are dated, extended, replaced and cancelled; what is paid always stays (02 §2.2.3, §2.3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.features.payments.effects.accounts import (
    PAYERS,
    PLAN_KINDS,
    add_rows,
    close_account,
    locked_account,
    pending_total,
    require_open,
    require_sum,
    row_of,
)
from app.features.payments.effects.allocating import (
    allocate_prepaid,
    allocated_parts,
    live_rows,
    refresh,
    write_parts,
)
from app.features.payments.models import FundKind, LedgerAllocation, OrderAccount, PaidBy, Receipt, Receivable
from app.features.payments.rules import Anchor, LinePart, PlanRow, split_plan
from app.features.pricing.models import PricedLine
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire


def date_plan(session: Any, account: OrderAccount, actor: Actor, *, reserved_on: date, signed_on: date | None) -> None:
    """An event got its day (签约): the rows that count from it get their due dates."""

    def work() -> None:
        with as_step(session):
            days = {Anchor.RESERVED.value: reserved_on, Anchor.SIGNED.value: signed_on}
            for row in live_rows(session, account.id):
                event = days.get(row.anchor or "")
                if event is not None and row.anchor_days is not None:
                    row.due_on = date.fromordinal(event.toordinal() + row.anchor_days)
                    if row.extended_to is not None and row.extended_to <= row.due_on:
                        row.extended_to = None  # the agreed day itself is later now
            session.flush()
            refresh(session, account, actor)

    write(session, work)


def add_receivable(
    session: Any, account: OrderAccount, actor: Actor, kind: FundKind, amount: Decimal, due_on: date, note: str = "",
    line: PricedLine | None = None, line_name: str = "",
) -> Receivable:  # fmt: skip
    """A further row beside the plan (补差, 滞纳金, 代收费): prepaid money pays it at once. line: the 计价项目 whose price it is,
    kept where the plan of the account has lines. Raises RuleError when closed.
    """

    def work() -> Receivable:
        require_open(locked_account(session, account.id))
        with as_step(session):
            lined = any(other.line is not None for other in live_rows(session, account.id))
            row = row_of(
                account, kind, amount, due_on, payer=PaidBy.BUYER, instalment=0, note=note, line=line if lined else None,
                line_name=line_name if lined else "",
            )  # fmt: skip
            session.add(row)
            session.flush()
            allocate_prepaid(session, account, actor)
        return row

    return write(session, work)


def replace_plan(
    session: Any,
    account: OrderAccount,
    actor: Actor,
    *,
    plan: Sequence[PlanRow],
    parts: Sequence[LinePart] = (),
    total: Decimal,
    reserved_on: date,
    signed_on: date | None,
) -> None:
    """变更付款方式: what is paid stays, what is unpaid is replaced; plan is the whole new plan for the whole total.

    A row paid in part ends at what it received. The new rows are shortened, payer by payer and oldest first, by what is kept,
    and shared among the 计价项目 (parts) by what each still lacks; money beyond the new price of a line is free for the others.
    Raises RuleError when the plan does not add up, or more was paid by one side than the new plan asks of it.
    """

    def work() -> None:
        held = locked_account(session, account.id)
        require_open(held)
        require_sum(sum((row.amount for row in plan), Decimal(0)), total)
        with as_step(session):
            rows = _cut_to_paid(session, held, actor)
            _shortened(plan, _by_payer(rows))  # refuses what one side paid too much, before anything is freed
            lacking = _lacking(session, rows, parts, actor)
            refresh(session, held, actor)
            held.total = total
            left = split_plan(_shortened(plan, _by_payer(rows)), lacking)
            add_rows(session, held, left, reserved_on, signed_on)
            allocate_prepaid(session, held, actor)

    write(session, work)


def _cut_to_paid(session: Session, account: OrderAccount, actor: Actor) -> list[Receivable]:
    """End the unpaid rest of every plan row; the rows that were paid."""
    kept = []
    for row in live_rows(session, account.id):
        if row.kind not in PLAN_KINDS:
            continue
        if row.received:
            row.amount = row.received
            kept.append(row)
        else:
            fire(session, row, "cancel", actor, internal=True, note="付款计划变更")
    session.flush()
    return kept


def _by_payer(rows: Iterable[Receivable]) -> dict[PaidBy, Decimal]:
    kept: dict[PaidBy, Decimal] = {}
    for row in rows:
        kept[row.payer] = kept.get(row.payer, Decimal(0)) + row.received
    return kept


def _lacking(session: Session, kept: list[Receivable], parts: Sequence[LinePart], actor: Actor) -> list[LinePart]:
    """What each 计价项目 lacks beside the rows that were paid; a line that was paid beyond its new price frees the excess.

    Rows of before plans had lines count for the first lines that have room.
    """
    left: dict[tuple[PricedLine | None, str], Decimal] = {(part.line, part.name): part.amount for part in parts}
    for row in (row for row in kept if row.line is not None):
        key = (row.line, row.line_name)
        beyond = max(row.received - left.get(key, Decimal(0)), Decimal(0)) if parts else Decimal(0)
        _set_free(session, row, beyond, actor)
        left[key] = left.get(key, Decimal(0)) - row.received
    old = sum((row.received for row in kept if row.line is None), Decimal(0))
    for key, room in left.items():
        taken = min(old, room)
        left[key], old = room - taken, old - taken
    return [replace(part, amount=left[part.line, part.name]) for part in parts]


def _set_free(session: Session, row: Receivable, amount: Decimal, actor: Actor) -> None:
    """The youngest money of a row pays it no more: it is 预收 until it pays another; the row ends at what is left."""
    if not amount:
        return
    for _row, receipt_id, part in reversed(allocated_parts(session, LedgerAllocation.receivable_id == row.id)):
        cut = min(amount, part)
        if cut:
            write_parts(session, session.get_one(Receipt, receipt_id), [(row, -cut)], now())
            amount -= cut
    if row.received:
        row.amount = row.received
    else:
        fire(session, row, "cancel", actor, internal=True, note="付款计划变更")
    session.flush()


def _shortened(plan: Sequence[PlanRow], kept: dict[PaidBy, Decimal]) -> list[PlanRow]:
    rows = []
    left = dict(kept)
    for row in plan:
        payer = PAYERS[row.payer.value]
        paid = min(left.get(payer, Decimal(0)), row.amount)
        left[payer] = left.get(payer, Decimal(0)) - paid
        if row.amount > paid:
            rows.append(PlanRow(row.kind, row.payer, row.amount - paid, row.anchor, row.days, row.instalment))
    for payer, excess in left.items():
        if excess:
            raise RuleError(
                "{payer}已付的款比新计划多 {excess} 元，请先办理退款", payer=payer.label, excess=format_amount(excess)
            )
    return rows


def cancel_plan(session: Any, account: OrderAccount, actor: Actor) -> None:
    """释放: the order ended before money came; its rows are cancelled, the account closes.

    Raises RuleError when money is confirmed or waits for confirmation: that is refunded or settled instead (settle).
    """

    def work() -> None:
        held = locked_account(session, account.id)
        if any(row.received for row in live_rows(session, held.id)) or pending_total(session, held.id):
            raise RuleError("账户「{title}」有已收或待确认的款，请办理退订或退房", title=held.title)
        close_account(session, held, actor)

    write(session, work)
