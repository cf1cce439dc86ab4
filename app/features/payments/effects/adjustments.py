"""What a running order owes otherwise than its plan said: a bank that lends less, a price that the survey brings down (02 §2.2.2, §2.3.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.features.payments.effects.accounts import locked_account, require_open, row_of
from app.features.payments.effects.allocating import (
    allocate_prepaid,
    allocated_parts,
    confirmed_receipts,
    live_rows,
    refresh,
    write_parts,
)
from app.features.payments.effects.ledger import post
from app.features.payments.effects.receipts import follow_account
from app.features.payments.models import (
    FundKind,
    LedgerAllocation,
    LedgerCode,
    OrderAccount,
    PaidBy,
    PostingKind,
    Receipt,
    Receivable,
    Refund,
)
from app.features.payments.rules.booking import Line, credit_code, payer_of
from app.features.pricing.models import PricedLine
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire

HOME = (PricedLine.HOME, "")


def lend_less(
    session: Any, account: OrderAccount, actor: Actor, kind: FundKind, amount: Decimal, due_on: date, note: str
) -> list[Receivable]:
    """补首付: the lender's unpaid rows of this kind (按揭, 公积金) shrink by amount, the buyer owes it as 首期; the sum of the plan
    and of each 计价项目 stays: a row for every row that shrank.

    Raises RuleError when the lender's unpaid rows are smaller than the amount.
    """

    def work() -> list[Receivable]:
        held = locked_account(session, account.id)
        require_open(held)
        rows = [row for row in live_rows(session, held.id) if row.kind is kind]
        if sum((row.open_amount for row in rows), Decimal(0)) < amount:
            raise RuleError(
                "「{kind}」未到账的款不足 {amount} 元，不能转为补首付", kind=kind.label, amount=format_amount(amount)
            )
        with as_step(session):
            owed = [
                row_of(held, FundKind.FIRST_PAYMENT, cut, due_on, payer=PaidBy.BUYER, instalment=0, note=note[:200],
                       line=row.line, line_name=row.line_name)
                for row, cut in _shrink(session, actor, rows, amount, note)
            ]  # fmt: skip
            session.add_all(owed)
            session.flush()
            allocate_prepaid(session, held, actor)
        return owed

    return write(session, work)


def _shrink(
    session: Session, actor: Actor, rows: Sequence[Receivable], amount: Decimal, note: str
) -> list[tuple[Receivable, Decimal]]:
    """Take amount off what these rows have open, the last row first; (row, yuan) of what each gave, which may be less in all."""
    left, given = amount, []
    for row in reversed(rows):
        cut = min(left, row.open_amount)
        if not cut:
            continue
        left -= cut
        given.append((row, cut))
        if cut == row.amount:
            fire(session, row, "cancel", actor, internal=True, note=note)
        else:
            row.amount -= cut
    session.flush()
    return given


def give_price_back(
    session: Any, account: OrderAccount, actor: Actor, amount: Decimal, *, compensation: Decimal = Decimal(0), paper: Any, reason: str,
    line: tuple[PricedLine, str] = HOME,
) -> list[Refund]:  # fmt: skip
    """The price of one 计价项目 of a running order (line: which, its name in the account) falls by amount (yuan): what is still open of the buyer's rows falls first, what was paid
    goes back to its payers, the youngest money first; compensation is paid by the seller on top. 甲方财务 pays the refunds.

    paper: the approved 补差单 (one posting each). Raises RuleError when the buyer's rows do not hold so much.
    """

    def work() -> list[Refund]:
        held = locked_account(session, account.id)
        require_open(held)
        with as_step(session):
            rows = [row for row in live_rows(session, held.id) if _price_of_buyer(row) and _is_of(row, line)]
            receipts = {r.id: r for r in confirmed_receipts(session, held.id) if _price_of_buyer(r)}
            left = amount - sum((cut for _row, cut in _shrink(session, actor, rows, amount, reason)), Decimal(0))
            back = _free(session, actor, [row for row in rows if row.received], receipts, left, reason)
            held.total -= amount
            refunds = _pay_back(session, actor, held, receipts, back, compensation, paper, reason)
            session.flush()
            refresh(session, held, actor)
        return refunds

    return write(session, work)


def owe_compensation(
    session: Any, account: OrderAccount, actor: Actor, amount: Decimal, *, paper: Any, reason: str
) -> Refund:
    """What the seller owes the buyer of a running order, on top of its price: 甲方财务 pays it like a refund, to the first payer.

    Raises RuleError where no money of the buyer was confirmed, so that nobody is known to pay to.
    """

    def work() -> Refund:
        held = locked_account(session, account.id)
        require_open(held)
        receipts = [one for one in confirmed_receipts(session, held.id) if _price_of_buyer(one)]
        if not receipts:
            raise RuleError("没有已确认的收款，不能确定补偿付给谁")
        with as_step(session):
            made = Refund(
                account_id=held.id, receipt_id=receipts[0].id, amount=amount, reason=reason[:300], settled=True,
                payee_name=receipts[0].payer_name, created_by=actor.person_id, paper=str(paper)[:64],
            )  # fmt: skip
            follow_account(made, held)
            session.add(made)
            session.flush()
            lines = [Line(LedgerCode.COMPENSATION, amount), Line(LedgerCode.REFUNDS, -amount)]
            memo = f"{paper} {reason}"
            post(session, actor, made, PostingKind.SETTLEMENT, lines, account_id=held.id, memo=memo, at=now())
        return made

    return write(session, work)


def _is_of(row: Receivable, line: tuple[PricedLine, str]) -> bool:
    """Whether the row is owed for this 计价项目; rows of before plans had lines are owed for all of them."""
    return row.line is None or (row.line, row.line_name) == line


def _price_of_buyer(paper: Any) -> bool:
    """Of a row or a receipt: part of the price, and the buyer's own money."""
    return payer_of(paper.kind) is PaidBy.BUYER and credit_code(paper.kind) is LedgerCode.BUYERS


