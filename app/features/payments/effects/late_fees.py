"""滞纳金: accrues by the contract's clause, is charged as a row of its own, is waived by a decided paper (02 §2.3.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, object_session

from app.features.organisation.parameters import parameter
from app.features.payments.effects.accounts import PLAN_KINDS, locked_account, require_open, row_of
from app.features.payments.effects.allocating import live_rows, refresh
from app.features.payments.effects.ledger import UNSCOPED
from app.features.payments.models import (
    FundKind,
    LedgerAllocation,
    OrderAccount,
    PaidBy,
    Receipt,
    Receivable,
    ReceivableState,
)
from app.features.payments.rules import Accrual, LateFee, LateFeeTerms, PaidPart, Payer, late_fee
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import format_amount
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step, fire

PAYERS = {PaidBy.BUYER: Payer.BUYER, PaidBy.BANK: Payer.BANK, PaidBy.FUND: Payer.FUND}
DEFAULT_DAYS = 60  # of the standard contract (02 §2.3.6)
NOTHING = Accrual(LateFee(Decimal(0), 0, may_terminate=False))


def set_late_terms(
    session: Any, account: OrderAccount, *, daily_rate: Decimal, termination_days: int, termination_share: Decimal
) -> None:
    """The contract is signed: from now on its clause on late payment counts for the account; joins the caller's step."""
    account.late_rate, account.termination_days = daily_rate, termination_days
    account.termination_share = termination_share
    session.flush()


def accruals(session: Session, rows: Iterable[Receivable], as_of: date | None = None) -> dict[int, Accrual]:
    """The late fee of each row up to a day (default today). Cancelled rows and rows that are fees themselves have none."""
    day = as_of or now().date()
    counted = [r for r in rows if r.state is not ReceivableState.CANCELLED and r.kind is not FundKind.LATE_FEE]
    keys = [row.id for row in counted]
    paid, charged, terms_of = _paid_parts(session, keys), _charged(session, keys), _terms(session, counted)
    found = {}
    for row in counted:
        terms = terms_of.get(row.account_id)
        if row.due_on is None or terms is None:
            continue
        late = late_fee(
            row.amount, row.due_on, paid.get(row.id, []), terms, as_of=day, extended_to=row.extended_to, payer=PAYERS[row.payer]
        )  # fmt: skip
        found[row.id] = Accrual(late, charged.get(row.id, Decimal(0)), row.late_waived)
    return found


def accrual(session: Session, row: Receivable, as_of: date | None = None) -> Accrual:
    """The late fee of one row."""
    return accruals(session, [row], as_of).get(row.id, NOTHING)


def _terms(session: Session, rows: list[Receivable]) -> dict[int, LateFeeTerms]:
    """The clause of each account that has one, whoever asks: he sees the row."""
    query = select(OrderAccount).where(
        OrderAccount.id.in_({row.account_id for row in rows}), OrderAccount.late_rate.is_not(None)
    )
    found = list(session.scalars(query, execution_options=UNSCOPED))
    loans = {p: bool(parameter(session, p, "late_fee_loans")) for p in {account.project_id for account in found}}
    return {
        account.id: LateFeeTerms(
            account.late_rate or Decimal(0),
            DEFAULT_DAYS if account.termination_days is None else account.termination_days,
            account.termination_share or Decimal(0),
            loans_pay=loans[account.project_id],
        )
        for account in found
    }


def _paid_parts(session: Session, keys: list[int]) -> dict[int, list[PaidPart]]:
    """What reached each row and still counts, by the day on which the buyer paid."""
    query = (
        select(LedgerAllocation.receivable_id, Receipt.paid_on, func.sum(LedgerAllocation.amount))
        .join(Receipt, Receipt.id == LedgerAllocation.receipt_id)
        .where(LedgerAllocation.receivable_id.in_(keys))
        .group_by(LedgerAllocation.receivable_id, LedgerAllocation.receipt_id, Receipt.paid_on)
        .having(func.sum(LedgerAllocation.amount) > 0)
    )
    parts: dict[int, list[PaidPart]] = {}
    for key, day, amount in session.execute(query, execution_options=UNSCOPED):
        parts.setdefault(key, []).append(PaidPart(day, amount))
    return parts


def accumulated_due(session: Session, account: OrderAccount) -> Decimal:
    """累计应付款 (02 §2.3.6 L5): what the buyer had to pay of the price until today, paid or not, yuan."""
    today = now().date()
    rows = (row for row in live_rows(session, account.id) if row.kind in PLAN_KINDS and row.payer is PaidBy.BUYER)
    return sum((row.amount for row in rows if row.payable_on is not None and row.payable_on <= today), Decimal(0))


def price_paid(session: Session, account: OrderAccount) -> list[PaidPart]:
    """The confirmed money that pays the price now, by the day on which it was paid."""
    price = [row.id for row in live_rows(session, account.id) if row.kind in PLAN_KINDS]
    return [part for parts in _paid_parts(session, price).values() for part in parts]


