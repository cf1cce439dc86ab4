"""万元 in a head or above a table is never read as yuan (02 §2.5.12)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.office.expenses.models import AgencyBudget
from app.features.units.price_fields import Purpose
from app.features.units.price_table import parse_price_table
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.money_units import in_yuan, scale_of
from app.kernel.spreadsheets import Sheet
from tests.features.office import claims
from tests.tables import bring, plain, table


@pytest.mark.parametrize(
    ("head", "above", "scale"),
    [
        ("金额", "", 1), ("金额(元)", "", 1), ("金额（万元）", "", 10_000), ("总价(万)", "", 10_000), ("收款金额/万元", "", 10_000),
        ("合同额（亿元）", "", 100_000_000), ("金额", "单位：万元", 10_000), ("金额", "（单位:人民币万元）", 10_000), ("金额(元)", "单位：万元", 1),
        ("单价(元/㎡)", "单位：万元", 1), ("金额", "单位：元", 1), ("万科金额", "", 1), ("金额", "万元户名单", 1),
    ],
)  # fmt: skip
def test_the_unit_of_a_column(head: str, above: str, scale: int) -> None:
    assert scale_of(Sheet("s", [["某某表", above], [head]]), 1, head) == scale


@pytest.mark.parametrize(
    ("cell", "yuan"), [(12.5, "125000"), ("12.5", "125000"), ("2万", "20000"), ("6000元", "6000"), ("０．８", "8000"), (None, None), ("110.6834", "1106834"), (0.0001, "1")]
)  # fmt: skip
def test_a_cell_under_ten_thousands(cell: object, yuan: str | None) -> None:
    assert in_yuan(cell, Decimal(10_000)) == (None if yuan is None else Decimal(yuan))


@pytest.mark.parametrize(("cell", "words"), [("abc", "不是数字"), ("0.0000001", "换算成元"), ("9999999999", "过大")])
def test_what_cannot_be_is_refused(cell: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        in_yuan(cell, Decimal(10_000))


def test_an_import_says_the_sum_in_yuan(cast, client_as, session) -> None:
    office = claims.subject(cast)
    way = bring(
        client_as("finance"), "agency-budget", table(["科目", "期间", "预算金额（万元）"], [office.name, "2026", 5], [office.name, "2026-11", "6000元"])
    ).check()  # fmt: skip
    said = plain(way.preview)
    assert "「预算金额（万元）」按万元读，导入后是元" in said
    assert "56,000.00" in said, "a cell that names its unit itself means what it says"
    way = bring(
        client_as("finance"), "agency-budget", table(["2026 年费用预算", "", "单位：万元"], ["科目", "期间", "预算金额"], [office.name, "2026", 5])
    ).check()  # fmt: skip
    way.confirm()
    session.rollback()
    with acting_as(SYSTEM):
        assert session.scalars(select(AgencyBudget.amount)).all() == [Decimal(50000)]


def test_the_table_of_homes_too() -> None:
    rows = [
        ["楼栋", "楼层", "房号", "建筑面积", "套内面积", "单价(元/㎡)", "总价(万元)"],
        ["1栋", 7.0, "701", 100.0, 80.0, 12000.0, 120.0],
    ]
    made = parse_price_table([Sheet("一房一价", rows)], Purpose.NEW_UNITS)
    assert not made.problems
    (row,) = made.rows
    assert (row.unit_price, row.total_price) == (12000, 1_200_000)
