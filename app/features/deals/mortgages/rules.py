"""What a lender asks for and how a loan stands: plain functions on values (02 §2.2.2, §2.3.5, §2.5.9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from app.features.deals.mortgages.models import LoanKind, MortgageState, Repayment
from app.features.pricing.rules.loan import Loan, MortgageLimits, falling_payment, level_payment, mortgage_problems
from app.kernel.errors import RuleError
from app.kernel.money import format_amount

CHECKLIST = (  # code of the archive's kind, name, copies; both spouses bring theirs (02 §2.5.9)
    ("identity", "身份证明（夫妻双方）", 2),
    ("household", "户口本", 2),
    ("marriage", "结婚证或单身证明", 2),
    ("income", "收入证明", 1),
    ("statement", "银行流水（近 6 个月）", 1),
    ("down_payment", "首付款收据", 1),
    ("contract", "商品房买卖合同", 1),
    ("credit", "征信授权书（夫妻双方）", 2),
)
FUND_ONLY = ("fund", "公积金缴存证明", 1)
ORDER = list(MortgageState)


def checklist(kind: LoanKind) -> tuple[tuple[str, str, int], ...]:
    """The papers that a lender of this kind asks for."""
    return (*CHECKLIST, FUND_ONLY) if kind is LoanKind.FUND else CHECKLIST


def first_payment(amount: Decimal, yearly_rate: Decimal, years: int, repayment: Repayment) -> Decimal:
    """What the first month costs, yuan; with 等额本金 that is the dearest one. Raises RuleError outside the range."""
    if not 1 <= years <= 50:
        raise RuleError("贷款年限应在 1 至 50 年之间", field="years")
    if amount <= 0:
        raise RuleError("申请金额必须大于零", field="amount")
    if not 0 <= yearly_rate < 1:
        raise RuleError("年利率应在 0 至 100% 之间，3.5 % 填 0.035", field="yearly_rate")
    loan = Loan(amount, yearly_rate, years * 12)
    return level_payment(loan) if repayment is Repayment.LEVEL else falling_payment(loan, 1)


def obstacles(
    total: Decimal,
    loans: Decimal,
    payments: Decimal,
    *,
    years: int,
    age: int | None,
    income: Decimal | None,
    limits: MortgageLimits,
) -> list[RuleError]:
    """What speaks against lending: the four checks, and what is not known yet. loans, payments: of all lenders together, yuan."""
    problems = []
    if age is None:
        problems.append(RuleError("还没有登记借款人年龄。", field="age"))
    if income is None:
        problems.append(RuleError("还没有登记家庭月收入。", field="monthly_income"))
    known_income = Decimal(10) ** 11 if income is None else income
    return problems + mortgage_problems(
        total, loans, payments, years=years, age=age or 0, monthly_income=known_income, limits=limits
    )


def require_granted(asked: Decimal, granted: Decimal) -> Decimal:
    """What the buyer pays in addition (补首付), yuan. Raises RuleError unless 0 < granted ≤ asked."""
    if granted <= 0:
        raise RuleError("批贷金额必须大于零；银行不批请点「拒贷」", field="granted")
    if granted > asked:
        raise RuleError(
            "批贷金额 {granted} 元超过申请的 {asked} 元，请核对批复", field="granted", granted=format_amount(granted),
            asked=format_amount(asked),
        )  # fmt: skip
    return asked - granted


def require_in_order(on: date, earliest: date | None, today: date, what: str) -> None:
    """A dated fact lies between the step before it and today. Raises RuleError beside the date."""
    if on > today:
        raise RuleError("{what}不能晚于今天", field="on", what=what)
    if earliest is not None and on < earliest:
        raise RuleError("{what}不能早于上一步的 {day}", field="on", what=what, day=earliest.isoformat())


def age_on(id_number: str, today: date) -> int | None:
    """Full years of the holder of a resident identity number; None for other papers."""
    digits = id_number.strip()
    if len(digits) != 18 or not digits[:17].isdecimal():
        return None
    try:
        born = date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def due_days(signed_on: date, papers_days: int, release_days: int) -> tuple[date, date]:
    """齐件 and 放款 are due so many days after the signature (7 and 45)."""
    return signed_on + timedelta(days=papers_days), signed_on + timedelta(days=release_days)


def dated_moves(
    moves: Sequence[tuple[MortgageState, date]], facts: Mapping[MortgageState, date | None]
) -> list[tuple[str, date]]:
    """(state, day) of the moves of the log, each on the day of its fact where one is known: entered late is not begun late.

    A state that was reached twice (送审 after 补件) keeps the day of its entry the first time; no move lies after the next one.
    """
    found: list[tuple[str, date]] = []
    seen: set[MortgageState] = set()
    for state, entered in reversed(moves):
        day = entered if state in seen else facts.get(state) or entered
        seen.add(state)
        found.append((state.label, min(day, found[-1][1]) if found else day))
    return found[::-1]


def days_of_steps(moves: Sequence[tuple[str, date]], today: date | None) -> list[tuple[str, date, int]]:
    """(state, since, days) of every stay, from the days of the moves; the last one lasts until today (None = it is over)."""
    stays = [(word, since, (until - since).days) for (word, since), (_next, until) in pairwise(moves)]
    if moves and today is not None:
        word, since = moves[-1]
        stays.append((word, since, (today - since).days))
    return stays


def shown_on_unit(states: Collection[MortgageState]) -> str:
    """The word on the flat: of two lenders the one that is behind; 拒贷 while nobody lends instead."""
    live = [state for state in states if state not in (MortgageState.VOID, MortgageState.REFUSED)]
    if live:
        return min(live, key=ORDER.index).label
    return MortgageState.REFUSED.label if MortgageState.REFUSED in states else ""
