"""Who decides an extra concession: D1–D7 of 02 §2.3.2, with and without the mandate of the developer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.pricing.rules import (
    DEFAULT_LIMITS,
    AuthorityLimit,
    Mandate,
    discount_authority,
    extra_concession,
    require_approved_total,
    total_after_papers,
)
from app.kernel.errors import RuleError
from app.kernel.money import half_up

TODAY = date(2026, 11, 24)
PUBLIC, FLOOR = Decimal(1106834), Decimal(1065407)
SIGNED = Mandate(valid_until=date(2026, 12, 31), units_left=10, amount_left=Decimal(200000))
RISING = ["consultant", "supervisor", "site_manager", "project_manager", "developer_site", "developer_lead"]


def decides(deal: Decimal | int | str, mandate: Mandate | None = SIGNED, floor: Decimal | None = FLOOR) -> str:
    return discount_authority(Decimal(deal), PUBLIC, floor_total=floor, mandate=mandate, on=TODAY)


@pytest.mark.parametrize(
    ("deal", "percent", "with_mandate", "without"),
    [
        (1106834, "0.000000", "consultant", "consultant"),
        (1101300, "0.499985", "supervisor", "developer_site"),
        (1101299, "0.500075", "site_manager", "developer_site"),
        (1095000, "1.069176", "project_manager", "developer_site"),
        (1084698, "1.999939", "developer_site", "developer_site"),
        (1084697, "2.000029", "developer_lead", "developer_lead"),
        (1065000, "3.779609", "developer_lead", "developer_lead"),
    ],
)
def test_d1_to_d7(deal: int, percent: str, with_mandate: str, without: str) -> None:
    assert half_up(extra_concession(Decimal(deal), PUBLIC) * 100, 6) == Decimal(percent)
    assert decides(deal) == with_mandate
    assert decides(deal, mandate=None) == without


def test_below_the_floor_the_points_do_not_matter() -> None:
    assert decides(1106833, floor=Decimal(1106834)) == "developer_lead"
    assert decides(1106834, floor=Decimal(1106835)) == "developer_lead"
    assert decides(1106834, floor=Decimal(1106834)) == "consultant"
    assert decides(1065407, floor=None) == "developer_lead"
    assert decides(1101300, floor=None) == "supervisor"


def test_a_deal_above_the_public_price_needs_nobody() -> None:
    assert extra_concession(Decimal(1106835), PUBLIC) < 0
    assert decides(1106835) == "consultant"


@pytest.mark.parametrize(
    ("deal", "post"),
    [("995.00", "supervisor"), ("994.99", "site_manager"), ("990.00", "site_manager"), ("989.99", "project_manager")],
)
def test_a_limit_includes_its_own_value(deal: str, post: str) -> None:
    assert discount_authority(Decimal(deal), Decimal(1000), floor_total=None, mandate=SIGNED, on=TODAY) == post


@pytest.mark.parametrize(
    "mandate",
    [
        replace(SIGNED, valid_until=date(2026, 11, 23)),
        replace(SIGNED, units_left=0),
        replace(SIGNED, amount_left=Decimal("5533.99")),
    ],
)
def test_a_used_up_or_ended_mandate_counts_as_none(mandate: Mandate) -> None:
    assert decides(1101300, mandate=mandate) == "developer_site"


@pytest.mark.parametrize(
    "mandate",
    [
        replace(SIGNED, valid_until=TODAY),
        replace(SIGNED, units_left=1),
        replace(SIGNED, amount_left=Decimal(5534)),
        Mandate(valid_until=TODAY),
    ],
)
def test_the_last_of_a_mandate_still_counts(mandate: Mandate) -> None:
    assert decides(1101300, mandate=mandate) == "supervisor"


def test_several_papers_of_one_order_count_together() -> None:
    each = Decimal(4427)
    assert decides(PUBLIC - each) == "supervisor"
    assert decides(total_after_papers(PUBLIC, [each, each])) == "site_manager"
    assert decides(total_after_papers(PUBLIC, [each, each, each])) == "project_manager"
    assert total_after_papers(PUBLIC, []) == PUBLIC
    with pytest.raises(RuleError):
        total_after_papers(PUBLIC, [Decimal(-1)])
    with pytest.raises(RuleError):
        total_after_papers(PUBLIC, [PUBLIC])


def test_the_limits_are_parameters() -> None:
    strict = [AuthorityLimit("developer_site", Decimal("0.01")), AuthorityLimit("supervisor", Decimal("0.001"))]
    assert (
        discount_authority(Decimal(1101300), PUBLIC, floor_total=FLOOR, mandate=SIGNED, on=TODAY, limits=strict)
        == "developer_site"
    )
    assert (
        discount_authority(Decimal(1095000), PUBLIC, floor_total=FLOOR, mandate=SIGNED, on=TODAY, limits=strict)
        == "developer_lead"
    )


@given(st.integers(min_value=1, max_value=110683400), st.integers(min_value=0, max_value=110683400))
def test_who_gives_more_needs_no_lower_post(fen: int, less: int) -> None:
    higher, lower = Decimal(fen) / 100, max(Decimal(fen - less) / 100, Decimal("0.01"))
    for mandate in (SIGNED, None):
        assert RISING.index(decides(lower, mandate=mandate)) >= RISING.index(decides(higher, mandate=mandate))


@given(st.integers(min_value=106540700, max_value=110683400))
def test_the_deciding_post_is_the_first_that_suffices(fen: int) -> None:
    extra = extra_concession(Decimal(fen) / 100, PUBLIC)
    unlimited = Mandate(valid_until=TODAY)
    sufficing = [limit.post for limit in DEFAULT_LIMITS if extra <= Fraction(limit.share)]
    expected = "consultant" if extra == 0 else [*sufficing, "developer_lead"][0]
    assert decides(Decimal(fen) / 100, mandate=unlimited) == expected


def test_the_approver_grants_no_more_than_asked() -> None:
    require_approved_total(Decimal(1095000), Decimal(1095000), PUBLIC)
    require_approved_total(PUBLIC, Decimal(1095000), PUBLIC)
    with pytest.raises(RuleError, match=r"1,095,000\.00"):
        require_approved_total(Decimal("1094999.99"), Decimal(1095000), PUBLIC)
    with pytest.raises(RuleError, match="公开折后总价"):
        require_approved_total(Decimal("1106834.01"), Decimal(1095000), PUBLIC)


@pytest.mark.parametrize(("deal", "public"), [(0, 1), (1, 0), (-1, 1)])
def test_prices_are_positive(deal: int, public: int) -> None:
    with pytest.raises(RuleError):
        extra_concession(Decimal(deal), Decimal(public))
