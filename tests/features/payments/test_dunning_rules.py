"""When a buyer is asked, whether he kept his word, how an extended row stands: truth tables (02 §2.2.2, §2.3.6)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.organisation.parameter_kinds import DayList
from app.features.payments.models import ReceivableState as S
from app.features.payments.rules.dunning import level_on, may_terminate, next_change, promise_kept
from app.features.payments.rules.standing import standing
from app.kernel.errors import RuleError

DUE = date(2026, 3, 10)
DAYS = (-7, 0, 3, 7, 15, 30)


@pytest.mark.parametrize(
    ("day", "level"),
    [("03-02", 0), ("03-03", 1), ("03-09", 1), ("03-10", 2), ("03-12", 2), ("03-13", 3), ("03-17", 4), ("03-25", 5),
     ("04-08", 5), ("04-09", 6), ("12-31", 6)],
)  # fmt: skip
def test_the_day_rules(day, level):
    assert level_on(DUE, date.fromisoformat(f"2026-{day}"), DAYS) == level


def test_an_undated_row_is_not_asked_for():
    assert level_on(None, DUE, DAYS) == 0
    assert next_change(None, DUE, DAYS) is None


@given(st.integers(min_value=-40, max_value=120), st.integers(min_value=0, max_value=90))
def test_nothing_changes_before_the_next_change(shift, limit):
    today = DUE + timedelta(days=shift)
    coming = next_change(DUE, today, DAYS, limit)
    here = (level_on(DUE, today, DAYS), may_terminate(DUE, today, limit))
    last = coming - timedelta(days=1) if coming else today + timedelta(days=400)
    assert (level_on(DUE, last, DAYS), may_terminate(DUE, last, limit)) == here
    if coming:
        assert (level_on(DUE, coming, DAYS), may_terminate(DUE, coming, limit)) != here


@pytest.mark.parametrize(
    ("promised", "before", "received", "kept"),
    [(None, 0, 99, False), (None, 0, 100, True), (30, 0, 29, False), (30, 0, 30, True), (30, 50, 79, False),
     (30, 50, 80, True), (30, 90, 100, True)],
)  # fmt: skip
def test_a_promise_is_kept_by_money_that_came_since(promised, before, received, kept):
    sums = [None if n is None else Decimal(n) for n in (promised, before, received)]
    assert promise_kept(*sums, amount=Decimal(100)) is kept


@pytest.mark.parametrize(
    ("received", "extended", "today", "state"),
    [
        (0, None, "03-09", S.NOT_DUE), (0, None, "03-10", S.DUE), (0, None, "03-11", S.OVERDUE),
        (1, None, "03-10", S.PARTIAL), (1, None, "03-11", S.OVERDUE), (100, None, "03-11", S.PAID),
        (0, "03-25", "03-09", S.EXTENDED), (0, "03-25", "03-11", S.EXTENDED), (1, "03-25", "03-25", S.EXTENDED),
        (0, "03-25", "03-26", S.OVERDUE), (100, "03-25", "03-26", S.PAID),
    ],
)  # fmt: skip
def test_how_a_row_stands(received, extended, today, state):
    new = date.fromisoformat(f"2026-{extended}") if extended else None
    assert standing(Decimal(100), Decimal(received), DUE, date.fromisoformat(f"2026-{today}"), new) is state


@pytest.mark.parametrize(
    ("text", "days"), [("-7,0,3", (-7, 0, 3)), ("－7，0、３", (-7, 0, 3)), ("0", (0,)), ("-7 0 +3", (-7, 0, 3))]
)
def test_day_lists_in_chinese_habits(text, days):
    assert DayList(-60, 365).parse(text, "催款节点") == days


@pytest.mark.parametrize("text", ["", "3,0", "0,0", "一", "-61", "366", "1.5", "0;x"])
def test_wrong_day_lists_are_refused(text):
    with pytest.raises(RuleError, match="催款节点"):
        DayList(-60, 365).parse(text, "催款节点")
