"""Truth tables of amounts: reading, rounding, splitting, capitals (02 §2.3, §2.3.10, §2.5.12)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import RuleError
from app.kernel.money import (
    capitals,
    format_amount,
    from_fen,
    half_up,
    parse_amount,
    round_yuan,
    split_fen,
    to_fen,
)

FEN = st.integers(min_value=-(10**13) + 1, max_value=10**13 - 1)


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        (Decimal(1106834), 110683400),
        (Decimal("0.01"), 1),
        (Decimal("1.50"), 150),
        (Decimal("1.500"), 150),
        (Decimal("-2988.45"), -298845),
        ("332.05", 33205),
        ("-1", -100),
        (Decimal("99999999999.99"), 9999999999999),
    ],
)
def test_yuan_become_fen(amount: Decimal | str, fen: int) -> None:
    assert to_fen(amount) == fen


@pytest.mark.parametrize(
    "amount",
    [
        Decimal("0.001"),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("-Infinity"),
        Decimal(10) ** 11,
        -(Decimal(10) ** 11),
        Decimal("1.0000000000000000000000000000000001"),
    ],
)
def test_amounts_that_are_no_money_are_refused(amount: Decimal) -> None:
    with pytest.raises(RuleError):
        to_fen(amount)


@pytest.mark.parametrize("text", ["", "1e9", "NaN", "1,000", "١", "1.", " 1", "abc"])
def test_only_plain_digits_become_fen(text: str) -> None:
    with pytest.raises(RuleError):
        to_fen(text)


def test_a_float_is_never_money() -> None:
    with pytest.raises(TypeError):
        to_fen(0.1)  # type: ignore[arg-type]


@given(FEN)
def test_fen_and_yuan_are_one_to_one(fen: int) -> None:
    assert to_fen(from_fen(fen)) == fen
    assert parse_amount(format_amount(from_fen(fen)), allow_negative=True) == from_fen(fen)


@pytest.mark.parametrize(
    ("amount", "places", "rounded"),
    [
        (Decimal("0.005"), 2, "0.01"),
        (Decimal("-0.005"), 2, "-0.01"),
        (Decimal("2.675"), 2, "2.68"),
        (Decimal("-0.001"), 2, "0.00"),
        (Decimal("0.9658372"), 6, "0.965837"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(-1, 200), 2, "-0.01"),
        (Fraction(5, 2), 0, "3"),
    ],
)
def test_a_half_goes_up(amount: Decimal | Fraction, places: int, rounded: str) -> None:
    assert str(half_up(amount, places)) == rounded


@given(FEN, st.integers(min_value=0, max_value=4))
def test_decimal_and_fraction_round_alike(fen: int, places: int) -> None:
    assert half_up(Decimal(fen) / 1000, places) == half_up(Fraction(fen, 1000), places)


@pytest.mark.parametrize(
    ("step", "mode", "rounded"),
    [
        (1, "四舍五入", "1106834.00"),
        (1, "去尾", "1106833.00"),
        (10, "四舍五入", "1106830.00"),
        (10, "去尾", "1106830.00"),
        (100, "四舍五入", "1106800.00"),
        (100, "去尾", "1106800.00"),
    ],
)
def test_whole_yuan_p4(step: int, mode: str, rounded: str) -> None:
    assert str(round_yuan(Decimal("1106833.68"), step, mode)) == rounded


def test_rounding_at_the_very_half() -> None:
    assert round_yuan(Decimal("1106833.50"), 1, "四舍五入") == 1106834
    assert round_yuan(Decimal("1106833.49"), 1, "四舍五入") == 1106833
    assert round_yuan(Decimal(1106850), 100, "四舍五入") == 1106900


@pytest.mark.parametrize(("step", "mode"), [(5, "去尾"), (0, "去尾"), (1, "进位")])
def test_unknown_rounding_is_refused(step: int, mode: str) -> None:
    with pytest.raises(RuleError):
        round_yuan(Decimal(1), step, mode)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1106834", "1106834.00"),
        ("1,106,834.00", "1106834.00"),
        ("110,6834", "1106834.00"),
        ("¥1,106,834", "1106834.00"),
        ("￥ 1 106 834 元", "1106834.00"),
        ("１１０６８３４．５０", "1106834.50"),
        ("１，１０６，８３４", "1106834.00"),
        ("110.6834万", "1106834.00"),
        ("110.68 万元", "1106800.00"),
        ("1.2亿", "120000000.00"),
        ("8.", "8.00"),
        ("0", "0.00"),
        ("-0", "0.00"),
        ("+5", "5.00"),
    ],
)
def test_what_people_type_is_understood(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "请填写"),
        ("  ", "请填写"),
        ("元", "请填写"),
        ("万", "只填数字"),
        ("NaN", "只填数字"),
        ("Infinity", "只填数字"),
        ("1e9", "只填数字"),
        ("12,34", "只填数字"),
        ("1,5", "只填数字"),
        ("1.2.3", "只填数字"),
        (".5", "只填数字"),
        ("一百万", "只填数字"),
        ("=1+1", "只填数字"),
        ("1.234", "两位小数"),
        ("1.0000001万", "两位小数"),
        ("-5", "负数"),
        ("−5", "负数"),
        ("100000000000", "一千亿"),
        ("1000亿", "一千亿"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_remedy(text: str, hint: str) -> None:
    with pytest.raises(RuleError, match=hint) as refusal:
        parse_amount(text, field="amount")
    assert refusal.value.field == "amount"


def test_negative_amounts_only_where_allowed() -> None:
    assert parse_amount("-1,200.50", allow_negative=True) == Decimal("-1200.50")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1106834", "1,106,834.00"), ("0", "0.00"), ("-2988.45", "-2,988.45"), ("0.005", "0.01"), ("999.995", "1,000.00")],
)
def test_amounts_are_written_with_commas(amount: str, text: str) -> None:
    assert format_amount(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (332051, [50, 50], [166026, 166025]),
        (10000, [1, 1, 1], [3334, 3333, 3333]),
        (200, [1, 1, 1], [67, 67, 66]),
        (-332051, [1, 1], [-166026, -166025]),
        (1, [0, 1, 1], [0, 1, 0]),
        (0, [1, 2], [0, 0]),
        (332050, [Decimal("0.7"), Decimal("0.2"), Decimal("0.1")], [232435, 66410, 33205]),
    ],
)
def test_splits_close(total: int, weights: list[int | Decimal], parts: list[int]) -> None:
    assert split_fen(total, weights) == parts


@given(FEN, st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=12).filter(any))
def test_every_split_adds_up_and_is_fair(total: int, weights: list[int]) -> None:
    parts = split_fen(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) <= 1


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_splits_need_weights(weights: list[int]) -> None:
    with pytest.raises(RuleError):
        split_fen(100, weights)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10.05", "壹拾元零伍分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1004", "壹仟零肆元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万零柒仟元零伍角叁分"),
        ("221366.80", "贰拾贰万壹仟叁佰陆拾陆元捌角整"),
        ("1106834", "壹佰壹拾万零陆仟捌佰叁拾肆元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100000000", "壹亿元整"),
        ("100005000", "壹亿零伍仟元整"),
        ("10050000", "壹仟零伍万元整"),
        ("200000.50", "贰拾万元零伍角整"),
        ("0.99", "玖角玖分"),
        ("1.01", "壹元零壹分"),
        ("20000", "贰万元整"),
        ("99999999999.99", "玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_capitals(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


def test_capitals_with_the_name_of_the_currency() -> None:
    assert capitals(Decimal(0), prefix="人民币") == "人民币零元整"


@pytest.mark.parametrize("amount", ["-0.01", "0.001", "100000000000", "NaN"])
def test_capitals_refuse(amount: str) -> None:
    with pytest.raises(RuleError):
        capitals(Decimal(amount))


VALUE = {word: number for number, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACE = {"拾": 10, "佰": 100, "仟": 1000}


def read_capitals(words: str) -> int:
    """Reads capitals back into fen: an independent second opinion that sums what is spoken."""
    total = group = digit = 0
    for word in words:
        if word in VALUE:
            digit = VALUE[word]
        elif word in PLACE:
            group, digit = group + digit * PLACE[word], 0
        elif word in "亿万元":
            total, group, digit = total + (group + digit) * {"亿": 10**10, "万": 10**6, "元": 100}[word], 0, 0
        elif word in "角分":
            total, digit = total + digit * {"角": 10, "分": 1}[word], 0
    return total


@given(st.integers(min_value=1, max_value=10**13 - 1))
def test_capitals_can_be_read_back(fen: int) -> None:
    words = capitals(from_fen(fen))
    assert read_capitals(words) == fen
    assert "零零" not in words and not words.startswith("零")
    assert words.endswith(("分", "整"))
