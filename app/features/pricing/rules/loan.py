"""Monthly payments (02 §2.3.5) and the checks of a mortgage (02 §2.2.2 按揭), plain functions on values.

Rates are per year as plain numbers (0.035 is 3.5 %), terms in months. For quoting only: «以银行审批为准».
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.kernel.errors import RuleError
from app.kernel.money import format_amount, half_up


@dataclass(frozen=True)
class Loan:
    """A loan: principal in yuan, yearly rate, months. Raises RuleError when one of them is out of range."""

    principal: Decimal
    yearly_rate: Decimal
    months: int

    def __post_init__(self) -> None:
        if self.principal <= 0 or self.months <= 0 or not 0 <= self.yearly_rate < 1:
            raise RuleError("贷款金额和期数必须大于零，年利率应在 0 至 100% 之间。")

    @property
    def monthly_rate(self) -> Fraction:
        """Yearly rate ÷ 12, exact."""
        return Fraction(self.yearly_rate) / 12

    def level_exact(self) -> Fraction:
        """A = P·i(1+i)^n / ((1+i)^n − 1), unrounded; P ÷ n without interest."""
        rate = self.monthly_rate
        if rate == 0:
            return Fraction(self.principal) / self.months
        growth = (1 + rate) ** self.months
        return Fraction(self.principal) * rate * growth / (growth - 1)


def level_payment(loan: Loan) -> Decimal:
    """等额本息: what is paid every month, two places."""
    return half_up(loan.level_exact())


def level_interest(loan: Loan) -> Decimal:
    """等额本息: interest of all months, from the unrounded payment."""
    return half_up(loan.level_exact() * loan.months - Fraction(loan.principal))


def falling_payment(loan: Loan, month: int) -> Decimal:
    """等额本金: what is paid in the given month (1 is the first). Raises RuleError outside the term."""
    if not 1 <= month <= loan.months:
        raise RuleError("第 {month} 期不在贷款期内。", month=month)
    share = Fraction(loan.principal) / loan.months
    owed = Fraction(loan.principal) - share * (month - 1)
    return half_up(share + owed * loan.monthly_rate)


def falling_interest(loan: Loan) -> Decimal:
    """等额本金: interest of all months, unrounded in between."""
    return half_up(Fraction(loan.principal) * loan.monthly_rate * (loan.months + 1) / 2)


def combined_payment(fund: Loan, bank: Loan, month: int) -> Decimal:
    """组合: what both 等额本息 loans cost in the given month, each rounded by its own lender; 0 after both ended."""
    return sum((level_payment(loan) for loan in (fund, bank) if month <= loan.months), Decimal(0))


@dataclass(frozen=True)
class MortgageLimits:
    """Parameters of the checks: first payment share, longest term in years, age + years, income ÷ monthly payment."""

    first_payment_share: Decimal = Decimal("0.15")
    longest_years: int = 30
    age_plus_years: int = 70
    income_factor: Decimal = Decimal(2)


DEFAULT_MORTGAGE_LIMITS = MortgageLimits()


def required_income(monthly_payment: Decimal, limits: MortgageLimits = DEFAULT_MORTGAGE_LIMITS) -> Decimal:
    """The smallest monthly income for a monthly payment, yuan (3,457.64 → 6,915.28)."""
    return half_up(monthly_payment * limits.income_factor)


def mortgage_problems(
    total: Decimal,
    loan_total: Decimal,
    monthly_payment: Decimal,
    *,
    years: int,
    age: int,
    monthly_income: Decimal,
    limits: MortgageLimits = DEFAULT_MORTGAGE_LIMITS,
) -> list[RuleError]:
    """Everything that speaks against the loan, each with its field; an empty list means nothing does.

    total and loan_total in yuan (all loans), years of the longest loan, age of the oldest borrower in full years.
    """
    problems = []
    least = half_up(total * limits.first_payment_share)
    if total - loan_total < least:
        problems.append(RuleError("首付款不足：至少 {least} 元。", field="loan", least=format_amount(least)))
    if years > limits.longest_years:
        problems.append(RuleError("贷款年限最长 {years} 年。", field="years", years=limits.longest_years))
    if age + years > limits.age_plus_years:
        problems.append(
            RuleError("借款人年龄加贷款年限不能超过 {limit}，请缩短年限。", field="years", limit=limits.age_plus_years)
        )
    income = required_income(monthly_payment, limits)
    if monthly_income < income:
        problems.append(
            RuleError(
                "月收入不足：月供的 {factor} 倍为 {income} 元。",
                field="monthly_income",
                factor=limits.income_factor,
                income=format_amount(income),
            )
        )
    return problems


def extra_first_payment(requested_loan: Decimal, granted_loan: Decimal) -> Decimal:
    """批贷金额 < 申请: what the buyer must pay in addition (补首付), yuan; 0 when the bank grants enough."""
    return max(requested_loan - granted_loan, Decimal(0))
