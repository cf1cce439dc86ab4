"""Price tables as sites write them: every quirk read right, every fault named with its place (04 R10)."""

import datetime
from decimal import Decimal

import pytest

from app.features.units.price_fields import Layout, Purpose, confirmed, propose
from app.features.units.price_rows import PriceTable
from app.features.units.price_table import parse_price_table
from app.kernel.errors import RuleError
from app.kernel.spreadsheets import Sheet

HEAD: list[object] = ["楼栋", "单元", "楼层", "房号", "预售单价", "建筑面积", "户内面积"]
GOOD: list[object] = ["1栋", "1单元", "7", "701", "12800.50", "89.53", "70.12"]


def sheet(*rows: list[object], head: list[object] | None = None, **more: object) -> Sheet:
    return Sheet("预售", [head or HEAD, *rows], **more)  # type: ignore[arg-type]


def parsed(*rows: list[object], purpose: Purpose = Purpose.NEW_UNITS, **more: object) -> PriceTable:
    return parse_price_table([sheet(*rows, **more)], purpose)  # type: ignore[arg-type]


def told(table: PriceTable) -> list[str]:
    return [str(problem) for problem in table.problems]


def changed(**cells: object) -> list[object]:
    places = dict(zip(["building", "section", "floor", "room", "price", "area", "inner"], range(7), strict=True))
    row = list(GOOD)
    for key, value in cells.items():
        row[places[key]] = value
    return row


def test_a_row_of_text_cells() -> None:
    table = parsed(GOOD)
    (row,) = table.rows
    assert (row.building, row.section, row.floor, row.room, row.full_name) == ("1栋", "1", 7, "701", "1栋1单元701")
    assert (row.building_area, row.inner_area) == (Decimal("89.53"), Decimal("70.12"))
    assert (row.unit_price, row.total_price, row.derived_area) == (Decimal("12800.50"), None, False)
    assert (row.sheet, row.line, table.may_import, told(table)) == ("预售", 2, True, [])


def test_both_room_notations_and_any_floor_order_are_the_same_homes() -> None:
    full = parsed(changed(floor="9", room="901"), changed(floor="3", room="302"), changed(floor=7.0, room=701.0))
    short = parsed(changed(floor="7", room="01"), changed(floor=9.0, room=1.0), changed(floor="3层", room="02室"))
    assert {row.key for row in full.rows} == {row.key for row in short.rows}
    assert full.sums == short.sums


def test_sums() -> None:
    table = parsed(GOOD, changed(building="2栋", section="--", floor="29", room="02", price="10000", area="100.01"))
    sums = table.sums
    assert (sums.count, sums.building_area, sums.inner_area) == (2, Decimal("189.54"), Decimal("140.24"))
    assert sums.value == Decimal("12800.50") * Decimal("89.53") + Decimal("1000100.00")
    assert sums.per_building == {"1栋": 1, "2栋": 1}
    assert (sums.lowest_floor, sums.highest_floor, sums.without_area, sums.without_price) == (7, 29, 0, 0)
    assert table.rows[1].full_name == "2栋2902"


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"building": None}, "楼栋", "楼栋为空"),
        ({"floor": "顶层"}, "楼层", "“顶层”不是楼层"),
        ({"floor": None, "room": "01"}, "房号", "看不出是哪一层"),
        ({"room": None}, "房号", "房号为空"),
        ({"floor": "8"}, "房号", "看起来在 7 层，楼层列却是 8 层"),
        ({"price": "面议"}, "预售单价", "“面议”不是数字"),
        ({"price": None}, "预售单价", "至少填一个"),
        ({"price": "0"}, "预售单价", "必须大于 0"),
        ({"price": -1.0}, "预售单价", "必须大于 0"),
        ({"price": "12800.505"}, "预售单价", "最多只能有 2 位小数"),
        ({"price": "#REF!"}, "预售单价", "公式错误"),
        ({"area": None}, "建筑面积", "面积为空"),
        ({"area": "0"}, "建筑面积", "必须大于 0"),
        ({"area": datetime.date(1900, 3, 29)}, "建筑面积", "是日期"),
        ({"inner": None}, "户内面积", "面积为空"),
        ({"inner": "89.54"}, "户内面积", "套内面积 89.54 大于建筑面积 89.53"),
    ],
)
def test_a_bad_cell_is_named_by_place(cells: dict[str, object], column: str, reason: str) -> None:
    table = parsed(changed(floor="6", room="602"), changed(**cells))
    (text,) = told(table)
    assert text.startswith(f"预售·第 3 行·列『{column}』：")
    assert reason in text
    assert len(table.rows) == 1
    assert not table.may_import


def test_all_faults_are_told_at_once() -> None:
    table = parsed(changed(price="x", area="y", inner="-1"), changed(building="", floor="z"))
    assert [(problem.line, problem.column) for problem in table.problems] == [
        (2, "建筑面积"),
        (2, "户内面积"),
        (2, "预售单价"),
        (3, "楼栋"),
        (3, "楼层"),
    ]
    assert [problem.value for problem in table.problems] == ["y", "-1", "x", "", "z"]


def test_the_same_home_twice() -> None:
    table = parsed(GOOD, changed(floor="7层", room="01", section="一单元"))
    assert told(table) == ["预售·第 3 行·列『房号』：与工作表“预售”第 2 行是同一户（1栋1单元701）"]


def test_the_same_home_on_two_sheets() -> None:
    other = Sheet("二批", [HEAD, GOOD])
    table = parse_price_table([sheet(GOOD), other], Purpose.NEW_UNITS)
    assert told(table) == ["二批·第 2 行·列『房号』：与工作表“预售”第 2 行是同一户（1栋1单元701）"]


