"""When a file is complete, late, changed (S1.11.2)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.features.dossiers.rules import PROFILE, Papers, changes, late, measure, week_is_over


def test_a_meter_counts_facts_and_papers() -> None:
    whole = set(PROFILE)
    assert measure(whole, bought=False).percent == 100
    buyer = measure(whole - {"concerns"}, bought=True, papers=Papers(11, 9, ("收入证明", "流水")))
    assert (buyer.needed, buyer.present) == (len(PROFILE) + 2 + 11, len(PROFILE) - 1 + 9)
    assert buyer.missing == ("关注点", "证件号码", "送达地址", "收入证明", "流水")
    assert measure(set(), bought=False).percent == 0


@pytest.mark.parametrize(("day", "days"), [(20, 0), (23, 0), (24, 1), (30, 7)])
def test_a_deal_is_late_after_three_days(day: int, days: int) -> None:
    assert late(date(2026, 11, 20), 3, date(2026, 11, day)) == days


@pytest.mark.parametrize(("day", "due"), [(20, False), (26, False), (27, True)])
def test_a_batch_a_week(day: int, due: bool) -> None:
    assert week_is_over(datetime(2026, 11, 20, 17), 7, datetime(2026, 11, day, 9)) is due
    assert week_is_over(None, 7, datetime(2026, 11, 20))


def test_what_changed_is_named() -> None:
    labels = {"a": "等级", "b": "职业"}
    assert changes({"a": "A", "b": ""}, {"a": "B", "b": ""}, labels) == ["等级"]
    assert changes({"a": "A"}, {"a": "A"}, labels) == []
