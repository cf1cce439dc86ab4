"""What a person does not see in his own file — other sheets, hidden rows, a head that stands twice — is told before it is read or left out."""

from __future__ import annotations

import io
from decimal import Decimal

from sqlalchemy import select

from app.features.units.models import UnitType
from tests.bad_tables import GOOD, HEAD
from tests.kernel.biff_file import xls
from tests.tables import bring, drawn, plain, selects, table

SECOND, THIRD = ["C", "两房", "75.00", "60"], ["D", "一房", "50.00", "41"]


def names(session):
    session.rollback()
    return sorted(session.scalars(select(UnitType.__table__.c.name)))


def filtered(_book, page):
    """As Excel saves a list of which a filter hides the second row."""
    for number, row in enumerate((HEAD, GOOD, SECOND, THIRD)):
        page.write_row(number, 0, row)
    page.set_row(2, None, None, {"hidden": True})


def test_rows_that_the_file_hides_come_in_only_when_the_person_leaves_them(client_as, session):
    clerk = client_as("clerk")
    way = bring(clerk, "unit-type", drawn(filtered))
    assert "不导入文件里隐藏的 1 行（第 3 行）" in plain(way.columns)
    way.check()
    assert "文件里隐藏的 1 行（第 3 行） 也会读入" in plain(way.preview)
    assert "3 行新增" in plain(way.preview)
    way.check({"skip_hidden": "1"})
    assert "文件里隐藏的 1 行（第 3 行） 没有读入" in plain(way.preview)
    assert "2 行新增" in plain(way.preview)
    again = clerk.get(f"{way.url}/columns").get_data(as_text=True)
    assert 'name="skip_hidden" value="1" checked' in again, "what was chosen stands on the way back"
    assert way.confirm().status_code == 302
    assert names(session) == ["B", "D"]


def test_a_file_that_hides_nothing_asks_nothing(client_as):
    assert "skip_hidden" not in bring(client_as("clerk"), "unit-type", table(HEAD, GOOD)).columns


def test_sheets_that_are_not_read_are_named(client_as, session):
    def draw(book, page):
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, GOOD)
        book.add_worksheet("二期").write_row(0, 0, ["代号", "大小"])
        hidden = book.add_worksheet("旧表")
        hidden.write_row(0, 0, HEAD)
        hidden.write_row(1, 0, SECOND)
        hidden.hide()
        book.add_worksheet("空白")

    way = bring(client_as("clerk"), "unit-type", drawn(draw)).check()
    for page in (plain(way.columns), plain(way.preview)):
        assert "工作表「二期」没有读入：没有认出表头" in page
        assert "工作表「旧表」没有读入：它是隐藏的" in page
        assert "空白" not in page
    way.confirm()
    assert names(session) == ["B"]


def test_the_table_of_homes_tells_the_same(client_as):
    def draw(book, page):
        page.write_row(0, 0, ["楼栋", "房号", "建筑面积", "套内面积", "单价"])
        page.write_row(1, 0, ["1栋", "101", 89, 70, 12000])
        page.write_row(2, 0, ["1栋", "102", 89, 70, 12000])
        page.set_row(2, None, None, {"hidden": True})
        book.add_worksheet("说明").write(0, 0, "请填写")

    clerk = client_as("clerk")
    answer = clerk.post("/unit-import", data={"file": (io.BytesIO(drawn(draw)), "房源.xlsx")})
    shown = plain(clerk.get(answer.headers["Location"]).get_data(as_text=True))
    assert "工作表「说明」没有读入：没有认出表头" in shown
    assert "文件里隐藏的 1 行（第 3 行） 也会读入" in shown


def test_a_head_that_stands_twice_is_asked_about_and_never_guessed_from_memory(client_as, session):
    clerk = client_as("clerk")
    twice = table(["名称", "建筑面积", "套内面积", "建筑面积"], ["B", "1.00", "70.12", "89.53"])
    way = bring(clerk, "unit-type", twice, source="甲方")
    assert plain(way.columns).count("有几列都可能是「建筑面积") == 2
    way.check()
    assert way.status == 422, "a needed column that nobody chose is not guessed"
    (_name, _first, _inner, last) = [name for name, _value in selects(way.columns)]
    way.check({last: "building_area"})
    way.confirm()
    session.rollback()
    assert session.execute(select(UnitType.__table__.c.building_area)).scalar_one() == Decimal("89.53")
    later = bring(clerk, "unit-type", twice, source="甲方")
    assert dict(selects(later.columns)).get(last) == "", "the next table of this sender is asked about again"
    assert plain(later.columns).count("有几列都可能是「建筑面积") == 2


def test_a_phone_shows_what_is_chosen_and_what_is_wrong(client_as):
    """A stacked table hides a cell of acts that has none («ops-cell»): choices and sentences stand in cells of another kind."""
    way = bring(client_as("clerk"), "unit-type", table(HEAD, ["B", "", "abc", "70"])).check()
    assert '<td class="wide-cell"><select' in way.columns
    assert "不是数字" in way.preview[way.preview.index('<td class="wide-cell neg">') :]
    assert "ops-cell" not in way.columns


def test_an_old_excel_file_tells_its_hidden_rows_too(cast, client_as):
    page = bring(client_as("clerk"), "unit-type", xls([HEAD, GOOD, SECOND], hidden=(2,)), "户型.xls").columns
    assert "不导入文件里隐藏的 1 行（第 3 行）" in plain(page), plain(page)


def test_of_a_csv_it_is_said_that_nobody_can_know(cast, client_as):
    text = "\n".join(",".join(map(str, row)) for row in (HEAD, GOOD)).encode()
    way = bring(client_as("clerk"), "unit-type", text, "户型.csv").check()
    assert "CSV 文件不记录哪些行是隐藏的" in plain(way.preview)
    way = bring(client_as("clerk"), "unit-type", table(HEAD, GOOD)).check()
    assert "CSV" not in plain(way.preview)
