"""What an office keeps in Excel comes in: supplies with what lies there, equipment with its users, budgets (issue 4 point 3)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import select

from app.features.office.equipment.models import Equipment, EquipmentState
from app.features.office.expenses.models import AgencyBudget, DeveloperBudget
from app.features.office.expenses.tables_in import month_of_head
from app.features.office.supplies.kinds import CheckState
from app.features.office.supplies.models import SupplyCheck, SupplyItem
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.notices import Notice
from tests.features.office import claims, store
from tests.features.office.store import decided, step
from tests.tables import bring, drawn, plain, table

SUPPLIES = ["品名", "规格型号", "单位", "最低库存", "存放地点", "现有数量"]
ASSETS = ["固定资产编号", "设备名称", "类别", "品牌型号", "购置日期", "原值", "使用人", "存放位置"]
BUDGETS = ["费用科目", "月份", "预算金额（元）"]


def rows(cast, model):
    cast.session.rollback()
    with acting_as(SYSTEM):
        return cast.session.scalars(select(model).order_by(model.id)).all()


def test_a_list_of_supplies_opens_the_store_through_a_count(cast, client_as):
    data = table(
        SUPPLIES, ["复印纸", "A4 70g", "包", "10", "库房", "24"], ["中性笔", "0.5 黑", "支", "20", "前台柜", "0"],
        ["订书机", "", "个", "", "", ""],
    )  # fmt: skip
    way = bring(client_as("clerk"), "supply-item", data, "用品台账.xlsx").check()
    assert "3 行新增" in plain(way.preview), plain(way.preview)
    answer = way.confirm()
    assert answer.status_code == 302
    done = plain(way.client.get(answer.headers["Location"]).get_data(as_text=True))
    assert "库存与账面不同的 1 种已列成盘点单草稿" in done
    assert [(i.title, i.stock, i.minimum) for i in rows(cast, SupplyItem)] == [
        ("复印纸 A4 70g", 0, 10), ("中性笔 0.5 黑", 0, 20), ("订书机", 0, 0),
    ]  # fmt: skip
    again = bring(client_as("clerk"), "supply-item", data, "用品台账.xlsx").check()
    assert "0 行新增，3 条已存在且一致" in plain(again.preview), "a count that waits is what the table said"
    (count,) = rows(cast, SupplyCheck)
    assert count.state is CheckState.DRAFT
    decided(cast, step(cast, count, "submit", "clerk"), "supervisor")
    assert [i.stock for i in rows(cast, SupplyItem)] == [24, 0, 0]


def test_a_later_list_changes_minima_and_counts_what_differs(cast, client_as):
    paper = store.item(cast, stock=10)
    name = [paper.name, paper.spec, paper.unit]
    way = bring(client_as("clerk"), "supply-item", table(SUPPLIES, [*name, "15", "", "8"])).check()
    assert "1 条更新" in plain(way.preview)
    assert "库存 10 → 8" in plain(way.preview)
    way.confirm()
    (item,), (count,) = rows(cast, SupplyItem), rows(cast, SupplyCheck)
    assert (item.minimum, item.stock) == (15, 10), "stock waits for the approval"
    with acting_as(SYSTEM):
        assert [(line.item_id, line.quantity) for line in count.lines] == [(item.id, 8)]


def test_a_count_below_zero_is_refused(cast, client_as):
    way = bring(client_as("clerk"), "supply-item", table(SUPPLIES, ["纸", "", "包", "1", "", "-1"])).check()
    assert "数量不能小于 0" in plain(way.preview)


def test_the_asset_list_hands_out_to_those_who_sign(cast, client_as):
    data = table(
        ASSETS, ["SB-01", "笔记本电脑", "笔记本", "T14", "2024.3.5", "6,800", "林晓", "前台"],
        ["SB-02", "投影仪", "投影仪", "", "20240306", "0.45万", "", "会议室"],
    )  # fmt: skip
    way = bring(client_as("clerk"), "equipment", data).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    way.confirm()
    first, second = rows(cast, Equipment)
    assert (first.state, first.holder_id) == (EquipmentState.WAITING, cast.person_ids["consultant1"])
    assert (second.state, second.price, second.place) == (EquipmentState.STORE, Decimal("4500.00"), "会议室")
    with acting_as(SYSTEM):
        told = cast.session.scalars(select(Notice).where(Notice.url == f"/equipment/show/{first.id}")).one()
    assert told.person_id == cast.person_ids["consultant1"]
    assert step(cast, first, "sign", "consultant1").state is EquipmentState.USED
    again = bring(client_as("clerk"), "equipment", data).check()
    assert "0 行新增，2 条已存在且一致" in plain(again.preview), plain(again.preview)


@pytest.mark.parametrize(
    ("user", "words"), [("陆一鸣", "只有代理公司在岗的同事可以领用"), ("没有这人", "项目里没有这位同事")]
)
def test_equipment_is_given_to_the_agency_only(cast, client_as, user, words):
    data = table(ASSETS, ["SB-03", "电话", "电话", "", "", "", user, ""])
    way = bring(client_as("clerk"), "equipment", data).check()
    assert words in plain(way.preview), plain(way.preview)


def test_budgets_come_in_by_subject_and_period(cast, client_as):
    office = claims.subject(cast)

    def draw(book: xlsxwriter.Workbook, page):
        page.write_row(0, 0, BUDGETS)
        page.write_row(1, 0, [office.path, "2026年11月", "1.2万"])
        page.write_string(2, 0, office.name)
        page.write_datetime(2, 1, datetime(2026, 12, 1), book.add_format({"num_format": "yyyy-mm"}))
        page.write_number(2, 2, 900)
        page.write_row(3, 0, [office.name, 2026, 50000])

    way = bring(client_as("finance"), "agency-budget", drawn(draw)).check()
    assert "3 行新增" in plain(way.preview), plain(way.preview)
    way.confirm()
    assert {(b.period, b.amount) for b in rows(cast, AgencyBudget)} == {
        ("2026-11", Decimal(12000)), ("2026-12", Decimal(900)), ("2026", Decimal(50000)),
    }  # fmt: skip
    changed = table(
        BUDGETS, [office.path, "2026-11", "13000"], ["没有的科目", "2026-11", "1"], [office.path, "十一月", "1"]
    )
    way = bring(client_as("finance"), "agency-budget", changed).check()
    said = plain(way.preview)
    assert "“没有的科目”：系统里没有找到" in said
    assert "期间「十一月」看不懂" in said
    way = bring(client_as("finance"), "agency-budget", table(BUDGETS, [office.path, "2026-11", "13000"])).check()
    assert "预算金额 12,000.00 → 13,000.00" in plain(way.preview), plain(way.preview)


def test_the_developers_budget_is_the_developers_to_bring(cast, client_as):
    office = claims.subject(cast)
    data = table(BUDGETS, [office.path, "2026", "100"])
    assert client_as("finance").get("/import/developer-budget").status_code == 403
    bring(client_as("developer_marketing"), "developer-budget", data).check().confirm()
    assert [(b.period, b.amount) for b in rows(cast, DeveloperBudget)] == [("2026", Decimal(100))]
    assert rows(cast, AgencyBudget) == []


def test_a_day_that_is_no_month_is_no_period(cast, client_as):
    office = claims.subject(cast)
    way = bring(client_as("finance"), "agency-budget", table(BUDGETS, [office.path, date(2026, 11, 15), 5])).check()
    assert "看不懂" in plain(way.preview)


def across(*rows_of_table, name="2026年费用预算", merged=()):
    """A sheet as offices keep it: a title, heads over months, sums at the end."""

    def draw(_book: xlsxwriter.Workbook, page):
        for number, row in enumerate(rows_of_table):
            page.write_row(number, 0, row)
        for area in merged:
            page.merge_range(*area[:4], area[4])

    return drawn(draw, name)


def test_a_budget_with_a_column_a_month_is_read_as_a_list(cast, client_as):
    office = claims.subject(cast)
    paper = claims.subject(cast, "文具", office)
    data = across(
        ["江畔云庐费用预算", "", "", "", "单位：万元"], ["费用科目", "1月", "二月", "2026年3月", "合计"],
        [office.path, 1.2, "", "0.5", 1.7], [paper.name, "—", 0.03, 0.04, 0.07], ["合计", 1.2, 0.03, 0.54, 1.77],
    )  # fmt: skip
    way = bring(client_as("finance"), "agency-budget", data)
    assert "是横排的（1月、二月、2026年3月）" in plain(way.columns)
    way = way.check()
    said = plain(way.preview)
    assert "4 行新增" in said, said
    assert said.count("第 5 行（合计") == 1, "the line of sums is told once"
    way.confirm()
    assert {(b.subject_id, b.period, b.amount) for b in rows(cast, AgencyBudget)} == {
        (office.id, "2026-01", Decimal(12000)), (office.id, "2026-03", Decimal(5000)), (paper.id, "2026-02", Decimal(300)),
        (paper.id, "2026-03", Decimal(400)),
    }  # fmt: skip
    again = bring(client_as("finance"), "agency-budget", data).check()
    assert "0 行新增，4 条已存在且一致" in plain(again.preview), plain(again.preview)


def test_errors_of_such_a_budget_name_line_and_month_of_the_file(cast, client_as):
    office = claims.subject(cast)
    data = across(["费用科目", "1月", "2月"], [office.path, 100, "很多"], ["没有的科目", 5, 6])
    said = plain(bring(client_as("finance"), "agency-budget", data).check().preview)
    assert "第 2 行 预算金额 2月 很多" in said, said
    assert said.count("“没有的科目”：系统里没有找到") == 1


@pytest.mark.parametrize(
    ("head", "above", "month"),
    [
        ("3月", "2026年预算", "2026-03"), ("十一月", "2026", "2026-11"), ("十二月份", "2026", "2026-12"), ("１月", "2026", "2026-01"),
        ("2027年1月", "2026", "2027-01"), ("2026-9", "", "2026-09"), (date(2026, 5, 1), "", "2026-05"), (date(2026, 5, 2), "", None),
        ("3月", "2025—2026", "3月"), ("合计", "2026", None), ("13月", "2026", None), (3.0, "2026", None), (None, "2026", None), ("2026", "", None),
    ],
)  # fmt: skip
def test_heads_that_are_months(head, above, month):
    assert month_of_head(head, above) == month


def test_a_month_without_a_year_is_asked_for(cast, client_as):
    office = claims.subject(cast)
    data = across(["费用科目", "1月", "2月"], [office.path, 100, 200], name="预算")
    said = plain(bring(client_as("finance"), "agency-budget", data).check().preview)
    assert "期间「1月」看不懂，全年填 2026，当月填 2026-11" in said


def test_heads_of_two_rows_and_subjects_merged_down(cast, client_as):
    office = claims.subject(cast)
    data = across(
        ["", "2026年", ""], ["", "1月", "2月"], [office.path, 100, 200],
        merged=((0, 0, 1, 0, "费用科目"), (0, 1, 0, 2, "2026年")), name="预算",
    )  # fmt: skip
    way = bring(client_as("finance"), "agency-budget", data).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
