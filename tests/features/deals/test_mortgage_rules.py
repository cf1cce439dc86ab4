"""Truth tables of the loan: checks, 月供 of every lender, 补首付, ages, days per step (02 §2.2.2, §2.3.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.features.deals.mortgages.models import LoanKind, MortgageState, Repayment
from app.features.deals.mortgages.rules import (
    age_on,
    checklist,
    dated_moves,
    days_of_steps,
    due_days,
    first_payment,
    obstacles,
    require_granted,
    require_in_order,
    shown_on_unit,
)
from app.features.pricing.rules.loan import MortgageLimits
from app.kernel.errors import RuleError

S = MortgageState


@pytest.mark.parametrize(
    ("amount", "rate", "years", "how", "expected"),
    [
        ("770000", "0.035", 30, Repayment.LEVEL, "3457.64"),
        ("1000000", "0.035", 30, Repayment.LEVEL, "4490.45"),
        ("600000", "0.026", 20, Repayment.LEVEL, "3208.73"),
        ("170000", "0.035", 30, Repayment.LEVEL, "763.38"),
        ("1000000", "0.035", 30, Repayment.FALLING, "5694.44"),
        ("360000", "0", 30, Repayment.LEVEL, "1000.00"),
    ],
)
def test_first_payment(amount, rate, years, how, expected):
    assert first_payment(Decimal(amount), Decimal(rate), years, how) == Decimal(expected)


@pytest.mark.parametrize(
    ("amount", "rate", "years", "field"),
    [("0", "0.035", 30, "amount"), ("-1", "0.035", 30, "amount"), ("1", "0.035", 0, "years"), ("1", "0.035", 51, "years"), ("1", "3.5", 30, "yearly_rate")],
)  # fmt: skip
def test_a_loan_out_of_range_names_its_field(amount, rate, years, field):
    with pytest.raises(RuleError) as refusal:
        first_payment(Decimal(amount), Decimal(rate), years, Repayment.LEVEL)
    assert refusal.value.field == field


def problems(loans="770000", payments="3457.64", years=30, age=35, income="6915.28", total="1106834"):
    found = obstacles(
        Decimal(total), Decimal(loans), Decimal(payments), years=years, age=age,
        income=None if income is None else Decimal(income), limits=MortgageLimits(),
    )  # fmt: skip
    return [one.field for one in found]


def test_the_four_checks_and_their_edges():
    assert problems() == []  # income exactly twice 3,457.64
    assert problems(income="6915.27") == ["monthly_income"]
    assert problems(age=40) == [] and problems(age=41) == ["years"]  # 40 + 30 = 70
    assert problems(years=31, age=30) == ["years"]
    assert problems(loans="940808.90") == [] and problems(loans="940808.91") == ["loan"]  # 15 % = 166,025.10
    assert problems(age=None, income=None) == ["age", "monthly_income"]


def test_granted_less_than_asked_is_the_buyers():
    assert require_granted(Decimal(770000), Decimal(700000)) == Decimal(70000)
    assert require_granted(Decimal(770000), Decimal(770000)) == 0
    for wrong in ("0", "-1", "770000.01"):
        with pytest.raises(RuleError) as refusal:
            require_granted(Decimal(770000), Decimal(wrong))
        assert refusal.value.field == "granted"


def test_ages_of_identity_numbers():
    assert age_on("110105194912310021", date(2026, 12, 30)) == 76
    assert age_on("110105194912310021", date(2026, 12, 31)) == 77
    assert age_on("E12345678", date(2026, 1, 1)) is None
    assert age_on("110105199913310021", date(2026, 1, 1)) is None  # no such month


def test_a_step_entered_late_began_on_its_own_day():
    moves = [
        (S.PRECHECK, date(2026, 3, 1)), (S.SUBMITTED, date(2026, 3, 9)), (S.SUPPLEMENT, date(2026, 3, 12)),
        (S.SUBMITTED, date(2026, 3, 15)), (S.REFUSED, date(2026, 3, 20)),
    ]  # fmt: skip
    facts = {S.SUBMITTED: date(2026, 3, 13), S.REFUSED: date(2026, 3, 18)}
    assert dated_moves(moves, facts) == [
        ("预审", date(2026, 3, 1)), ("送审", date(2026, 3, 9)), ("补件", date(2026, 3, 12)), ("送审", date(2026, 3, 13)), ("拒贷", date(2026, 3, 18)),
    ]  # fmt: skip
    assert dated_moves(moves[:2], {S.SUBMITTED: None}) == [("预审", date(2026, 3, 1)), ("送审", date(2026, 3, 9))]
    backwards = dated_moves(moves[:2], {S.SUBMITTED: date(2026, 2, 20)})
    assert backwards[0][1] == backwards[1][1] == date(2026, 2, 20), "no step lasts a negative number of days"


def test_days_of_steps_and_deadlines():
    moves = [("预审", date(2026, 3, 1)), ("收集资料", date(2026, 3, 4)), ("齐件", date(2026, 3, 4))]
    assert days_of_steps(moves, date(2026, 3, 10)) == [
        ("预审", date(2026, 3, 1), 3), ("收集资料", date(2026, 3, 4), 0), ("齐件", date(2026, 3, 4), 6),
    ]  # fmt: skip
    assert [days for _w, _s, days in days_of_steps(moves, None)] == [3, 0]
    assert days_of_steps([], date(2026, 3, 10)) == []
    assert due_days(date(2026, 3, 1), 7, 45) == (date(2026, 3, 8), date(2026, 4, 15))


def test_facts_come_in_order():
    today = date(2026, 3, 10)
    require_in_order(today, today, today, "面签日期")
    for wrong in (date(2026, 3, 11), date(2026, 3, 4)):
        with pytest.raises(RuleError):
            require_in_order(wrong, date(2026, 3, 5), today, "面签日期")


def test_the_flat_shows_the_lender_that_is_behind():
    assert shown_on_unit([S.GRANTED, S.SUBMITTED]) == "送审"
    assert shown_on_unit([S.REFUSED]) == "拒贷"
    assert shown_on_unit([S.REFUSED, S.COLLECTING]) == "收集资料"
    assert shown_on_unit([S.VOID]) == "" == shown_on_unit([])


def test_both_lists_of_papers():
    assert len(checklist(LoanKind.BANK)) == 8
    assert checklist(LoanKind.FUND)[-1][0] == "fund"
