"""Cells of a spreadsheet as values: truth tables of kernel/cells.py."""

import datetime
from decimal import Decimal

import pytest

from app.kernel.cells import as_code, as_date, as_decimal, as_int, as_text, is_blank
from app.kernel.errors import RuleError


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  3栋 ", "3栋"),
        ("\ufeff王伟\u200b", "王伟"),
        (68.0, "68"),
        (68.5, "68.5"),
        (1e-7, "0.0000001"),
        (12_000_000.0, "12000000"),
        (True, "是"),
        (datetime.date(2024, 3, 5), "2024-03-05"),
        (datetime.datetime(2024, 3, 5, 10, 2), "2024-03-05 10:02"),
        ("＝1+1", "＝1+1"),
    ],
)
def test_text(cell: object, text: str) -> None:
    assert as_text(cell) == text


@pytest.mark.parametrize("cell", [13800138000.0, 1.1010119491231e17, "1.38E+10", 13800138000])
def test_identity_refuses_numbers(cell: object) -> None:
    with pytest.raises(RuleError, match="“文本”格式"):
        as_text(cell, identity=True)


def test_identity_keeps_text() -> None:
    assert as_text(" 011010519491231002X ", identity=True) == "011010519491231002X"


def test_text_refuses_lost_digits() -> None:
    with pytest.raises(RuleError, match="超过 15 位"):
        as_text(1.1010119491231e17)


@pytest.mark.parametrize(
    ("cell", "code"), [("１ 栋", "1栋"), (1.0, "1"), ("（Ａ）座\u3000", "(A)座"), ("云栖里 1栋", "云栖里1栋")]
)
def test_code(cell: object, code: str) -> None:
    assert as_code(cell) == code


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12229.87", "12229.87"),
        ("1,106,834.00", "1106834"),
        ("1，106，834", "1106834"),
        ("¥12,800", "12800"),
        ("￥ 12800元", "12800"),
        ("12.5万", "125000"),
        ("1.2亿元", "120000000"),
        ("８９．５３", "89.53"),
        ("89.53㎡", "89.53"),
        ("89.53 平方米", "89.53"),
        ("12800元/㎡", "12800"),
        ("12800 元/平方米", "12800"),
        (89.53, "89.53"),
        (0.1 + 0.2, "0.3"),
        (-5.0, "-5"),
        ("-5", "-5"),
        (7, "7"),
    ],
)
def test_decimal(cell: object, number: str) -> None:
    assert as_decimal(cell) == Decimal(number)


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000"])
def test_blank(cell: object) -> None:
    assert is_blank(cell)
    assert as_decimal(cell) is None
    assert as_int(cell) is None
    assert as_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("面议", "不是数字"),
        ("1,2", "不是数字"),
        ("12..5", "不是数字"),
        ("1.38E+10", "科学计数"),
        ("#REF!", "公式错误"),
        ("=A1*2", "是公式"),
        (True, "不是数字"),
        (float("nan"), "不是有效的数字"),
        (datetime.date(2024, 3, 5), "是日期"),
        ("99999999999999", "过大"),
        (10.0**16, "超过 15 位"),
    ],
)
def test_no_number(cell: object, reason: str) -> None:
    with pytest.raises(RuleError, match=reason):
        as_decimal(cell)


def test_places_are_refused_not_rounded() -> None:
    assert as_decimal("89.530", places=2) == Decimal("89.53")
    with pytest.raises(RuleError, match="最多只能有 2 位小数"):
        as_decimal("89.535", places=2)


@pytest.mark.parametrize(("cell", "number"), [(7.0, 7), ("7", 7), ("7层", 7), ("-1", -1)])
def test_int(cell: object, number: int) -> None:
    assert as_int(cell) == number


def test_no_int() -> None:
    with pytest.raises(RuleError, match="不是整数"):
        as_int("7.5")


@pytest.mark.parametrize(
    "cell",
    [
        datetime.date(2024, 3, 5),
        datetime.datetime(2024, 3, 5, 9, 0),
        "2024-3-5",
        "2024.3.5",
        "2024/03/05",
        "2024年3月5日",
        "２０２４－３－５",
        "2024-03-05 10:20",
        "20240305",
        20240305.0,
        45356.0,
        "45356",
    ],
)
def test_date(cell: object) -> None:
    assert as_date(cell) == datetime.date(2024, 3, 5)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2024.2.30", "没有这一天"),
        ("20241301", "没有这一天"),
        ("明天", "不是日期"),
        (2024.3, "不是日期"),
        (5.0, "不是日期"),
    ],
)
def test_no_date(cell: object, reason: str) -> None:
    with pytest.raises(RuleError, match=reason):
        as_date(cell)
