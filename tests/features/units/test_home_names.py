"""Names of homes in every notation that lists use, brought to one."""

import pytest

from app.features.units.home_names import (
    building_name,
    chinese_count,
    floor_number,
    full_name,
    position_name,
    room_on_floor,
    section_name,
)
from app.kernel.errors import RuleError


@pytest.mark.parametrize(("text", "number"), [("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三十二", 32)])
def test_chinese_count(text: str, number: int) -> None:
    assert chinese_count(text) == number


@pytest.mark.parametrize("text", ["", "甲", "一百", "1", "十十", "一二"])
def test_no_chinese_count(text: str) -> None:
    assert chinese_count(text) is None


def test_building() -> None:
    assert building_name("云栖 １栋 ") == "云栖1栋"
    with pytest.raises(RuleError, match="楼栋为空"):
        building_name(" ")


@pytest.mark.parametrize(
    ("cell", "section"),
    [
        ("1单元", "1"),
        ("一单元", "1"),
        ("第二单元", "2"),
        ("单元3", "3"),
        ("01单元", "1"),
        (1.0, "1"),
        ("a单元", "A"),
        ("--", ""),
        ("——", ""),
        ("/", ""),
        ("无", ""),
        (0.0, ""),
        ("", ""),
        (None, ""),
    ],
)
def test_section(cell: object, section: str) -> None:
    assert section_name(cell) == section


@pytest.mark.parametrize(
    ("cell", "floor"),
    [("7", 7), (7.0, 7), ("07", 7), ("7层", 7), ("第七层", 7), ("7F", 7), ("三十二楼", 32), ("-1", -1), ("B1", -1)],
)
def test_floor(cell: object, floor: int) -> None:
    assert floor_number(cell) == floor


@pytest.mark.parametrize(("cell", "floor"), [("负一层", -1), ("地下2", -2), (None, None), ("", None)])
def test_floor_below_or_none(cell: object, floor: int | None) -> None:
    assert floor_number(cell) == floor


@pytest.mark.parametrize("cell", ["0", "七点五", "7.5", "顶层", "201", "3-5"])
def test_no_floor(cell: object) -> None:
    with pytest.raises(RuleError, match="不是楼层"):
        floor_number(cell)


@pytest.mark.parametrize(
    ("cell", "floor", "room"),
    [
        ("701", 7, "701"),
        ("0701", 7, "701"),
        (701.0, 7, "701"),
        ("701室", 7, "701"),
        ("01", 7, "701"),
        (1.0, 7, "701"),
        ("1号房", 7, "701"),
        ("7-01", 7, "701"),
        ("7-1", 7, "701"),
        ("1-701", 7, "701"),
        ("3-1-0701", 7, "701"),
        ("10701", 7, "701"),
        ("1102", 11, "1102"),
        ("-101", -1, "-101"),
        ("101", -1, "-101"),
        ("701A", 7, "701A"),
        ("商铺05", 1, "商铺05"),
    ],
)
def test_room(cell: object, floor: int, room: str) -> None:
    assert room_on_floor(cell, floor) == (floor, room)


def test_the_room_tells_the_floor() -> None:
    assert room_on_floor("1102", None) == (11, "1102")


@pytest.mark.parametrize(
    ("cell", "floor", "reason"),
    [
        ("701", 8, "看起来在 7 层，楼层列却是 8 层"),
        ("2-01", 8, "看起来在 2 层"),
        ("801", -1, "看起来在 8 层"),
        ("01", None, "看不出是哪一层"),
        ("701A", None, "看不出是哪一层"),
        ("", 7, "房号为空"),
        (None, 7, "房号为空"),
    ],
)
def test_no_room(cell: object, floor: int | None, reason: str) -> None:
    with pytest.raises(RuleError, match=reason):
        room_on_floor(cell, floor)


def test_full_name() -> None:
    assert full_name("3栋", "", "1102") == "3栋1102"
    assert full_name("云栖里1栋", "1", "701") == "云栖里1栋1单元701"


@pytest.mark.parametrize(
    ("cell", "position"), [(1.0, "01"), ("1", "01"), ("12室", "12"), ("备注", None), ("0", None), ("101", None)]
)
def test_position(cell: object, position: str | None) -> None:
    assert position_name(cell) == position
