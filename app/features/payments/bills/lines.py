"""What of a bill is for which 计价项目: never more than what its receipts pay of that line, to the fen (decision 0040)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.payments.bills.models import Bill, BillState
from app.features.payments.models import LedgerAllocation, Receipt, Receivable
from app.features.pricing.models import PricedLine
from app.kernel.errors import RuleError
from app.kernel.money import format_amount

UNSCOPED = {"unscoped": True}
LINES = (PricedLine.HOME, PricedLine.FINISH, PricedLine.PARKING, PricedLine.STORE)
LINES_TO_BILL = tuple((line.value, line.label) for line in LINES)
VALID = (BillState.ISSUED, BillState.WRITTEN_OFF)  # bills in the buyer's hands


def require_within_line(session: Session, receipt: Receipt, line: PricedLine, amount: Decimal) -> None:
    """A bill for one 计价项目 says no more than what the receipt pays of it, less what bills say of it already."""
    said = select(func.coalesce(func.sum(Bill.amount), 0)).where(
        Bill.receipt_id == receipt.id, Bill.state.in_(VALID), Bill.line == line
    )
    most = paid_by_line(session, [receipt.id]).get(line, Decimal(0)) - (
        session.scalar(said, execution_options=UNSCOPED) or Decimal(0)
    )
    if amount > most:
        raise RuleError(
            "这张收款单冲抵「{line}」的还可开票 {most} 元，请改金额或另选分项", field="amount", line=line.label, most=format_amount(most)
        )  # fmt: skip


def paid_by_line(session: Session, receipt_ids: Collection[int]) -> dict[PricedLine | None, Decimal]:
    """What these receipts pay of each 计价项目 by the sealed allocations, yuan; None: of rows without one."""
    query = (
        select(Receivable.line, func.sum(LedgerAllocation.amount))
        .join(Receivable, Receivable.id == LedgerAllocation.receivable_id)
        .where(LedgerAllocation.receipt_id.in_(receipt_ids))
        .group_by(Receivable.line)
    )
    found = session.execute(query, execution_options=UNSCOPED).all()
    return {line: amount for line, amount in sorted(found, key=_place) if amount}


def _place(row: Any) -> int:
    return LINES.index(row[0]) if row[0] in LINES else len(LINES)


def shares_by_line(session: Session, old: Sequence[Bill], whole: Decimal) -> dict[PricedLine | None, Decimal]:
    """What of the exchanged receipts belongs to each 计价项目. Raises RuleError where it cannot be told to the fen."""
    shares = paid_by_line(session, {bill.receipt_id for bill in old if bill.receipt_id is not None})
    if sum(shares.values(), Decimal(0)) != whole or None in shares:
        raise RuleError(
            "收据合计 {whole} 元与收款冲抵各分项的 {paid} 元不一致（有预收、部分开票或未分项的款），不能按分项开票，请开一张",
            field="by_line", whole=format_amount(whole),
            paid=format_amount(sum((v for k, v in shares.items() if k is not None), Decimal(0))),
        )  # fmt: skip
    return shares
