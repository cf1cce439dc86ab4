"""The matrix layout: floors down, positions across, merged buildings, two sheets of prices."""

from decimal import Decimal

import pytest

from app.features.units.price_fields import Layout, Purpose, confirmed, propose
from app.features.units.price_matrix import derived_area
from app.features.units.price_rows import PriceTable
from app.features.units.price_table import parse_price_table
from app.kernel.spreadsheets import Sheet

HEAD: list[object] = ["楼栋", "单元", "楼层", 1.0, 2.0]
MERGED = [(1, 0, 3, 0), (1, 1, 2, 1)]


def unit_sheet(name: str = "单价分布") -> Sheet:
    rows: list[list[object]] = [
        HEAD,
        ["1栋", "一单元", 3.0, 12803.68, 12640.69],
        [None, None, 5.0, 13153.68, None],
        [None, 0.0, 2.0, None, 14395.25],
    ]
    return Sheet(name, rows, MERGED)


def total_sheet(corner: object = "1771767") -> Sheet:
    rows: list[list[object]] = [
        HEAD,
        ["1栋", "一单元", 3.0, "1132741", "1088995"],
        [None, None, 5.0, "1163706"],
        [None, 0.0, 2.0, None, corner],
    ]
    return Sheet("总价分布", rows, MERGED)


def told(table: PriceTable) -> list[str]:
    return [str(problem) for problem in table.problems]


def test_both_sheets_give_prices_and_areas() -> None:
    table = parse_price_table([total_sheet(), unit_sheet()], Purpose.PRICES)
    assert (told(table), table.may_import) == ([], True)
    found = {row.full_name: (row.unit_price, row.total_price, row.building_area) for row in table.rows}
    assert found == {
        "1栋1单元301": (Decimal("12803.68"), Decimal(1132741), Decimal("88.47")),
        "1栋1单元302": (Decimal("12640.69"), Decimal(1088995), Decimal("86.15")),
        "1栋1单元501": (Decimal("13153.68"), Decimal(1163706), Decimal("88.47")),
        "1栋202": (Decimal("14395.25"), Decimal(1771767), Decimal("123.08")),
    }
    assert all(row.derived_area and row.inner_area is None for row in table.rows)


def test_one_sheet_gives_prices_only() -> None:
    table = parse_price_table([unit_sheet()], Purpose.PRICES)
    assert (told(table), table.sums.count, table.sums.without_area) == ([], 4, 4)
    assert not any(row.derived_area for row in table.rows)


def test_a_matrix_founds_no_homes() -> None:
    table = parse_price_table([unit_sheet()], Purpose.NEW_UNITS)
    assert told(table) == ["单价分布：矩阵表没有套内面积，不能用来新建房源，只能核对或更新已有房源的价格"]
    assert not table.may_import


def test_a_home_on_one_sheet_only_is_told() -> None:
    table = parse_price_table([total_sheet(corner=None), unit_sheet()], Purpose.PRICES)
    assert told(table) == ["单价分布·第 4 行·列『202』：总价表里没有这一户"]
    assert table.may_import


def test_a_total_that_fits_no_area_gives_none() -> None:
    table = parse_price_table([total_sheet(corner="1772017"), unit_sheet()], Purpose.PRICES)
    assert told(table) == ["总价分布·第 4 行·列『202』：由总价和单价算不出准确的面积（总价可能经过取整），请核对"]
    assert table.rows[-1].building_area is None


@pytest.mark.parametrize(
    ("total", "price", "area"),
    [
        ("1132741", "12803.68", "88.47"),
        ("1132742", "12803.68", "88.47"),
        ("1132801", "12803.68", None),
        ("9", "100", None),
    ],
)
def test_derived_area(total: str, price: str, area: str | None) -> None:
    assert derived_area(Decimal(total), Decimal(price)) == (None if area is None else Decimal(area))


def test_the_kind_of_price_is_asked_when_nothing_tells_it() -> None:
    source = unit_sheet("Sheet1")
    assert "看不出这张矩阵表是单价还是总价" in told(parse_price_table([source], Purpose.PRICES))[0]
    (mapping,) = propose([source]).mappings
    assert mapping.layout == Layout.UNKNOWN_MATRIX
    chosen = confirmed(mapping, mapping.columns, Layout.UNIT_PRICES)
    assert len(parse_price_table([source], Purpose.PRICES, [chosen]).rows) == 4


def test_a_title_tells_the_kind_of_price() -> None:
    source = Sheet(
        "Sheet1", [["1栋总价表（元）"], *total_sheet().rows], [(r1 + 1, a, r2 + 1, b) for r1, a, r2, b in MERGED]
    )
    assert parse_price_table([source], Purpose.PRICES).rows[0].total_price == Decimal(1132741)


def test_faults_are_named_by_place() -> None:
    rows: list[list[object]] = [
        [*HEAD, "02室"],
        ["1栋", "1", 3.0, "已售", -1.0],
        ["1栋", "1", None, 5.0],
        [None, "1", 4.0, 5.0],
        ["1栋", "1", 6.0, 5.0],
        ["1栋", "1", 6.0, 5.0],
        ["合计", None, None, 99.0],
    ]
    table = parse_price_table([Sheet("单价", rows)], Purpose.PRICES)
    assert told(table) == [
        "单价：表头里有两列都是“02”位置，请改正",
        "单价·第 2 行·列『01』：“已售”不是数字",
        "单价·第 2 行·列『02』：“-1.0”必须大于 0",
        "单价·第 3 行·列『楼层』：楼层为空",
        "单价·第 4 行·列『楼栋』：楼栋为空",
        "单价·第 6 行·列『01』：与工作表“单价”第 5 行是同一户",
    ]
    assert table.skipped == (("单价", 7, "合计"),)


def test_beside_a_list_the_matrix_is_left_aside() -> None:
    homes = Sheet("清单", [["楼栋", "楼层", "房号", "单价"], ["1栋", 7, "01", 12000.0]])
    table = parse_price_table([homes, unit_sheet()], Purpose.PRICES)
    assert [sheet for sheet, _ in table.ignored] == ["单价分布"]
    assert len(table.rows) == 1
