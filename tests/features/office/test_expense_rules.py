"""Budgets as truth tables: exactly reached is not exceeded, one fen more is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.features.office.expenses.rules import (
    Budget,
    Spend,
    covers,
    excess,
    over_by,
    parse_period,
    require_fits_tree,
    tightest,
)
from app.features.office.trend.rules import SubjectYear, month_budget, year_budget
from app.kernel.errors import RuleError

OFFICE, PAPER, CAR = 1, 2, 3  # 纸张 stands below 办公费
PATHS = {OFFICE: (OFFICE,), PAPER: (PAPER, OFFICE), CAR: (CAR,)}
MONTH = "2026-11"


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026", "2026"),
        ("2026年", "2026"),
        ("2026-11", MONTH),
        ("2026年11月", MONTH),
        ("２０２６．１１", MONTH),
        ("2026/3", "2026-03"),
        ("202603", "2026-03"),
    ],
)
def test_periods_as_people_write_them(text, period):
    assert parse_period(text) == period


@pytest.mark.parametrize("text", ["", "26-11", "2026-13", "2026-0", "十一月", "2026-11-24"])
def test_other_periods_are_refused(text):
    with pytest.raises(RuleError, match="看不懂"):
        parse_period(text)


@pytest.mark.parametrize(
    ("subject", "period", "line", "covered"),
    [
        (OFFICE, MONTH, OFFICE, True),
        (OFFICE, MONTH, PAPER, True),
        (OFFICE, "2026", PAPER, True),
        (PAPER, MONTH, OFFICE, False),
        (OFFICE, "2026-10", PAPER, False),
        (OFFICE, "2025", PAPER, False),
        (OFFICE, MONTH, CAR, False),
    ],
)
def test_which_budget_covers_a_line(subject, period, line, covered):
    assert covers(Budget(subject, period, Decimal(1)), PATHS[line], MONTH) is covered


@pytest.mark.parametrize(
    ("amount", "taken", "asked", "over"),
    [
        ("500", "0", "499.99", "0"),
        ("500", "0", "500.00", "0"),
        ("500", "0", "500.01", "0.01"),
        ("500", "300", "200", "0"),
        ("500", "300", "200.01", "0.01"),
        ("500", "600", "1", "101"),
        ("500", "600", "0", "0"),
        ("0", "0", "0.01", "0.01"),
    ],
)
def test_over_by(amount, taken, asked, over):
    assert over_by(
        Budget(OFFICE, MONTH, Decimal(amount), Decimal(taken)), [Spend(PATHS[PAPER], Decimal(asked))], MONTH
    ) == Decimal(over)


def test_lines_of_one_tree_count_together_and_the_worst_budget_speaks():
    spends = [Spend(PATHS[OFFICE], Decimal(300)), Spend(PATHS[PAPER], Decimal(250)), Spend(PATHS[CAR], Decimal(900))]
    month, year, paper = (
        Budget(OFFICE, MONTH, Decimal(500)),
        Budget(OFFICE, "2026", Decimal(6000), Decimal(5800)),
        Budget(PAPER, MONTH, Decimal(300)),
    )
    assert excess([month], spends, MONTH) == Decimal(50)
    assert excess([month, year, paper], spends, MONTH) == Decimal(350)  # 550 wanted, 200 left of the year
    assert excess([month], spends, MONTH, bare_counts=True) == Decimal(900)  # the car has no budget
    assert excess([], spends, MONTH) == 0
    assert tightest([month, year, paper], PATHS[PAPER], MONTH) is year
    assert tightest([month], PATHS[CAR], MONTH) is None


def test_the_tree_has_no_circle_and_three_levels():
    require_fits_tree(None, (PAPER, OFFICE))
    with pytest.raises(RuleError, match="不能是它自己"):
        require_fits_tree(OFFICE, (PAPER, OFFICE))
    with pytest.raises(RuleError, match="最多三级"):
        require_fits_tree(None, (9, PAPER, OFFICE))


def test_the_months_of_a_year():
    budgets = [
        Budget(OFFICE, MONTH, Decimal(500)),
        Budget(PAPER, MONTH, Decimal(200)),
        Budget(CAR, "2026", Decimal(9000)),
        Budget(OFFICE, "2026-10", Decimal(400)),
    ]
    assert month_budget(budgets, PATHS, MONTH) == Decimal(500)  # the paper's 200 are a part of it
    assert year_budget(budgets, OFFICE, "2026") == Decimal(900)
    assert year_budget(budgets, CAR, "2026") == Decimal(9000)
    assert year_budget(budgets, 7, "2026") is None
    row = SubjectYear(OFFICE, {MONTH: Decimal(300), "2026-10": Decimal(150)}, Decimal(900))
    assert (row.total, row.share) == (Decimal(450), Decimal("50.0"))
    assert SubjectYear(OFFICE, {}, None).share is None
