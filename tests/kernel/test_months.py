"""Which month a report opens with, on plain values."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from app.kernel.months import FIRST_DAYS, Opened, beside, borders, opened

NOVEMBER = Opened("2026-11")


@pytest.mark.parametrize(
    ("asked", "today", "newest", "found"),
    [
        (
            "2025-02",
            date(2026, 11, 1),
            date(2026, 10, 3),
            Opened("2025-02"),
        ),  # what is asked for is shown, empty or not
        ("", date(2026, 11, 1), date(2026, 10, 31), Opened("2026-10", "2026-11")),
        ("", date(2026, 11, FIRST_DAYS), date(2026, 8, 2), Opened("2026-08", "2026-11")),
        ("", date(2026, 11, FIRST_DAYS + 1), date(2026, 10, 31), NOVEMBER),
        ("", date(2026, 11, 1), None, NOVEMBER),
        ("2026-13", date(2026, 11, 20), None, NOVEMBER),
        ("2026-11'", date(2026, 11, 20), None, NOVEMBER),
        ("", date(2027, 1, 2), date(2026, 12, 30), Opened("2026-12", "2027-01")),
    ],
)
def test_a_report_opens_with_a_month_that_has_something_to_show(asked, today, newest, found):
    assert (
        opened(asked, today, lambda before: newest if before == today.replace(day=1) else pytest.fail("wrong day"))
        == found
    )


def test_later_in_the_month_nobody_asks_for_the_newest_row():
    assert opened("", date(2026, 11, 20), lambda _before: pytest.fail("asked")) == NOVEMBER


def test_where_a_month_begins_and_ends():
    assert borders("2026-12") == (datetime(2026, 12, 1), datetime(2027, 1, 1))
    assert (beside("2026-01", -1), beside("2026-12", 1), beside("2026-11", -11)) == ("2025-12", "2027-01", "2025-12")