def _free(
    session: Session, actor: Actor, rows: Sequence[Receivable], receipts: dict[int, Receipt], amount: Decimal, reason: str
) -> dict[int, Decimal]:  # fmt: skip
    """Rows that were paid end lower; the money that paid them, by receipt, is free to go back."""
    left, back = amount, dict[int, Decimal]()
    for row in reversed(rows):
        for _row, receipt_id, part in reversed(allocated_parts(session, LedgerAllocation.receivable_id == row.id)):
            cut = min(left, part)
            if not cut or receipt_id not in receipts:
                continue
            left -= cut
            back[receipt_id] = back.get(receipt_id, Decimal(0)) + cut
            write_parts(session, receipts[receipt_id], [(row, -cut)], now())
            if cut == row.amount:
                fire(session, row, "cancel", actor, internal=True, note=reason)
            else:
                row.amount -= cut
    if left:
        raise RuleError("买受人已付和应付的房款不足，还差 {left} 元，不能退补差款", left=format_amount(left))
    session.flush()
    return back


def _pay_back(
    session: Session, actor: Actor, account: OrderAccount, receipts: dict[int, Receipt], back: dict[int, Decimal],
    compensation: Decimal, paper: Any, reason: str,
) -> list[Refund]:  # fmt: skip
    """A refund of 预收房款 for each receipt that is paid back; the compensation is an expense of its own, to the first payer."""

    def refund(key: int, amount: Decimal, *, settled: bool) -> Refund:
        made = Refund(
            account_id=account.id, receipt_id=key, amount=amount, reason=reason[:300], payee_name=receipts[key].payer_name,
            created_by=actor.person_id, paper=str(paper)[:64], settled=settled,
        )  # fmt: skip
        follow_account(made, account)
        session.add(made)
        return made

    made = [refund(key, part, settled=False) for key, part in sorted(back.items())]
    if compensation:
        if not receipts:
            raise RuleError("没有已确认的收款，不能退款")
        lines = [Line(LedgerCode.COMPENSATION, compensation), Line(LedgerCode.REFUNDS, -compensation)]
        memo = f"{paper} {reason}"
        post(session, actor, paper, PostingKind.SETTLEMENT, lines, account_id=account.id, memo=memo, at=now())
        made.append(refund(min(back or receipts), compensation, settled=True))
    return made
