"""The explainable match, topics of doubts, periods and ratios of the reports: truth tables on plain values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.features.customers.analysis import rules as r
from app.features.customers.choices import AreaBand, Grade, TotalBand
from app.features.customers.rules import Terms, next_lower, silent_days, suggested_grade
from app.features.customers.scripts.models import Topic
from app.features.customers.scripts.rules import topics_of
from app.features.customers.statistics import rules as s

D = Decimal


def offer(pk: int = 1, *, price: str = "1106834", area: str = "89.53", layout: str = "三房两厅两卫", aspect: str = "南北", floor: int = 11, floors: int = 18) -> r.Offer:  # fmt: skip
    return r.Offer(pk, f"3栋{1100 + pk}", layout, D(area), D(price), aspect, floor, floors)


WISH = r.Wish(frozenset({3}), AreaBand.TO_100, TotalBand.TO_120, D("400000"), south=True, level="")


@pytest.mark.parametrize(
    ("text", "rooms"),
    [("三房", {3}), ("3室2厅", {3}), ("三居", {3}), ("三房或四房", {3, 4}), ("两房两厅", {2}), ("大平层", set()), (None, set()), ("", set())],
)  # fmt: skip
def test_rooms_are_read_from_what_people_write(text: str | None, rooms: set[int]) -> None:
    assert r.rooms_in(text) == rooms


def test_every_criterion_says_its_number() -> None:
    told = {c.word: (c.fits, c.found, c.wanted) for c in r.criteria(WISH, offer(), D("0.30"))}
    assert told == {
        "户型": (True, "三房两厅两卫", "3 房"), "面积": (True, "89.53 ㎡", "80–100 ㎡"), "总价": (True, "110.7 万", "100–120 万"),
        "首付": (True, "首付至少 33.2 万", "40.0 万"), "朝向": (True, "南北", "朝南"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "word", "fits"),
    [
        ({"layout": "两房两厅"}, "户型", False), ({"layout": ""}, "户型", False),
        ({"area": "100.00"}, "面积", True), ({"area": "100.01"}, "面积", False), ({"area": "80"}, "面积", True), ({"area": "79.99"}, "面积", False),
        ({"price": "1200000"}, "总价", True), ({"price": "1200000.01"}, "总价", False), ({"price": "1000000"}, "总价", True),
        ({"price": "1333333.33"}, "首付", True), ({"price": "1333334"}, "首付", False), ({"aspect": "北"}, "朝向", False),
    ],
)  # fmt: skip
def test_borders_of_the_criteria(changed: dict[str, str], word: str, fits: bool) -> None:
    found = next(c for c in r.criteria(WISH, offer(**changed), D("0.30")) if c.word == word)
    assert found.fits is fits


@pytest.mark.parametrize(
    ("floor", "low", "high"),
    [(1, True, False), (6, True, False), (7, False, False), (12, False, False), (13, False, True)],
)
def test_storeys_are_thirds_of_the_building(floor: int, low: bool, high: bool) -> None:
    for level, fits in (("low", low), ("high", high)):
        (found,) = r.criteria(r.Wish(level=level), offer(floor=floor), D("0.3"))
        assert found.fits is fits


def test_words_of_the_customer_become_criteria() -> None:
    wish = r.wish_of("四房", None, None, None, "想要三房，看重朝南和得房率", "给父母换电梯房，楼层不要太高")
    assert (wish.rooms, wish.south, wish.level, wish.said) == (frozenset({4}), True, "low", 3)
    assert r.wish_of(None, None, None, None, None).said == 0


def test_best_orders_by_criteria_then_nearness_then_price() -> None:
    offers = [
        offer(1, price="1190000"), offer(2, price="1110000"), offer(3, price="1090000"), offer(4, layout="两房", price="1100000"),
        offer(5, layout="一房", area="40", price="3000000", aspect="北"),
    ]  # fmt: skip
    found = r.best(WISH, offers, D("0.30"), 10)
    assert [m.offer.unit_id for m in found] == [
        3,
        2,
        1,
        4,
    ]  # 3 and 2 lie 1 万 from the middle of 110 万: the cheaper first; 5 meets nothing
    assert [m.fits for m in found] == [5, 5, 5, 4]
    assert len(r.best(WISH, offers, D("0.30"), 2)) == 2
    assert r.best(r.Wish(), offers, D("0.30"), 10) == []


@pytest.mark.parametrize(("visits", "band"), [(0, (0, 0)), (1, (1, 1)), (2, (2, None)), (9, (2, None))])
def test_customers_are_compared_with_those_who_came_as_often(visits: int, band: tuple[int, int | None]) -> None:
    assert r.visit_band(visits) == band


def test_doubts_find_their_topics() -> None:
    assert topics_of("觉得单价偏高，想等贷款利率下调") == [Topic.LOAN, Topic.PRICE, Topic.TIMING]
    assert topics_of("还在比较隔壁楼盘", None) == [Topic.RIVAL]
    assert topics_of(None, "") == []


TERMS = Terms({Grade.A: 2, Grade.B: 3, Grade.C: 7, Grade.D: 30}, 15, 7, 10, silence=3)


def test_silence_is_a_number_of_the_site() -> None:
    assert [silent_days(g, TERMS) for g in Grade] == [6, 9, 21, 90]
    last = date(2026, 11, 1)
    assert suggested_grade(Grade.B, last, date(2026, 11, 10), TERMS) is None
    assert suggested_grade(Grade.B, last, date(2026, 11, 11), TERMS) is Grade.C
    assert [next_lower(g) for g in Grade] == [Grade.B, Grade.C, Grade.D, Grade.D]


def test_the_ratios_of_the_specification() -> None:
    """02 §2.3.9: 150 calls, 48 visits, 36 of them after a call, 6 deals."""
    assert s.percent(36, 150) == "24.00 %"
    assert s.percent(6, 48) == "12.50 %"
    assert s.percent(46, 120) == "38.33 %"
    assert s.percent(3, 0) == "—" and s.ratio(0, 0) is None
    assert s.percent(0, 5) == "0.00 %"


def test_periods() -> None:
    assert s.week_of(date(2026, 11, 30)) == s.Period(date(2026, 11, 30), date(2026, 12, 6))
    assert s.week_of(date(2026, 12, 6)).first == date(2026, 11, 30)
    assert s.month_start(date(2026, 1, 31), 2) == date(2025, 11, 1)
    assert s.month_of(2026, 12) == s.Period(date(2026, 12, 1), date(2026, 12, 31))
    today = date(2026, 11, 24)
    assert s.period_asked(None, None, today) == s.Period(date(2026, 9, 1), today)
    assert s.period_asked(date(2026, 11, 1), date(2026, 10, 1), today) == s.Period(date(2026, 11, 1), today)
    assert s.period_asked(date(2027, 1, 1), None, today).last == date(2027, 1, 1)
