"""Rates are shown and read as a sales site says them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.kernel.errors import RuleError
from app.kernel.rates import PER_CENT, PER_MILLE, PER_MYRIAD, TENTHS, parse_rate, rate_words


@pytest.mark.parametrize(
    ("rate", "unit", "words"),
    [
        ("0.98", TENTHS, "98 折"),
        ("0.985", TENTHS, "98.5 折"),
        ("0.9", TENTHS, "9 折"),
        ("1", TENTHS, "不打折"),
        ("0.7", PER_CENT, "70 %"),
        ("0.020708", PER_CENT, "2.0708 %"),
        ("0", PER_CENT, "0 %"),
        ("0.002", PER_MILLE, "2 ‰"),
        ("0.0002", PER_MYRIAD, "万分之 2"),
        ("0.00025", PER_MYRIAD, "万分之 2.5"),
        ("0.98", "", "0.98"),
    ],
)
def test_the_words_of_a_rate_are_exact_and_read_back(rate: str, unit: str, words: str) -> None:
    assert rate_words(Decimal(rate), unit) == words
    assert parse_rate(words, unit) == Decimal(rate)


@pytest.mark.parametrize(
    ("text", "unit", "rate"),
    [
        ("0.98", TENTHS, "0.98"),
        ("98", TENTHS, "0.98"),
        ("9.8折", TENTHS, "0.98"),
        ("9.8", TENTHS, "0.98"),
        ("98%", TENTHS, "0.98"),
        ("1", TENTHS, "1"),
        ("70%", PER_CENT, "0.7"),
        ("0.035", PER_CENT, "0.035"),
        ("万分之2", PER_MYRIAD, "0.0002"),
        ("0.02%", PER_MYRIAD, "0.0002"),
        ("0.0002", PER_MYRIAD, "0.0002"),
    ],
)
def test_what_people_write(text: str, unit: str, rate: str) -> None:
    assert parse_rate(text, unit) == Decimal(rate)


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("70", PER_CENT, "要写明单位，七成填「70%」或 0.7"),
        ("2", PER_MYRIAD, "要写明单位，万分之二填「2‱」或 0.0002"),
        ("九八折", TENTHS, "看不懂，98 折填「98 折」或 0.98"),
        ("150", TENTHS, "不是折扣"),
        ("0折", TENTHS, "不是折扣"),
        ("1.2.3%", PER_CENT, "看不懂"),
        ("9" * 30, PER_CENT, "看不懂"),
    ],
)
def test_what_could_mean_two_things_is_asked_back(text: str, unit: str, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        parse_rate(text, unit)
