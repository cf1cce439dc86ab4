"""付款计划 by 计价项目: rows keep their sums, lines add up to their prices, both to the fen (02 §2.3.1, §2.3.4)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.pricing.models import PricedLine
from app.features.pricing.rules import (
    Anchor,
    Instalment,
    LinePart,
    Payer,
    PlanRow,
    PlanTerms,
    RowKind,
    Scheme,
    payment_plan,
    split_plan,
)
from app.kernel.errors import RuleError

HOME, FINISH, PARKING = (
    LinePart(PricedLine.HOME, "", Decimal(1106834)), LinePart(PricedLine.FINISH, "装修款 精装", Decimal(89530)),
    LinePart(PricedLine.PARKING, "B1-001", Decimal(150000)),
)  # fmt: skip
PARTS = [HOME, FINISH, PARKING]
TOTAL = Decimal(1346364)
THREE = PlanTerms(
    instalments=(Instalment(Decimal("0.3"), 0), Instalment(Decimal("0.3"), 90), Instalment(Decimal("0.4"), 180))
)


def told(rows):
    return [(row.kind.value, row.line.label, row.amount) for row in rows]


@pytest.mark.parametrize(
    ("scheme", "terms", "expected"),
    [
        (
            Scheme.LUMP_SUM, PlanTerms(),
            [("定金", "房款", 20000), ("楼款", "房款", 1086834), ("楼款", "装修款", 89530), ("楼款", "车位", 150000)],
        ),
        (  # loan 940,000 on 房款 and 装修款 by what they lack; the buyer's row takes what is left of every line
            Scheme.MORTGAGE, PlanTerms(),
            [
                ("定金", "房款", 20000), ("首期", "房款", 218374), ("首期", "装修款", 17990), ("首期", "车位", 150000),
                ("按揭", "房款", 868460), ("按揭", "装修款", 71540),
            ],
        ),
        (  # 403,909 / 403,909 / 538,546; each row by what the lines lack, the last one closes them
            Scheme.INSTALMENTS, THREE,
            [
                ("定金", "房款", 20000), ("首期", "房款", 314580), ("首期", "装修款", 25913), ("首期", "车位", 43416),
                ("楼款", "房款", 330967), ("楼款", "装修款", 27264), ("楼款", "车位", 45678),
                ("楼款", "房款", 441287), ("楼款", "装修款", 36353), ("楼款", "车位", 60906),
            ],
        ),
    ],
)  # fmt: skip
def test_truth_table(scheme, terms, expected):
    rows = payment_plan(scheme, TOTAL, Decimal(20000), terms=terms)
    assert told(split_plan(rows, PARTS)) == expected


def test_a_plan_of_the_home_alone_is_as_before_and_named():
    rows = payment_plan(Scheme.MORTGAGE, HOME.amount, Decimal(20000))
    found = split_plan(rows, [HOME])
    assert [(r.kind, r.amount, r.line) for r in found] == [(r.kind, r.amount, PricedLine.HOME) for r in rows]
    assert split_plan(rows, []) == rows and {r.line for r in rows} == {None}


def test_a_loan_goes_beyond_home_and_finish_only_when_they_are_full():
    parts = [LinePart(PricedLine.HOME, "", Decimal(100)), LinePart(PricedLine.STORE, "储001", Decimal(300))]
    rows = [
        PlanRow(RowKind.FIRST_PAYMENT, Payer.BUYER, Decimal(150), Anchor.SIGNED, 0, 1),
        PlanRow(RowKind.BANK_LOAN, Payer.BANK, Decimal(250), Anchor.SIGNED, 60, 2),
    ]
    assert told(split_plan(rows, parts)) == [("首期", "储藏间", 150), ("按揭", "房款", 100), ("按揭", "储藏间", 150)]


def test_what_does_not_add_up_is_refused():
    with pytest.raises(RuleError, match=r"1,106,834\.00 元与各计价项目合计 1,346,364\.00 元不符"):
        split_plan(payment_plan(Scheme.LUMP_SUM, HOME.amount, Decimal(0)), PARTS)


fen = st.integers(min_value=1, max_value=3_000_000_00).map(lambda n: Decimal(n).scaleb(-2))


@given(
    home=st.integers(min_value=50_000_00, max_value=5_000_000_00).map(lambda n: Decimal(n).scaleb(-2)),
    beside=st.lists(st.tuples(st.sampled_from((PricedLine.FINISH, PricedLine.PARKING, PricedLine.STORE)), fen), max_size=4),
    scheme=st.sampled_from((Scheme.LUMP_SUM, Scheme.MORTGAGE, Scheme.INSTALMENTS)),
    deposit=st.integers(min_value=0, max_value=10_000_00).map(lambda n: Decimal(n).scaleb(-2)),
)  # fmt: skip
def test_rows_and_lines_both_close_to_the_fen(home, beside, scheme, deposit):
    parts = [LinePart(PricedLine.HOME, "", home)]
    parts += [LinePart(line, f"{n}", amount) for n, (line, amount) in enumerate(beside)]
    rows = payment_plan(
        scheme, sum(p.amount for p in parts), deposit, terms=THREE, loan=None if home > 100000 else home // 2
    )
    found = split_plan(rows, parts)
    assert all(row.amount > 0 for row in found)
    for part in parts:
        assert sum(r.amount for r in found if (r.line, r.line_name) == (part.line, part.name)) == part.amount
    for row in rows:
        fellows = [
            r
            for r in found
            if (r.kind, r.payer, r.instalment, r.days) == (row.kind, row.payer, row.instalment, row.days)
        ]
        assert sum(r.amount for r in fellows) == row.amount
