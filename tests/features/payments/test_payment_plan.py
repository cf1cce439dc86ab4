"""The payment plans of 02 §2.3.4 and the allocation of receipts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.payments.rules import (
    Instalment,
    OpenRow,
    Payer,
    PlanTerms,
    Scheme,
    allocate,
    default_loan,
    payment_plan,
)
from app.kernel.errors import RuleError

TOTAL, DEPOSIT = Decimal(1106834), Decimal(20000)
THIRTY_THIRTY_FORTY = PlanTerms(
    instalments=(Instalment(Decimal("0.30"), 0), Instalment(Decimal("0.30"), 90), Instalment(Decimal("0.40"), 180))
)
RESERVED, SIGNED = date(2026, 3, 1), date(2026, 3, 8)


def shown(
    scheme: Scheme, deposit: Decimal = DEPOSIT, terms: PlanTerms = PlanTerms(), **loans: Decimal
) -> list[tuple[str, str, Decimal]]:
    return [(r.kind, r.payer, r.amount) for r in payment_plan(scheme, TOTAL, deposit, terms=terms, **loans)]


def test_lump_sum() -> None:
    assert shown(Scheme.LUMP_SUM) == [("定金", "买受人", Decimal(20000)), ("楼款", "买受人", Decimal(1086834))]
    deposit, rest = payment_plan(Scheme.LUMP_SUM, TOTAL, DEPOSIT)
    assert deposit.due_on(reserved_on=RESERVED, signed_on=None) == RESERVED
    assert rest.due_on(reserved_on=RESERVED, signed_on=None) is None
    assert rest.due_on(reserved_on=RESERVED, signed_on=SIGNED) == date(2026, 3, 15)


def test_mortgage() -> None:
    assert default_loan(TOTAL) == Decimal(770000)
    assert shown(Scheme.MORTGAGE) == [
        ("定金", "买受人", Decimal(20000)),
        ("首期", "买受人", Decimal(316834)),
        ("按揭", "银行", Decimal(770000)),
    ]
    _, at_signing, loan = payment_plan(Scheme.MORTGAGE, TOTAL, DEPOSIT)
    assert at_signing.due_on(reserved_on=RESERVED, signed_on=SIGNED) == SIGNED
    assert loan.due_on(reserved_on=RESERVED, signed_on=SIGNED) == date(2026, 5, 7)


def test_the_bank_may_lend_another_amount() -> None:
    assert shown(Scheme.MORTGAGE, loan=Decimal(700000))[1:] == [
        ("首期", "买受人", Decimal(386834)),
        ("按揭", "银行", Decimal(700000)),
    ]


def test_instalments_the_last_row_takes_the_remainder() -> None:
    rows = payment_plan(Scheme.INSTALMENTS, TOTAL, Decimal(0), terms=THIRTY_THIRTY_FORTY)
    assert [str(row.amount) for row in rows] == ["332050.00", "332050.00", "442734.00"]
    assert [row.due_on(reserved_on=RESERVED, signed_on=SIGNED) for row in rows] == [
        SIGNED,
        date(2026, 6, 6),
        date(2026, 9, 4),
    ]


def test_the_deposit_is_part_of_the_first_instalment() -> None:
    rows = payment_plan(Scheme.INSTALMENTS, TOTAL, DEPOSIT, terms=THIRTY_THIRTY_FORTY)
    assert [(row.kind, row.instalment, row.amount) for row in rows] == [
        ("定金", 1, Decimal(20000)),
        ("首期", 1, Decimal(312050)),
        ("楼款", 2, Decimal(332050)),
        ("楼款", 3, Decimal(442734)),
    ]


def test_the_rounding_of_instalments_is_a_parameter() -> None:
    to_the_fen = PlanTerms(instalments=THIRTY_THIRTY_FORTY.instalments, row_step=Decimal("0.01"))
    rows = payment_plan(Scheme.INSTALMENTS, TOTAL, Decimal(0), terms=to_the_fen)
    assert [row.amount for row in rows] == [Decimal("332050.20"), Decimal("332050.20"), Decimal("442733.60")]


def test_combined_loans_are_two_rows() -> None:
    assert shown(Scheme.COMBINED, fund_loan=Decimal(600000)) == [
        ("定金", "买受人", Decimal(20000)),
        ("首期", "买受人", Decimal(316834)),
        ("公积金", "公积金中心", Decimal(600000)),
        ("按揭", "银行", Decimal(170000)),
    ]


def test_a_deposit_as_large_as_the_first_payment_leaves_no_empty_row() -> None:
    rows = payment_plan(Scheme.MORTGAGE, TOTAL, Decimal(336834))
    assert [(row.kind, row.amount) for row in rows] == [("定金", Decimal(336834)), ("按揭", Decimal(770000))]


@pytest.mark.parametrize(
    ("scheme", "total", "deposit", "loans", "field"),
    [
        (Scheme.LUMP_SUM, Decimal(0), Decimal(0), {}, None),
        (Scheme.LUMP_SUM, TOTAL, Decimal(-1), {}, None),
        (Scheme.LUMP_SUM, Decimal("0.001"), Decimal(0), {}, None),
        (Scheme.LUMP_SUM, TOTAL, TOTAL + 1, {}, "deposit"),
        (Scheme.MORTGAGE, TOTAL, Decimal(336835), {}, "deposit"),
        (Scheme.MORTGAGE, TOTAL, DEPOSIT, {"loan": TOTAL}, "loan"),
        (Scheme.MORTGAGE, TOTAL, DEPOSIT, {"loan": Decimal(0)}, "loan"),
        (Scheme.MORTGAGE, Decimal(10000), Decimal(0), {}, "loan"),
        (Scheme.MORTGAGE, TOTAL, DEPOSIT, {"fund_loan": Decimal(1)}, "fund_loan"),
        (Scheme.COMBINED, TOTAL, DEPOSIT, {}, "fund_loan"),
        (Scheme.COMBINED, TOTAL, DEPOSIT, {"fund_loan": Decimal(770000)}, "fund_loan"),
        (Scheme.INSTALMENTS, TOTAL, DEPOSIT, {}, "instalments"),
    ],
)
def test_plans_that_do_not_close(
    scheme: Scheme, total: Decimal, deposit: Decimal, loans: Mapping[str, Decimal], field: str | None
) -> None:
    with pytest.raises(RuleError) as refusal:
        payment_plan(scheme, total, deposit, **loans)
    assert refusal.value.field == field


@pytest.mark.parametrize("shares", [("0.30", "0.30"), ("0.50", "0.60"), ("1.10", "-0.10")])
def test_instalment_shares_make_one_whole(shares: tuple[str, ...]) -> None:
    terms = PlanTerms(instalments=tuple(Instalment(Decimal(share), 0) for share in shares))
    with pytest.raises(RuleError, match="100%"):
        payment_plan(Scheme.INSTALMENTS, TOTAL, DEPOSIT, terms=terms)


@given(
    total=st.decimals("20000", "99999999", places=2),
    deposit_share=st.decimals("0", "0.20", places=2),
    cuts=st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=6),
    scheme=st.sampled_from(Scheme),
)
def test_every_plan_adds_up_to_the_fen(total: Decimal, deposit_share: Decimal, cuts: list[int], scheme: Scheme) -> None:
    shares = [Decimal(cut) / 256 for cut in cuts]
    terms = PlanTerms(instalments=tuple(Instalment(share, 30) for share in [1 - sum(shares), *shares]))
    deposit = (total * deposit_share // 1) if scheme != Scheme.INSTALMENTS else Decimal(100)
    fund = Decimal(5000) if scheme == Scheme.COMBINED else Decimal(0)
    rows = payment_plan(scheme, total, deposit, terms=terms, fund_loan=fund)
    assert sum(row.amount for row in rows) == total
    assert all(row.amount >= 0 for row in rows)
    assert sum(row.amount for row in rows if row.payer != Payer.BUYER) <= total * Decimal("0.70")


ROWS = [
    OpenRow(1, date(2026, 3, 10), Decimal(100)),
    OpenRow(2, date(2026, 2, 1), Decimal(50)),
    OpenRow(3, None, Decimal(70)),
    OpenRow(4, date(2026, 1, 1), Decimal(10), is_late_fee=True),
]


@pytest.mark.parametrize(
    ("receipt", "late_fee_last", "parts", "prepaid"),
    [
        (30, True, ((2, Decimal(30)),), 0),
        (50, True, ((2, Decimal(50)),), 0),
        (120, True, ((2, Decimal(50)), (1, Decimal(70))), 0),
        (225, True, ((2, Decimal(50)), (1, Decimal(100)), (3, Decimal(70)), (4, Decimal(5))), 0),
        (240, True, ((2, Decimal(50)), (1, Decimal(100)), (3, Decimal(70)), (4, Decimal(10))), 10),
        (30, False, ((4, Decimal(10)), (2, Decimal(20))), 0),
    ],
)
def test_oldest_first_late_fee_last_rest_kept(
    receipt: int, late_fee_last: bool, parts: tuple[tuple[int, Decimal], ...], prepaid: int
) -> None:
    allocation = allocate(Decimal(receipt), ROWS, late_fee_last=late_fee_last)
    assert (allocation.parts, allocation.prepaid) == (parts, Decimal(prepaid))


def test_without_open_rows_everything_is_prepaid() -> None:
    assert allocate(Decimal("0.01"), [OpenRow(1, None, Decimal(0))]).prepaid == Decimal("0.01")


@pytest.mark.parametrize("receipt", [0, -1])
def test_a_receipt_is_positive(receipt: int) -> None:
    with pytest.raises(RuleError):
        allocate(Decimal(receipt), ROWS)


def test_an_overpaid_row_is_no_open_row() -> None:
    with pytest.raises(RuleError):
        allocate(Decimal(1), [OpenRow(1, None, Decimal(-1))])


@given(
    st.decimals("0.01", "1000000", places=2),
    st.lists(st.decimals("0", "100000", places=2), max_size=10),
    st.booleans(),
)
def test_no_fen_is_lost_and_no_row_overpaid(receipt: Decimal, amounts: list[Decimal], late_fee_last: bool) -> None:
    rows = [OpenRow(key, date(2026, 1 + key % 12, 1), amount, key % 3 == 0) for key, amount in enumerate(amounts)]
    allocation = allocate(receipt, rows, late_fee_last=late_fee_last)
    paid = dict(allocation.parts)
    assert sum(paid.values()) + allocation.prepaid == receipt
    assert all(paid[row.key] <= row.open_amount for row in rows if row.key in paid)
    if allocation.prepaid:
        assert sum(paid.values()) == sum(amounts)
