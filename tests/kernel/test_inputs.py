"""Typed text → value: a choice takes only what it offers, a rate is a fraction however it is written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.kernel.asks import ask
from app.kernel.screens.forms import wanted_ask
from app.kernel.screens.inputs import Wanted, parse


@pytest.mark.parametrize(
    ("choices", "typed", "value", "refused"),
    [
        ((("1", "3栋"), ("2", "5栋")), "2", "2", False),
        ((("1", "3栋"),), "7", None, True),
        ((), "7", None, True),
        ((), "", None, True),
    ],
)
def test_a_choice_takes_only_what_it_offers(session, choices, typed, value, refused):
    parsed = parse(session, [wanted_ask(ask("building", "楼栋", "choice", choices=choices), None)], {"building": typed})
    assert parsed.values["building"] == value
    assert bool(parsed.errors) is refused


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.035", "0.035"),
        ("3.5%", "0.035"),
        ("3.5 ％", "0.035"),
        ("0.2‰", "0.0002"),
        ("2‱", "0.0002"),
        ("1", "1"),
        ("百分之三", None),
    ],
)
def test_a_rate_is_a_fraction_however_it_is_written(session, typed, value):
    """«3%» was once read as 3: three hundred per cent."""
    parsed = parse(session, [Wanted("rate", "违约金比例", "rate", True, places=6)], {"rate": typed})
    assert parsed.values["rate"] == (None if value is None else Decimal(value))
    assert bool(parsed.errors) is (value is None)
