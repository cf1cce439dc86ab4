"""The import from file to units: plan, all or nothing, the second time, released units, prices only (04 R10, 02 §2.5.12)."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import func, select

from app.features.units.imports.effects import ImportFile, commit, plan
from app.features.units.imports.rules import read_expected
from app.features.units.models import Building, EntryState, Product, Unit, UnitEntry, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.spreadsheets import Sheet, read_workbook
from app.kernel.transactions import write
from app.kernel.workflow import fire
from tests.features.units.makers import FOR_SALE, permit

HEAD = ["楼栋", "单元", "楼层", "房号", "预售单价", "建筑面积", "户内面积"]
ROWS = [
    ["8栋", "1单元", "3", "301", "12800.00", "89.53", "70.12"],
    ["8栋", "1单元", "3", "302", "12850.50", "128.60", "101.20"],
    ["8栋", "1单元", "2", "201", "12700.00", "89.53", "70.12"],
    ["9栋", "--", "2", "201", "9000.00", "60.00", "50.00"],
]
SHORT = [[*row[:3], row[3][-2:], *row[4:]] for row in reversed(ROWS)]
FILE = ImportFile("一房一价.xlsx", "0" * 64)


def sheets_of(rows, head=HEAD, name="预售项目"):
    return [Sheet(name, [list(head), *[list(row) for row in rows]])]


def imported(cast, rows=ROWS, login="clerk", head=HEAD):
    who = cast.actor(login)
    with acting_as(who):
        return commit(cast.session, who, cast.project_ids["a"], sheets_of(rows, head), None, FILE)


def units(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return {u.full_name: u for u in cast.session.scalars(select(Unit).order_by(Unit.id))}


def count(cast, model):
    with acting_as(SYSTEM):
        return cast.session.scalar(select(func.count()).select_from(model))


def test_a_new_table_makes_buildings_units_and_an_entry_for_the_site_manager(cast):
    made, entry = imported(cast)
    assert made.summary == "4 套新增，0 套已存在且一致"
    there = units(cast)
    assert list(there) == ["8栋1单元301", "8栋1单元302", "8栋1单元201", "9栋201"]
    one = there["8栋1单元302"]
    assert (one.floor, one.section, one.building_area, one.inner_area) == (3, "1", Decimal("128.60"), Decimal("101.20"))
    assert (one.filed_unit_price, one.filed_total, one.list_total) == (Decimal("12850.50"), Decimal("1652574.30"), None)
    assert (one.state, one.confirmed, one.product) == (UnitState.WAIT, False, Product.HIGH_RISE)
    with acting_as(SYSTEM):
        assert dict(cast.session.execute(select(Building.name, Building.floors)).all()) == {"8栋": 3, "9栋": 2}
        assert (entry.units_count, entry.building_area, entry.inner_area) == (4, Decimal("367.66"), Decimal("291.44"))
        assert (entry.state, entry.file_name) == (EntryState.REVIEW, "一房一价.xlsx")


def test_the_same_homes_in_the_other_notation_bring_nothing(cast):
    imported(cast)
    made, entry = imported(cast, SHORT)
    assert made.summary == "0 套新增，4 套已存在且一致"
    assert entry is None
    assert (count(cast, Unit), count(cast, UnitEntry)) == (4, 1)


def test_the_register_cuts_the_total_to_whole_yuan_where_the_site_says_so(cast, set_parameter):
    set_parameter("list_total_rounding", "元去尾")
    imported(cast)
    assert units(cast)["8栋1单元302"].filed_total == Decimal("1652574.00")


def test_one_bad_line_and_nothing_is_imported_but_all_faults_are_named(cast):
    bad = [
        *ROWS,
        ["8栋", "1单元", "8", "701", "0", "89.53", "70.12"],
        ["8栋", "1单元", "4", "401", "12800", "70.00", "89.53"],
        ROWS[0],
    ]
    with pytest.raises(RuleError, match="一套也没有导入"):
        imported(cast, bad)
    assert (count(cast, Unit), count(cast, Building), count(cast, UnitEntry)) == (0, 0, 0)
    with acting_as(cast.actor("clerk")):
        made = plan(cast.session, cast.project_ids["a"], sheets_of(bad))
    lines = {problem.line for problem in made.blocking}
    assert lines == {6, 7, 8}
    assert all(str(problem).startswith("预售项目·第 ") for problem in made.blocking)


def test_a_change_is_applied_while_the_unit_waits_and_kept_off_once_it_is_on_sale(cast):
    imported(cast)

    paper = permit(cast)

    def put_on_sale():
        one = cast.session.scalars(select(Unit).where(Unit.full_name == "8栋1单元301")).one()
        for name, value in {**FOR_SALE, "filed_unit_price": Decimal("12800.00"), "permit_id": paper.id}.items():
            setattr(one, name, value)
        fire(cast.session, one, "release", SYSTEM, internal=True)

    with acting_as(SYSTEM):
        write(cast.session, put_on_sale)
    dearer = [[*row[:4], "13000.00", *row[5:]] for row in ROWS[:3]]
    made, entry = imported(cast, dearer)
    assert made.summary == "0 套新增，2 套未推房源更新，1 套已推出，保持原值"
    assert sorted(change.words for change in made.applied)[1] == "8栋1单元302：单价 12850.50→13000.00"
    there = units(cast)
    assert there["8栋1单元301"].filed_unit_price == Decimal("12800.00")
    assert there["8栋1单元302"].filed_total == Decimal("1671800.00")
    assert not there["8栋1单元302"].confirmed
    with acting_as(SYSTEM):
        assert entry.units_count == 2
    assert [key.room for key in made.absent] == ["201"]


def test_a_matrix_of_prices_needs_known_homes(cast):
    matrix = [
        Sheet(
            "单价分布",
            [
                ["单价分布", None, None, None],
                ["楼栋", "单元", "楼层", 1.0, 2.0],
                ["8栋", "1单元", "3", "12900", "12950"],
                [None, None, "2", "12710", None],
            ],
            [(2, 0, 3, 0), (2, 1, 3, 1)],
        )
    ]
    who = cast.actor("clerk")
    with acting_as(who):
        unknown = plan(cast.session, cast.project_ids["a"], matrix)
        assert [str(p.reason) for p in unknown.blocking][:1] == ["没有房源“8栋1单元301”，请先录入"]
    imported(cast)
    with acting_as(who):
        made, _entry = commit(cast.session, who, cast.project_ids["a"], matrix, None, FILE)
    assert made.summary == "0 套新增，3 套未推房源更新"
    assert units(cast)["8栋1单元201"].filed_unit_price == Decimal("12710.00")


def test_only_clerk_and_headquarters_import_and_only_their_project(cast):
    for login in ("supervisor", "consultant1", "developer_site", "other_clerk"):
        with pytest.raises(Forbidden):
            imported(cast, login=login)
    imported(cast, login="sales_admin")
    with acting_as(cast.actor("other_clerk")):
        assert plan(cast.session, cast.project_ids["b"], sheets_of(ROWS)).summary.startswith("4 套新增")


@pytest.mark.parametrize(("text", "sentence"), [("abc", "不是数字"), ("1.5", "应为整数"), ("NaN", "不是数字")])
def test_expected_sums_are_read_strictly(text, sentence):
    with pytest.raises(RuleError, match=sentence) as caught:
        read_expected({"expected_count": text})
    assert caught.value.field == "expected_count"


def workbook(rows, head=HEAD) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet("预售项目")
        for number, row in enumerate([head, *rows]):
            for column, value in enumerate(row):
                page.write_string(number, column, value)
    return target.getvalue()


def upload(client, data, name="一房一价.xlsx"):
    return client.post("/unit-import", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def test_the_three_pages_of_an_import(cast, client_as):
    client = client_as("clerk")
    assert "导入房源" in client.get("/unit-import").get_data(as_text=True)
    answer = upload(client, workbook(ROWS))
    assert answer.status_code == 302
    columns = answer.headers["Location"]
    page = client.get(columns).get_data(as_text=True)
    assert "预售单价" in page
    assert "应有的合计" in page
    chosen = {
        f"s0c{i}": key
        for i, key in enumerate(["building", "section", "floor", "room", "unit_price", "building_area", "inner_area"])
    }
    wrong = client.post(columns, data={**chosen, "s0c6": "building_area"})
    assert wrong.status_code == 422
    assert "对应了两列" in wrong.get_data(as_text=True)
    preview = client.post(columns, data={**chosen, "expected_count": "5", "expected_building_area": "367.66"}).headers[
        "Location"
    ]
    shown = client.get(preview).get_data(as_text=True)
    assert "4 套新增" in shown
    assert "5（差 -1）" in shown
    assert count(cast, Unit) == 0
    done = client.post(preview, data={"_key": "k1"})
    assert done.headers["Location"].startswith("/unit-entry/show/")
    assert count(cast, Unit) == 4
    assert client.get(preview).status_code == 404
    again = upload(client, workbook(SHORT)).headers["Location"].replace("columns", "preview")
    assert "0 套新增，4 套已存在且一致" in client.get(again).get_data(as_text=True)


def test_faults_are_shown_and_can_be_taken_along(cast, client_as):
    client = client_as("clerk")
    preview = (
        upload(client, workbook([*ROWS, ["8栋", "1单元", "8", "701", "=1+1", "", "70.12"]]))
        .headers["Location"]
        .replace("columns", "preview")
    )
    html = client.get(preview).get_data(as_text=True)
    assert "第 6 行" in html
    assert "导入 0 行" not in html
    report = client.get(preview.replace("preview", "errors")).get_data(as_text=True)
    assert "预售项目,6" in report
    assert "'=1+1" in report
    client.post(preview, data={"_key": "k1"})
    assert count(cast, Unit) == 0


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", "随便写写,没有表头\n".encode()])
def test_what_is_no_price_table_is_refused_with_a_reason(cast, client_as, data):
    answer = upload(client_as("clerk"), data)
    assert answer.status_code == 422
    assert "alert" in answer.get_data(as_text=True)


def test_an_upload_belongs_to_who_made_it(cast, client_as):
    columns = upload(client_as("clerk"), workbook(ROWS)).headers["Location"]
    assert client_as("sales_admin").get(columns).status_code == 404
    assert client_as("clerk").get("/unit-import/../../etc/columns").status_code == 404
    assert client_as("consultant1").get("/unit-import").status_code in (302, 403, 404)


def test_the_template_is_understood_by_the_import(cast, client_as):
    data = client_as("clerk").get("/unit-import/template").data
    heads = [str(value) for row in read_workbook(data, "t.xlsx")[0].rows for value in row if value]
    assert "楼栋★" in heads
