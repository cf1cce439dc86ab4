"""The worked examples P1–P10 of 02 §2.3.1 and the edges between them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.pricing.rules import (
    Compounding,
    Discount,
    PriceLine,
    PricingBasis,
    Rounding,
    floor_total,
    is_far_below_filed,
    list_total,
    price_chain,
    remainder,
    shared_area,
    sum_chains,
    unit_price,
)
from app.kernel.errors import RuleError
from app.kernel.money import RoundingMode

FLAT = PriceLine("房款", PricingBasis.BUILDING_AREA, Decimal("12800.00"), Decimal("89.53"), Decimal("70.12"))
MORTGAGE = Discount("按揭 98 折", factor=Decimal("0.98"))
IN_TIME = Discount("按时签约 99 折", factor=Decimal("0.99"))
FIXED = Discount("立减", amount=Decimal(5000))
CUT = RoundingMode.CUT


def test_p1_to_p5_one_factor_after_another() -> None:
    chain = price_chain(FLAT, [MORTGAGE, IN_TIME, FIXED])
    assert [(step.label, str(step.total)) for step in chain.steps] == [
        ("表价总价", "1145984.00"),
        ("按揭 98 折", "1123064.32"),
        ("按时签约 99 折", "1111833.68"),
        ("立减", "1106833.68"),
        ("取整", "1106834.00"),
    ]
    assert chain.list_total == Decimal("1145984.00")
    assert chain.deal_total == Decimal("1106834.00")
    assert chain.total_discount == Decimal("0.965837")


@pytest.mark.parametrize(
    ("step", "mode", "deal"),
    [
        ("1", RoundingMode.HALF_UP, "1106834"),
        ("1", CUT, "1106833"),
        ("10", RoundingMode.HALF_UP, "1106830"),
        ("100", CUT, "1106800"),
        ("0.01", RoundingMode.HALF_UP, "1106833.68"),
    ],
)
def test_p4_rounding_is_a_parameter(step: str, mode: RoundingMode, deal: str) -> None:
    chain = price_chain(FLAT, [MORTGAGE, IN_TIME, FIXED], rounding=Rounding(Decimal(step), mode))
    assert chain.deal_total == Decimal(deal)


def test_p6_unit_price_and_remainder() -> None:
    assert unit_price(Decimal(1106834), Decimal("89.53")) == Decimal("12362.72")
    assert remainder(Decimal(1106834), Decimal("89.53")) == Decimal("0.32")


def test_p7_reductions_added_up() -> None:
    plain = price_chain(FLAT, [MORTGAGE, IN_TIME], compounding=Compounding.ADDED, rounding=Rounding(Decimal("0.01")))
    assert plain.deal_total == Decimal("1111604.48")
    chain = price_chain(FLAT, [MORTGAGE, IN_TIME, FIXED], compounding=Compounding.ADDED)
    assert [str(step.total) for step in chain.steps[1:]] == ["1123064.32", "1111604.48", "1106604.48", "1106604.00"]


def test_the_order_of_fixed_amounts_in_the_list_does_not_matter() -> None:
    first = price_chain(FLAT, [FIXED, MORTGAGE, IN_TIME])
    assert first.deal_total == Decimal(1106834)


def test_p8_floor_total() -> None:
    assert floor_total(FLAT, Decimal(11900)) == Decimal("1065407.00")


def test_p9_shared_area_and_price_per_inner_area() -> None:
    shared = shared_area(Decimal("89.53"), Decimal("70.12"))
    assert (shared.area, shared.rate, shared.usable_rate) == (Decimal("19.41"), Decimal("21.68"), Decimal("78.32"))
    assert unit_price(Decimal(1106834), Decimal("70.12")) == Decimal("15784.85")


@pytest.mark.parametrize(
    ("deal", "share", "warns"),
    [
        ("1200000", None, False),
        ("1000000", None, False),
        ("1020000", "0.15", False),
        ("1019999.99", "0.15", True),
    ],
)
def test_p10_below_the_filed_price(deal: str, share: str | None, warns: bool) -> None:
    assert is_far_below_filed(Decimal(deal), Decimal(1200000), Decimal(share) if share else None) is warns


def test_p10_nothing_above_the_filed_price() -> None:
    with pytest.raises(RuleError, match=r"1,200,000\.01.*高于备案价 1,200,000\.00"):
        is_far_below_filed(Decimal("1200000.01"), Decimal(1200000), None)


@pytest.mark.parametrize(
    ("line", "total"),
    [
        (FLAT, "1145984.00"),
        (PriceLine("房款", PricingBasis.INNER_AREA, Decimal(12800), Decimal("89.53"), Decimal("70.12")), "897536.00"),
        (PriceLine("车位", PricingBasis.WHOLE, Decimal(120000)), "120000.00"),
        (PriceLine("房款", PricingBasis.BUILDING_AREA, Decimal("12345.67"), Decimal("88.88")), "1097283.15"),
    ],
)
def test_the_basis_of_the_price(line: PriceLine, total: str) -> None:
    assert list_total(line) == Decimal(total)


def test_the_price_register_may_cut_to_whole_yuan() -> None:
    line = PriceLine("房款", PricingBasis.BUILDING_AREA, Decimal("12345.67"), Decimal("88.88"))
    chain = price_chain(line, list_rounding=Rounding(Decimal(1), CUT), rounding=Rounding(Decimal("0.01")))
    assert (chain.list_total, chain.deal_total) == (Decimal(1097283), Decimal(1097283))


def test_several_lines_add_up() -> None:
    parking = price_chain(
        PriceLine("车位", PricingBasis.WHOLE, Decimal(120000)), [Discount("车位 95 折", factor=Decimal("0.95"))]
    )
    both = sum_chains([price_chain(FLAT, [MORTGAGE, IN_TIME, FIXED]), parking])
    assert (both.list_total, both.deal_total) == (Decimal(1265984), Decimal(1220834))
    assert len(both.steps) == 8
    with pytest.raises(RuleError):
        sum_chains([])


@given(
    area=st.decimals("20", "400", places=2),
    price=st.decimals("1000", "200000", places=2),
    factors=st.lists(st.decimals("0.85", "1", places=3), max_size=5),
    fixed=st.decimals("0", "1000", places=2),
    compounding=st.sampled_from(Compounding),
)
def test_the_steps_on_screen_lead_from_list_to_deal(
    area: Decimal, price: Decimal, factors: list[Decimal], fixed: Decimal, compounding: Compounding
) -> None:
    discounts = [Discount(f"折扣 {factor}", factor=factor) for factor in factors] + [Discount("立减", amount=fixed)]
    line = PriceLine("房款", PricingBasis.BUILDING_AREA, price, area)
    chain = price_chain(line, discounts, compounding=compounding)
    assert sum(step.change for step in chain.steps) == chain.deal_total
    running = Decimal(0)
    for step in chain.steps:
        running += step.change
        assert step.total == running
    assert chain.deal_total % 1 == 0


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"factor": Decimal("0.9"), "amount": Decimal(1)},
        {"factor": Decimal(0)},
        {"factor": Decimal("1.01")},
        {"factor": Decimal(-1)},
        {"amount": Decimal(-1)},
    ],
)
def test_a_discount_is_one_thing_within_its_range(values: dict[str, Decimal]) -> None:
    with pytest.raises(RuleError, match="折扣甲"):
        Discount("折扣甲", **values)


@pytest.mark.parametrize(
    "line",
    [
        PriceLine("房款", PricingBasis.BUILDING_AREA, Decimal(0), Decimal(80)),
        PriceLine("房款", PricingBasis.BUILDING_AREA, Decimal(12800)),
        PriceLine("房款", PricingBasis.INNER_AREA, Decimal(12800), Decimal(80)),
        PriceLine("房款", PricingBasis.BUILDING_AREA, Decimal(12800), Decimal(80), Decimal(81)),
        PriceLine("车位", PricingBasis.WHOLE, Decimal(-1)),
    ],
)
def test_a_line_without_area_or_price_is_refused(line: PriceLine) -> None:
    with pytest.raises(RuleError, match=line.label):
        list_total(line)


def test_discounts_may_not_eat_the_price() -> None:
    with pytest.raises(RuleError, match="不大于零"):
        price_chain(PriceLine("车位", PricingBasis.WHOLE, Decimal(5000)), [FIXED])
    with pytest.raises(RuleError):
        unit_price(Decimal(1), Decimal(0))
    with pytest.raises(RuleError):
        shared_area(Decimal(80), Decimal(81))
