"""Monthly payments of 02 §2.3.5 and the mortgage checks of 02 §2.2.2."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.pricing.rules import (
    Loan,
    combined_payment,
    extra_first_payment,
    falling_interest,
    falling_payment,
    level_interest,
    level_payment,
    mortgage_problems,
    required_income,
)
from app.kernel.errors import RuleError

MILLION = Loan(Decimal(1000000), Decimal("0.035"), 360)
FUND = Loan(Decimal(600000), Decimal("0.026"), 240)
BANK = Loan(Decimal(170000), Decimal("0.035"), 360)


@pytest.mark.parametrize(
    ("loan", "monthly"),
    [
        (MILLION, "4490.45"),
        (Loan(Decimal(770000), Decimal("0.035"), 360), "3457.64"),
        (FUND, "3208.73"),
        (BANK, "763.38"),
        (Loan(Decimal(360000), Decimal(0), 360), "1000.00"),
        (Loan(Decimal(100000), Decimal(0), 3), "33333.33"),
        (Loan(Decimal(1000), Decimal("0.12"), 1), "1010.00"),
    ],
)
def test_level_payments(loan: Loan, monthly: str) -> None:
    assert level_payment(loan) == Decimal(monthly)


def test_interest_comes_from_the_unrounded_payment() -> None:
    assert level_interest(MILLION) == Decimal("616560.88")
    assert level_interest(Loan(Decimal(100000), Decimal(0), 3)) == 0


def test_falling_payments() -> None:
    assert [falling_payment(MILLION, month) for month in (1, 2, 360)] == [
        Decimal("5694.44"),
        Decimal("5686.34"),
        Decimal("2785.88"),
    ]
    assert falling_interest(MILLION) == Decimal("526458.33")
    for month in (0, 361):
        with pytest.raises(RuleError):
            falling_payment(MILLION, month)


def test_combined_loans() -> None:
    assert combined_payment(FUND, BANK, 1) == combined_payment(FUND, BANK, 240) == Decimal("3972.11")
    assert combined_payment(FUND, BANK, 241) == combined_payment(FUND, BANK, 360) == Decimal("763.38")
    assert combined_payment(FUND, BANK, 361) == 0


@given(st.integers(min_value=1, max_value=5000000), st.decimals("0", "0.10", places=4), st.integers(1, 60))
def test_a_level_loan_is_paid_off_by_its_payments(principal: int, rate: Decimal, months: int) -> None:
    loan = Loan(Decimal(principal), rate, months)
    payment = loan.level_exact()
    owed = Fraction(principal)
    for _ in range(months):
        owed += owed * loan.monthly_rate - payment
    assert owed == 0


@pytest.mark.parametrize("values", [(0, "0.03", 12), (1, "-0.01", 12), (1, "1", 12), (1, "0.03", 0)])
def test_impossible_loans(values: tuple[int, str, int]) -> None:
    with pytest.raises(RuleError):
        Loan(Decimal(values[0]), Decimal(values[1]), values[2])


def test_the_income_for_770000() -> None:
    assert required_income(Decimal("3457.64")) == Decimal("6915.28")


@pytest.mark.parametrize(
    ("loan", "years", "age", "income", "fields"),
    [
        ("770000", 30, 40, "6915.28", []),
        ("770000", 30, 40, "6915.27", ["monthly_income"]),
        ("770000", 31, 39, "6915.28", ["years"]),
        ("770000", 30, 41, "6915.28", ["years"]),
        ("850000", 30, 40, "6915.28", []),
        ("850000.01", 30, 40, "6915.28", ["loan"]),
        ("999999", 35, 60, "0", ["loan", "years", "years", "monthly_income"]),
    ],
)
def test_what_speaks_against_a_mortgage(loan: str, years: int, age: int, income: str, fields: list[str]) -> None:
    problems = mortgage_problems(
        Decimal(1000000), Decimal(loan), Decimal("3457.64"), years=years, age=age, monthly_income=Decimal(income)
    )
    assert [problem.field for problem in problems] == fields


def test_when_the_bank_grants_less() -> None:
    assert extra_first_payment(Decimal(770000), Decimal(700000)) == Decimal(70000)
    assert extra_first_payment(Decimal(770000), Decimal(770000)) == 0
    assert extra_first_payment(Decimal(770000), Decimal(800000)) == 0
