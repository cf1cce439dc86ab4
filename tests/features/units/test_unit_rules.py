"""Rules of units as truth tables, without a database (02 §2.2.1, §2.3.1, §2.5.10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest

from app.features.units.models import PricingBasis
from app.features.units.rules import (
    held_share_allows,
    hold_authority,
    may_hold_himself,
    minutes_left,
    permit_refusal,
    price_refusal,
    sold_rate,
    taken_already,
    total_price,
)
from app.kernel.posts import Post

NOON = datetime(2026, 11, 24, 12, 0, 0)


@dataclass(frozen=True)
class Paper:
    number: str
    issued_on: date
    valid_until: date | None


@pytest.mark.parametrize(
    ("until", "left"),
    [
        (datetime(2026, 11, 24, 12, 12), 12),
        (datetime(2026, 11, 24, 12, 11, 1), 12),
        (datetime(2026, 11, 24, 12, 0, 1), 1),
        (NOON, 0),
        (datetime(2026, 11, 24, 11, 0), 0),
    ],
)
def test_begun_minutes_count(until, left):
    assert minutes_left(until, NOON) == left


def test_what_the_loser_reads():
    at, until = datetime(2026, 11, 24, 10, 41), datetime(2026, 11, 24, 12, 12)
    assert str(taken_already("3栋1102", at, until, NOON, "何涛")) == "3栋1102 已由何涛 10:41 销控，剩 12 分钟"
    assert str(taken_already("3栋1102", at, until, NOON, None)) == "3栋1102 已在 10:41 被销控，剩 12 分钟"
    assert str(taken_already("3栋1102", at, None, NOON, "何涛")) == "3栋1102 已由何涛 10:41 销控并提交认购"
    assert str(taken_already("3栋1102", at, None, NOON, None)) == "3栋1102 已在 10:41 被销控并提交认购"


@pytest.mark.parametrize(
    ("held", "released", "percent", "allowed"),
    [
        (0, 20, 5, True),
        (0, 19, 5, False),
        (5, 120, 5, True),
        (6, 120, 5, False),
        (0, 0, 5, False),
        (0, 1, 100, True),
        (11, 120, 10, True),
        (12, 120, 10, False),
    ],
)
def test_holds_stay_within_five_percent_of_what_is_released(held, released, percent, allowed):
    assert held_share_allows(held, released, Decimal(percent)) is allowed


@pytest.mark.parametrize(
    ("hours", "post"),
    [
        (1, Post.SUPERVISOR),
        (24, Post.SUPERVISOR),
        (25, Post.SITE_MANAGER),
        (72, Post.SITE_MANAGER),
        (73, Post.DEVELOPER_SITE),
        (1000, Post.DEVELOPER_SITE),
    ],
)
def test_who_may_hold_how_long(hours, post):
    assert hold_authority(hours, 24, 72) is post


@pytest.mark.parametrize(
    ("post", "hours", "allowed"),
    [
        (Post.SUPERVISOR, 24, True),
        (Post.SUPERVISOR, 25, False),
        (Post.SITE_MANAGER, 24, True),
        (Post.SITE_MANAGER, 72, True),
        (Post.SITE_MANAGER, 73, False),
        (Post.DEVELOPER_SITE, 1000, True),
        (Post.CONSULTANT, 1, False),
        (Post.PROJECT_MANAGER, 1, False),
        (Post.DEVELOPER_LEAD, 1, False),
    ],
)
def test_who_holds_without_asking(post, hours, allowed):
    assert may_hold_himself([post], hours, 24, 72) is allowed


@pytest.mark.parametrize(
    ("paper", "sentence"),
    [
        (None, "没有对应的预售证或现售备案"),
        (Paper("058", date(2026, 11, 25), None), "预售证 058 要到 2026-11-25 才发证"),
        (Paper("058", date(2026, 1, 1), date(2026, 11, 23)), "预售证 058 已在 2026-11-23 到期"),
        (Paper("058", date(2026, 11, 24), date(2026, 11, 24)), None),
        (Paper("058", date(2026, 1, 1), None), None),
    ],
)
def test_a_permit_covers_the_day_or_says_why_not(paper, sentence):
    why = permit_refusal(paper, date(2026, 11, 24))
    assert (None if why is None else str(why)) == sentence


@pytest.mark.parametrize(
    ("listed", "filed", "fine"),
    [
        ("100.00", "100.00", True),
        ("99.99", "100.00", True),
        ("100.01", "100.00", False),
        (None, "100.00", False),
        ("100.00", None, False),
    ],
)
def test_the_list_price_is_set_and_not_above_the_filed_price(listed, filed, fine):
    why = price_refusal(*(None if v is None else Decimal(v) for v in (listed, filed)))
    assert (why is None) is fine


@pytest.mark.parametrize(
    ("basis", "unit_price", "rounding", "total"),
    [
        (PricingBasis.BUILDING_AREA, "12800.00", "分", "1145984.00"),
        (PricingBasis.BUILDING_AREA, "51234.56", "分", "4587030.16"),
        (PricingBasis.BUILDING_AREA, "51234.56", "元去尾", "4587030.00"),
        (PricingBasis.BUILDING_AREA, "12800.99", "元去尾", "1146072.00"),
        (PricingBasis.BUILDING_AREA, "12800.99", "元四舍五入", "1146073.00"),
        (PricingBasis.INNER_AREA, "15784.85", "分", "1106833.68"),
        (PricingBasis.WHOLE, "180000.00", "分", "180000.00"),
    ],
)
def test_the_total_follows_the_basis_and_the_rounding_of_the_site(basis, unit_price, rounding, total):
    assert total_price(Decimal(unit_price), Decimal("89.53"), Decimal("70.12"), basis, rounding) == Decimal(total)


@pytest.mark.parametrize(
    ("sold", "released", "text"), [(46, 120, "38.33 %"), (62, 128, "48.44 %"), (0, 5, "0.00 %"), (0, 0, "—")]
)
def test_sold_of_released(sold, released, text):
    assert sold_rate(sold, released) == text