def _charged(session: Session, keys: list[int]) -> dict[int, Decimal]:
    query = (
        select(Receivable.late_of_id, func.sum(Receivable.amount))
        .where(Receivable.late_of_id.in_(keys), Receivable.state != ReceivableState.CANCELLED)
        .group_by(Receivable.late_of_id)
    )
    return {key: amount for key, amount in session.execute(query, execution_options=UNSCOPED) if key is not None}


def charge_late_fee(session: Any, actor: Actor, row: Receivable, *, as_of: date | None = None) -> Receivable:
    """What accrued and was neither charged nor waived becomes a row 「滞纳金」, due today. Raises RuleError when there is nothing."""

    def work() -> Receivable:
        account = locked_account(session, row.account_id)
        require_open(account)
        found = accrual(session, row, as_of)
        if not found.uncharged:
            raise RuleError("「{title}」没有可计收的滞纳金", title=row.title)
        day = as_of or now().date()
        note = f"{row.kind.label}逾期 {found.late.days} 天，计至 {day}"
        with as_step(session):
            made = row_of(
                account, FundKind.LATE_FEE, found.uncharged, now().date(), payer=PaidBy.BUYER, instalment=0, note=note,
                late_of_id=row.id,
            )  # fmt: skip  # the buyer owes it whoever was late: the contract is his
            session.add(made)
            session.flush()
            refresh(session, account, actor)
        return made

    return write(session, work)


def waivable(session: Session, row: Receivable) -> Decimal:
    """What may be waived of the row's fee now, yuan: not charged yet, or charged and not paid."""
    open_fees = sum((fee.open_amount for fee in _open_fee_rows(session, row)), Decimal(0))
    return accrual(session, row).uncharged + open_fees


def waive_late_fee(session: Any, actor: Actor, row: Receivable, amount: Decimal, paper: Any) -> None:
    """减免 as it was decided: first what is not charged yet, then open 滞纳金 rows. Raises RuleError beyond what is open."""

    def work() -> None:
        account = locked_account(session, row.account_id)
        require_open(account)
        most = waivable(session, row)
        if not 0 < amount <= most:
            raise RuleError(
                "「{title}」可减免的滞纳金是 {most} 元（已收的不能减免），减免金额应大于零且不超过它",
                field="amount", title=row.title, most=format_amount(most),
            )  # fmt: skip
        with as_step(session):
            charged = amount - min(amount, accrual(session, row).uncharged)
            row.late_waived += amount
            _shrink(session, actor, _open_fee_rows(session, row), charged, f"减免 {paper}")
            refresh(session, account, actor)

    write(session, work)


def release_excess(session: Session, actor: Actor, row: Receivable, why: str) -> None:
    """An extension made the fee smaller: open 滞纳金 rows shrink with it; what was paid stays; joins the caller's step."""
    excess = accrual(session, row).excess
    if excess:
        _shrink(session, actor, _open_fee_rows(session, row), excess, why)


def _open_fee_rows(session: Session, row: Receivable) -> list[Receivable]:
    query = (
        select(Receivable)
        .where(Receivable.late_of_id == row.id, Receivable.state != ReceivableState.CANCELLED)
        .order_by(Receivable.id.desc())
    )
    return [fee for fee in session.scalars(query, execution_options=UNSCOPED) if fee.open_amount > 0]


def _shrink(session: Session, actor: Actor, fees: list[Receivable], amount: Decimal, note: str) -> None:
    """Take yuan off open fee rows, the youngest first; one that is off as a whole is cancelled."""
    left = amount
    for fee in fees:
        part = min(left, fee.open_amount)
        left -= part
        if part == fee.amount:
            fire(session, fee, "cancel", actor, internal=True, note=note)
        elif part:
            fee.amount -= part
            fee.note = f"{fee.note}；{note} {format_amount(part)} 元"[:200]
    session.flush()


def charge_settled(session: Session, actor: Actor, account: OrderAccount) -> None:
    """By parameter: rows that are paid off late are charged at once, their fee cannot grow any more; joins the caller's step."""
    if account.late_rate is None or not parameter(session, account.project_id, "late_fee_auto"):
        return
    paid = [row for row in live_rows(session, account.id) if row.state is ReceivableState.PAID]
    found = accruals(session, paid)
    for row in paid:
        if row.id in found and found[row.id].uncharged:
            charge_late_fee(session, actor, row)


def has_uncharged(row: Receivable, _actor: Actor) -> bool:
    """Whether 「计收滞纳金」 is offered."""
    session = object_session(row)
    return session is not None and accrual(session, row).uncharged > 0


def charge_by_step(act: Act) -> None:
    """甲方财务 charges what accrued until today."""
    charge_late_fee(act.session, act.actor, act.document)
