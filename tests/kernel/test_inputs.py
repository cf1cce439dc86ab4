"""Typed text → value: a choice takes only what it offers."""

from __future__ import annotations

import pytest

from app.kernel.asks import ask
from app.kernel.screens.forms import wanted_ask
from app.kernel.screens.inputs import parse


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
