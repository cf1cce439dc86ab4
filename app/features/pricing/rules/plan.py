"""What a buyer has to pay and when: the payment plans of 02 §2.3.4, plain functions on values (yuan)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from app.features.pricing.models.schemes import PricedLine
from app.kernel.errors import RuleError
from app.kernel.money import format_amount, half_up, to_fen


class Scheme(StrEnum):
    """付款方式."""

    LUMP_SUM = "一次性"
    MORTGAGE = "按揭"
    INSTALMENTS = "分期"
    COMBINED = "组合"


class RowKind(StrEnum):
    """款项类型 of a plan row."""

    DEPOSIT = "定金"
    FIRST_PAYMENT = "首期"
    PRICE = "楼款"
    BANK_LOAN = "按揭"
    FUND_LOAN = "公积金"


class Payer(StrEnum):
    """Whose money a row waits for."""

    BUYER = "买受人"
    BANK = "银行"
    FUND = "公积金中心"


class Anchor(StrEnum):
    """The event that a due date counts from."""

    RESERVED = "认购"
    SIGNED = "签约"


@dataclass(frozen=True)
class PlanRow:
    """One row of a plan: what, who pays, how much (yuan), due so many days after which event, of which instalment, for which line."""

    kind: RowKind
    payer: Payer
    amount: Decimal
    anchor: Anchor
    days: int
    instalment: int
    line: PricedLine | None = None  # the 计价项目 that it is owed for; None = the whole order (plan_lines.split_plan)
    line_name: str = ""

    def due_on(self, *, reserved_on: date, signed_on: date | None) -> date | None:
        """The due date; None while the event that it counts from has no date yet."""
        event = reserved_on if self.anchor == Anchor.RESERVED else signed_on
        return event + timedelta(days=self.days) if event else None


@dataclass(frozen=True)
class Instalment:
    """One step of an instalment scheme: its share of the total (0.30 is 30 %), due so many days after signing."""

    share: Decimal
    days: int


@dataclass(frozen=True)
class PlanTerms:
    """The parameters of a scheme; defaults of 02 §2.3.4.

    lump_sum_days, loan_days: days after signing · loan_share of the total, cut to whole loan_step yuan · row_step: the
    step in yuan that instalments are cut to, the last row takes the remainder.
    """

    lump_sum_days: int = 7
    loan_days: int = 60
    loan_share: Decimal = Decimal("0.70")
    loan_step: Decimal = Decimal(10_000)
    row_step: Decimal = Decimal(1)
    instalments: Sequence[Instalment] = field(default=())


DEFAULT_TERMS = PlanTerms()


def default_loan(total: Decimal, terms: PlanTerms = DEFAULT_TERMS) -> Decimal:
    """The loan of a mortgage scheme: total × share, cut to whole steps (1,106,834 → 770,000)."""
    return _cut(total * terms.loan_share, terms.loan_step)


def payment_plan(
    scheme: Scheme,
    total: Decimal,
    deposit: Decimal,
    *,
    terms: PlanTerms = DEFAULT_TERMS,
    loan: Decimal | None = None,
    fund_loan: Decimal = Decimal(0),
) -> list[PlanRow]:
    """The rows of a plan; their sum is the total to the fen (02 §2.3.4).

    The 定金 (yuan, due at 认购, 0 allowed) is part of the first payment, never beside it. loan: what banks lend in all
    (按揭, 组合), by default default_loan(); fund_loan: the 公积金 part of it (组合 only).
    Raises RuleError when an amount is no whole fen, is negative or does not fit into the total, or 分期 lacks shares
    that add up to 100 %.
    """
    if to_fen(total) <= 0 or to_fen(deposit) < 0:
        raise RuleError("总价必须大于零，定金不能为负数。")
    if scheme == Scheme.INSTALMENTS:
        rows = _instalment_rows(total, terms)
    elif scheme == Scheme.LUMP_SUM:
        rows = [PlanRow(RowKind.PRICE, Payer.BUYER, total, Anchor.SIGNED, terms.lump_sum_days, 1)]
    else:
        if loan is None:
            loan = default_loan(total, terms)
        rows = _loan_rows(scheme, total, loan, fund_loan, terms)
    return _with_deposit(rows, deposit)


def _instalment_rows(total: Decimal, terms: PlanTerms) -> list[PlanRow]:
    if sum((step.share for step in terms.instalments), Decimal(0)) != 1 or any(s.share <= 0 for s in terms.instalments):
        raise RuleError("分期各期比例必须大于零，合计必须等于 100%。", field="instalments")
    amounts = [_cut(total * step.share, terms.row_step) for step in terms.instalments[:-1]]
    amounts.append(total - sum(amounts, Decimal(0)))
    return [
        PlanRow(
            RowKind.FIRST_PAYMENT if number == 1 else RowKind.PRICE,
            Payer.BUYER,
            amount,
            Anchor.SIGNED,
            step.days,
            number,
        )
        for number, (amount, step) in enumerate(zip(amounts, terms.instalments, strict=True), start=1)
    ]


def _loan_rows(scheme: Scheme, total: Decimal, loan: Decimal, fund: Decimal, terms: PlanTerms) -> list[PlanRow]:
    if to_fen(loan) <= 0 or loan >= total:
        raise RuleError("贷款金额必须大于零且小于总价 {total} 元。", field="loan", total=format_amount(total))
    if scheme == Scheme.COMBINED and not 0 < to_fen(fund) < to_fen(loan):
        raise RuleError(
            "组合贷款的公积金部分必须大于零且小于贷款合计 {loan} 元。", field="fund_loan", loan=format_amount(loan)
        )
    if scheme == Scheme.MORTGAGE and fund:
        raise RuleError("按揭方式不含公积金贷款；两种贷款并用请选「组合」。", field="fund_loan")
    rows = [PlanRow(RowKind.FIRST_PAYMENT, Payer.BUYER, total - loan, Anchor.SIGNED, 0, 1)]
    if fund:
        rows.append(PlanRow(RowKind.FUND_LOAN, Payer.FUND, fund, Anchor.SIGNED, terms.loan_days, 2))
    rows.append(PlanRow(RowKind.BANK_LOAN, Payer.BANK, loan - fund, Anchor.SIGNED, terms.loan_days, 2 + bool(fund)))
    return rows


def _with_deposit(rows: list[PlanRow], deposit: Decimal) -> list[PlanRow]:
    first, *others = rows
    if deposit == 0:
        return rows
    if deposit > first.amount:
        raise RuleError("定金不能高于首期款 {first} 元。", field="deposit", first=format_amount(first.amount))
    paid_first = PlanRow(RowKind.DEPOSIT, Payer.BUYER, deposit, Anchor.RESERVED, 0, 1)
    rest = first.amount - deposit
    remaining = [PlanRow(first.kind, first.payer, rest, first.anchor, first.days, 1)] if rest else []
    return [paid_first, *remaining, *others]


def _cut(amount: Decimal, step: Decimal) -> Decimal:
    return half_up((amount / step).quantize(Decimal(1), rounding=ROUND_DOWN) * step)
