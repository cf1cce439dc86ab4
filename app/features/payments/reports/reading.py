"""The figures of the reports, read within the person's rows; booked money comes from the ledger of those accounts alone."""

from __future__ import annotations

from collections.abc import Container, Hashable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.payments.effects.ledger import CREDITS, UNSCOPED
from app.features.payments.models import (
    LedgerAllocation,
    LedgerCode,
    LedgerEntry,
    LedgerPosting,
    OrderAccount,
    Receivable,
    ReceivableState,
    payable_on,
)
from app.features.payments.reports.rules import Debt, Report, age_of
from app.features.payments.rules.booking import APART
from app.features.pricing.models import PricedLine
from app.features.units.models import Building, Unit
from app.kernel.base import now

DIMENSIONS = ("building", "consultant", "kind", "line", "month")


def debts(session: Session, project_id: int, owner_id: int | None = None, age: int | None = None) -> list[Debt]:
    """Every open row of the person's accounts, by consultant; narrowed to one consultant or one age."""
    today = now().date()
    day = payable_on()
    query = select(Receivable.id, Receivable.account_id, Receivable.owner_id, day, Receivable.amount, Receivable.received).where(
        Receivable.project_id == project_id, Receivable.state != ReceivableState.CANCELLED, Receivable.received < Receivable.amount
    )  # fmt: skip
    if owner_id is not None:
        query = query.where(Receivable.owner_id == (owner_id or None))
    found = [
        Debt(row[0], row[1], row[2] or 0, age_of(row[3], today), row[4] - row[5])
        for row in session.execute(query.order_by(day.is_(None), day, Receivable.id))  # what is oldest comes first
    ]
    return [debt for debt in found if age is None or debt.age == age]


def report(session: Session, project_id: int, dimension: str) -> Report:
    """应收 · 到期 · 已冲抵 · 欠款 from the rows, 实收 from the ledger, grouped alike."""
    today = now().date()
    made = Report()
    account_groups = _groups_of_accounts(session, project_id, dimension)
    day = payable_on()
    query = select(
        Receivable.account_id, Receivable.kind, Receivable.line, day, Receivable.amount, Receivable.received
    ).where(Receivable.project_id == project_id, Receivable.state != ReceivableState.CANCELLED)
    for account_id, kind, of_line, payable, amount, received in session.execute(query):
        what = of_line if dimension == "line" else kind
        line = made.of(_group(dimension, account_groups.get(account_id), what, payable))
        line.owed += amount
        line.settled += received
        line.prepaid -= received if kind not in APART else 0
        if payable is not None and payable <= today:
            line.due += amount
            line.arrears += amount - received
    for group, code, amount in _booked(session, project_id, dimension, account_groups):
        made.of(group).booked += amount
        made.of(group).prepaid += amount if code is LedgerCode.BUYERS else 0
    if dimension == "line":
        _share_by_line(session, project_id, made, account_groups)
    return made


def _share_by_line(session: Session, project_id: int, made: Report, accounts: Container[int]) -> None:
    """The ledger knows no 计价项目: booked money belongs to the line whose rows it pays by the sealed allocations, the rest to none."""
    query = (
        select(LedgerAllocation.account_id, Receivable.line, func.sum(LedgerAllocation.amount))
        .join(Receivable, Receivable.id == LedgerAllocation.receivable_id)
        .where(LedgerAllocation.project_id == project_id, Receivable.line.is_not(None))
        .group_by(LedgerAllocation.account_id, Receivable.line)
    )
    for account_id, line, amount in session.execute(query, execution_options=UNSCOPED):
        if account_id in accounts:
            for group, share in ((line, amount), (0, -amount)):
                made.of(group).booked += share
                made.of(group).prepaid += share


def _group(dimension: str, of_account: Hashable, kind: Any, day: date | None) -> Hashable:
    if dimension == "kind":
        return kind
    if dimension == "line":
        return kind if isinstance(kind, PricedLine) else 0
    if dimension == "month":
        return f"{day:%Y-%m}" if day is not None else ""
    return of_account or 0


def _groups_of_accounts(session: Session, project_id: int, dimension: str) -> dict[int, Hashable]:
    """The accounts that the person reads, with their group."""
    group: Any = Building.name if dimension == "building" else OrderAccount.owner_id
    query = (
        select(OrderAccount.id, group)
        .join(Unit, Unit.id == OrderAccount.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .where(OrderAccount.project_id == project_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _booked(
    session: Session, project_id: int, dimension: str, groups: dict[int, Hashable]
) -> list[tuple[Hashable, LedgerCode, Decimal]]:
    """实收 of these accounts by the ledger: credits less red entries, refunds and settlements. Late fees belong to the kind 滞纳金.

    What a settlement keeps (定金, 违约金, 手续费) is no money of the buyer any more: its entries have no 款项类型.
    """
    query = (
        select(
            LedgerEntry.account_id,
            LedgerEntry.code,
            LedgerEntry.fund_kind,
            LedgerPosting.booked_on,
            -func.sum(LedgerEntry.amount),
        )
        .join(LedgerPosting, LedgerPosting.id == LedgerEntry.posting_id)
        .where(LedgerEntry.project_id == project_id, LedgerEntry.code.in_(CREDITS), LedgerEntry.fund_kind.is_not(None))
        .group_by(LedgerEntry.account_id, LedgerEntry.code, LedgerEntry.fund_kind, LedgerPosting.booked_on)
    )
    rows = session.execute(query, execution_options=UNSCOPED)
    return [
        (_group(dimension, groups[account_id], kind, day), code, amount)
        for account_id, code, kind, day, amount in rows
        if account_id in groups
    ]
