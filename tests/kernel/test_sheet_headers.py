"""Finding the header of a sheet and proposing which column fills which field."""

import pytest

from app.kernel.errors import RuleError
from app.kernel.sheet_headers import HeaderProposal, ImportField, checked_columns, find_header, header_at, normal
from app.kernel.spreadsheets import Sheet

FIELDS = (
    ImportField("building", "楼栋", ("栋号", "幢"), required=True),
    ImportField("area", "建筑面积", ("建面",), required=True),
    ImportField("inner", "套内面积", ("套内",)),
    ImportField("price", "单价", ("备案单价", "表价单价"), required=True),
)


def found(rows: list[list[object]], merged: list[tuple[int, int, int, int]] | None = None) -> HeaderProposal:
    proposal = find_header(Sheet("s", rows, merged or []), FIELDS)
    assert proposal is not None
    return proposal


def test_below_title_lines_with_units_stars_and_full_width() -> None:
    proposal = found([["某某项目价目表"], [], ["栋 号*", "建筑面积（㎡）", "单价(元/㎡)：", None], ["1栋", 1, 2]])
    assert (proposal.first, proposal.last) == (2, 2)
    assert proposal.columns == {0: "building", 1: "area", 2: "price"}
    assert (proposal.missing, proposal.ambiguous, proposal.guesses) == ((), {}, {})
    assert proposal.heads[1].text == "建筑面积（㎡）"


def test_two_merged_head_rows() -> None:
    rows: list[list[object]] = [
        ["价目表"],
        ["楼栋", "面积", None, "单价"],
        [None, "建筑面积", "套内面积"],
        ["1栋", 1, 2, 3],
    ]
    proposal = found(rows, [(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3)])
    assert (proposal.first, proposal.last) == (1, 2)
    assert proposal.columns == {0: "building", 1: "area", 2: "inner", 3: "price"}


def test_a_merged_title_is_not_part_of_the_header() -> None:
    proposal = found([["价目表"], ["楼栋", "建面", "单价"]], [(0, 0, 0, 2)])
    assert (proposal.first, proposal.last) == (1, 1)


def test_two_columns_for_one_field_are_not_decided_here() -> None:
    proposal = found([["楼栋", "备案单价", "表价单价", "建面"]])
    assert proposal.ambiguous == {"price": (1, 2)}
    assert proposal.columns == {0: "building", 3: "area"}
    assert proposal.missing == ()


def test_a_header_that_only_contains_a_synonym_is_a_guess() -> None:
    proposal = found([["楼栋", "预测建筑面积", "套内单价", "单价"]])
    assert proposal.columns == {0: "building", 3: "price"}
    assert proposal.guesses == {1: "area", 2: "inner"}
    assert proposal.missing == ("area",)


def test_no_header() -> None:
    assert find_header(Sheet("说明", [["请按模板填写"], [1.0e20, None]]), FIELDS) is None


def test_a_header_that_a_person_points_at() -> None:
    proposal = header_at(Sheet("s", [["甲", "乙"]]), 0, 0, FIELDS)
    assert [head.text for head in proposal.heads] == ["甲", "乙"]
    assert proposal.missing == ("building", "area", "price")


def test_confirmed_columns_are_checked() -> None:
    assert checked_columns({3: "price", 0: "building"}, FIELDS) == {0: "building", 3: "price"}
    with pytest.raises(RuleError, match="“单价”对应了两列"):
        checked_columns({0: "price", 1: "price"}, FIELDS)
    with pytest.raises(RuleError, match="没有名为“colour”"):
        checked_columns({0: "colour"}, FIELDS)


@pytest.mark.parametrize(
    "text", ["单价", " 单 价 ", "单价（元/㎡）", "单价(元)", "★单价", "单价:", "单价\n(元)", "单价【备案】"]
)
def test_normal(text: str) -> None:
    assert normal(text) == "单价"