def test_merged_cells_fill_downwards_but_areas_do_not() -> None:
    rows = [GOOD, changed(building=None, section=None, room="702"), changed(building=None, section=None, room="703")]
    table = parsed(*rows, merged=[(1, 0, 3, 0), (1, 1, 3, 1)])
    assert [row.full_name for row in table.rows] == ["1栋1单元701", "1栋1单元702", "1栋1单元703"]
    table = parsed(GOOD, changed(room="702", area=None), merged=[(1, 5, 2, 5)])
    assert told(table) == ["预售·第 3 行·列『建筑面积』：面积为空"]


def test_a_csv_of_merged_cells_says_what_happened() -> None:
    table = parsed(GOOD, changed(building=None, room="702"), keeps_merges=False)
    assert "CSV 不保留合并单元格" in told(table)[0]


def test_titles_totals_signatures_and_repeated_heads_are_no_homes() -> None:
    rows: list[list[object]] = [
        ["某项目价目表"],
        ["楼 栋", "单元", "楼层", "房号", "预售单价（元/㎡）", "建筑面积(㎡)", "户内面积"],
        GOOD,
        [],
        [None, None, None, None, None, None, None, "旁注"],
        ["楼栋", "单元", "楼层", "房号", "预售单价", "建筑面积", "户内面积"],
        changed(room="702"),
        ["合计", None, None, "2套", None, 179.06, 140.24],
        ["制表：何涛", None, None, None, "审核："],
    ]
    table = parse_price_table([Sheet("s", rows)], Purpose.NEW_UNITS)
    assert (len(table.rows), told(table)) == (2, [])
    assert [line for _, line, _ in table.skipped] == [5, 6, 8, 9]


def test_a_total_that_does_not_fit_is_told_but_does_not_block() -> None:
    head = [*HEAD, "总价"]
    table = parsed([*GOOD, "1,146,028"], [*changed(room="702"), 1146100.0], head=head)
    assert told(table) == ["预售·第 3 行·列『总价』：总价与“单价×建筑面积”相差 71.235 元，请核对"]
    assert table.may_import
    assert table.rows[0].total_price == Decimal(1146028)


def test_the_price_may_be_a_total_only() -> None:
    table = parsed(["1栋", "", 7, "01", 1146028.0, 89.53, 70.12], head=[*HEAD[:4], "总价", *HEAD[5:]])
    assert (table.rows[0].unit_price, table.rows[0].total_price) == (None, Decimal(1146028))
    assert (told(table), table.sums.without_price) == ([], 1)


def test_missing_and_ambiguous_columns_are_told_once() -> None:
    head: list[object] = ["楼栋", "单元", "楼层", "房号", "备案单价", "表价单价", "某建筑面积"]
    table = parsed(GOOD, GOOD, head=head)
    assert told(table) == [
        "预售·第 1 行·列『单价』：有几列都可能是“单价”：备案单价、表价单价，请选定一列",
        "预售·第 1 行·列『建筑面积』：表头里没有“建筑面积”；“某建筑面积”可能是，请确认",
        "预售·第 1 行·列『套内面积』：表头里没有“套内面积”这一列",
    ]
    assert table.rows == ()


def test_a_person_decides_the_columns() -> None:
    source = sheet(["1栋", "1", 7, "01", 1.0, 2.0, 99.0, 80.0], head=[*HEAD[:4], "备案单价", "表价单价", "甲", "乙"])
    (mapping,) = propose([source]).mappings
    columns = {**mapping.columns, 5: "unit_price", 6: "building_area", 7: "inner_area"}
    table = parse_price_table([source], Purpose.NEW_UNITS, [confirmed(mapping, columns)])
    assert (told(table), table.rows[0].unit_price, table.rows[0].inner_area) == ([], Decimal(2), Decimal(80))
    with pytest.raises(RuleError, match="对应了两列"):
        confirmed(mapping, {**columns, 4: "unit_price"})
    with pytest.raises(RuleError, match="不在表头里"):
        confirmed(mapping, {99: "unit_price"})
    with pytest.raises(RuleError, match="没有工作表“预售”"):
        parse_price_table([Sheet("别的", [])], Purpose.NEW_UNITS, [mapping])


def test_a_change_of_prices_needs_no_areas() -> None:
    table = parsed(["1栋", "1", 7, "01", 12000.0], head=HEAD[:5], purpose=Purpose.PRICES)
    assert (told(table), table.sums.without_area, table.may_import) == ([], 1, True)


def test_other_fields_are_read() -> None:
    table = parsed([*GOOD, "三室两厅", "南", "住宅"], head=[*HEAD, "户型", "朝向", "物业类型"])
    assert (table.rows[0].layout, table.rows[0].orientation, table.rows[0].product) == ("三室两厅", "南", "住宅")


def test_sheets_without_homes_and_hidden_sheets_are_named() -> None:
    table = parse_price_table(
        [Sheet("说明", [["请填写"]]), sheet(GOOD), Sheet("旧价", [HEAD, GOOD], hidden=True)], Purpose.NEW_UNITS
    )
    assert table.ignored == (("说明", "没有认出表头"), ("旧价", "它是隐藏的，要导入请先取消隐藏"))
    assert len(table.rows) == 1


def test_nothing_to_read() -> None:
    assert told(parse_price_table([Sheet("s", [["x"]])], Purpose.NEW_UNITS))[0].startswith("文件：没有找到房源表头")
    assert told(parsed()) == ["预售：表头下面没有任何房源"]
    assert not parsed().may_import


def test_a_stray_number_in_the_head_makes_no_matrix() -> None:
    (mapping,) = propose([sheet(GOOD, head=[*HEAD, 1.0])]).mappings
    assert mapping.layout == Layout.LIST
