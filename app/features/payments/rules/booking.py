"""Which accounts of the ledger an event of money touches (double entry), plain functions on values (yuan)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.features.payments.models.kinds import Credited, FundKind, Method, PaidBy
from app.features.payments.models.ledger import LedgerCode
from app.features.payments.rules.settlement import Settlement
from app.features.pricing.models import PricedLine

LOANS = {FundKind.BANK_LOAN: PaidBy.BANK, FundKind.FUND_LOAN: PaidBy.FUND}
APART = {  # money that is no part of the price has accounts of its own
    FundKind.FEE: LedgerCode.FEES,
    FundKind.LATE_FEE: LedgerCode.LATE_FEES,
    FundKind.COLLECTED: LedgerCode.COLLECTED,
    FundKind.PROPERTY: LedgerCode.COLLECTED,
}

LINES = {  # money that is brought for one 计价项目 pays its rows first
    FundKind.FINISH: PricedLine.FINISH,
    FundKind.PARKING: PricedLine.PARKING,
    FundKind.STORE: PricedLine.STORE,
}


@dataclass(frozen=True)
class Line:
    """One entry to be posted: amount > 0 is a debit, < 0 a credit. account_id only where a posting touches two accounts."""

    code: LedgerCode
    amount: Decimal
    fund_kind: FundKind | None = None
    account_id: int | None = None


def credit_code(kind: FundKind) -> LedgerCode:
    """The account that is credited with money of this kind: 预收房款 unless it is no part of the price."""
    return APART.get(kind, LedgerCode.BUYERS)


def payer_of(kind: FundKind) -> PaidBy:
    """Whose rows money of this kind pays: a buyer's money never pays the row of the bank (02 §2.3.4)."""
    return LOANS.get(kind, PaidBy.BUYER)


def brought_as(row: Any) -> FundKind:
    """The 款项类型 of money for a receivable row: that of its 计价项目 where the buyer pays something beside the home."""
    own: FundKind = row.kind
    of_line = next((kind for kind, line in LINES.items() if line is row.line), own)
    return of_line if row.payer is PaidBy.BUYER else own


def asset_code(method: Method, credited: Credited) -> LedgerCode:
    """Where the money lies: cash in the till, else the bank account it was credited to."""
    if method is Method.CASH:
        return LedgerCode.CASH
    return bank_code(credited)


def bank_code(credited: Credited) -> LedgerCode:
    """The bank account."""
    return LedgerCode.BANK_SUPERVISED if credited is Credited.SUPERVISED else LedgerCode.BANK_GENERAL


def receipt_lines(
    kind: FundKind, amount: Decimal, fee: Decimal, asset: LedgerCode, late_fees: Decimal = Decimal(0),
    surplus: Decimal = Decimal(0),
) -> list[Line]:  # fmt: skip
    """存款 and 手续费 in debit, 预收房款 (or the kind's own account) in credit.

    late_fees: the part that pays 滞纳金 rows; surplus: the part of a 定金 beyond its cap, booked as 楼款 (02 §2.3.3).
    """
    beyond = min(surplus, amount - late_fees)
    lines = [Line(asset, amount - fee, kind), Line(LedgerCode.BANK_CHARGES, fee)]
    lines += [
        Line(credit_code(kind), -(amount - late_fees - beyond), kind),
        Line(LedgerCode.BUYERS, -beyond, FundKind.PRICE),
        Line(LedgerCode.LATE_FEES, -late_fees, FundKind.LATE_FEE),
    ]
    return [line for line in lines if line.amount]


def settlement_lines(settlement: Settlement, held: dict[FundKind, Decimal]) -> list[Line]:
    """Empty 预收房款 (held: what each kind has there) into what the seller keeps and what is owed back."""
    lines = [Line(LedgerCode.BUYERS, amount, kind) for kind, amount in held.items()]
    lines += [
        Line(LedgerCode.COMPENSATION, settlement.compensation),
        Line(LedgerCode.FORFEITED, -settlement.kept),
        Line(LedgerCode.PENALTIES, -settlement.penalty),
        Line(LedgerCode.FEES, -settlement.fee),
        Line(LedgerCode.REFUNDS, -settlement.refundable),
    ]
    return [line for line in lines if line.amount]


def transfer_lines(
    held: dict[LedgerCode, dict[FundKind, Decimal]], source_id: int, target_id: int, into: FundKind | None = None
) -> list[Line]:
    """Money moves from one account to another and keeps its 款项类型: a 定金 stays a 定金. held: what lies there, by 科目.

    into: 诚意金 or 订金 that becomes 定金.
    """
    lines = []
    for code, kinds in held.items():
        for kind, amount in kinds.items():
            lines += [Line(code, amount, kind, source_id), Line(code, -amount, into or kind, target_id)]
    return lines


def refund_lines(amount: Decimal, kind: FundKind, credited: Credited, *, settled: bool) -> list[Line]:
    """Money goes out: from 应付退款 when the order was settled, else straight from 预收房款."""
    source = Line(LedgerCode.REFUNDS, amount) if settled else Line(LedgerCode.BUYERS, amount, kind)
    return [source, Line(bank_code(credited), -amount)]
