"""面积补差: every row of 02 §2.3.7, the edges of 3 %, and sums that always close."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.handover.areas.rules import area_difference
from app.kernel.errors import RuleError

PRICE = Decimal(12000)
HUNDRED = Decimal("100.00")


@pytest.mark.parametrize(
    ("registered", "error", "owed", "refund", "doubled", "borne", "may_withdraw"),
    [
        ("101.20", "0.012", "14400.00", "0", "0", "0", False),
        ("103.00", "0.03", "36000.00", "0", "0", "0", False),  # 3 % incl.
        ("104.50", "0.045", "36000.00", "0", "0", "18000.00", True),
        ("98.40", "-0.016", "0", "19200.00", "0", "0", False),
        ("97.00", "-0.03", "0", "36000.00", "0", "0", False),
        ("95.00", "-0.05", "0", "84000.00", "48000.00", "0", True),
        ("100.00", "0", "0", "0", "0", "0", False),
        ("103.01", "0.0301", "36000.00", "0", "0", "120.00", True),
        ("96.99", "-0.0301", "0", "36240.00", "240.00", "0", True),
        ("100.01", "0.0001", "120.00", "0", "0", "0", False),
    ],
)
def test_the_table(registered, error, owed, refund, doubled, borne, may_withdraw):
    found = area_difference(HUNDRED, Decimal(registered), PRICE)
    assert found.error == Decimal(error)
    assert (found.owed, found.refund) == (Decimal(owed), Decimal(refund))
    assert (found.doubled, found.borne, found.may_withdraw) == (Decimal(doubled), Decimal(borne), may_withdraw)


def test_the_limit_is_held_against_exact_areas():
    """89.53 × 3 % = 2.6859: 92.21 is +2.9934 %, 92.22 is +3.0046 %."""
    area = Decimal("89.53")
    assert not area_difference(area, Decimal("92.21"), PRICE).may_withdraw
    beyond = area_difference(area, Decimal("92.22"), PRICE)
    assert beyond.may_withdraw and beyond.owed == Decimal("32230.80") and beyond.borne == Decimal("49.20")


@pytest.mark.parametrize("wrong", ["0", "-1", "0.001", "1000000000", "69.99", "130.01"])
def test_an_area_that_cannot_be_is_refused(wrong):
    with pytest.raises(RuleError) as refusal:
        area_difference(HUNDRED, Decimal(wrong), PRICE)
    assert refusal.value.field == "surveyed_area"


@given(
    contract=st.integers(1000, 50000), change=st.integers(-2900, 2900), price=st.integers(100, 9_999_999),
)  # fmt: skip
def test_the_parts_close(contract, change, price):
    area, unit_price = Decimal(contract) / 100, Decimal(price) / 100
    registered = (area * (1 + Decimal(change) / 10000)).quantize(Decimal("0.01"))
    found = area_difference(area, registered, unit_price)
    assert found.owed == 0 or found.refund == 0
    worth = abs(registered - area) * unit_price
    single = found.owed + found.borne if found.owed or found.borne else found.back
    assert abs(single - worth) <= Decimal("0.01")
    assert found.refund == found.back + found.compensation and found.doubled <= found.refund
    assert found.may_withdraw == (abs(registered - area) > area * Decimal("0.03"))
    if not found.may_withdraw:
        assert found.borne == found.compensation == 0
