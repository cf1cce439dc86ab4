"""Every paper that comes in from tables: its template, its posts, its columns; bad files, bad cells, all or nothing (04 R10, S3)."""

from __future__ import annotations

import datetime
import io
import re
import time
import zipfile

import pytest
from sqlalchemy import func, select

from app.features.units.models import UnitType
from app.kernel.errors import RuleError
from app.kernel.imports.cell_values import value_of_cell
from app.kernel.imports.declared import ImportColumn, columns_of, importers
from app.kernel.imports.heads import propose
from app.kernel.screens.fields import fields_of
from app.kernel.screens.view import VIEWS
from app.kernel.spreadsheets import read_workbook
from app.kernel.states import Choice
from tests.bad_tables import BAD_FILES, GOOD, HEAD
from tests.cast import MEMBERS
from tests.kernel.biff_file import xls
from tests.tables import bring, drawn, plain, table, upload

NEVER = {
    "id",
    "version",
    "state",
    "project_id",
    "created_by",
    "created_at",
    "updated_by",
    "updated_at",
    "owner_id",
    "team_id",
    "partner_id",
}


def taken():
    return [view for view in VIEWS.values() if view.importable is not None]


def count(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(UnitType.__table__))


def test_no_table_sets_what_the_system_sets(app):
    with app.test_request_context():
        assert {v.model.__tablename__ for v in taken()} >= {
            "receipt",
            "customer",
            "contact",
            "follow_up",
            "reservation",
            "contract",
            "unit_type",
        }
        for view in taken():
            known, declared = fields_of(view.model), view.importable
            for column in columns_of(view):
                assert column.name not in NEVER, f"{view.model.__name__}.{column.name}"
                auto = known.get(column.name) is not None and known[column.name].facts.auto
                assert not auto or declared.compare or declared.create is not None, (
                    f"{view.model.__name__}.{column.name}"
                )


def test_every_template_is_understood_as_it_stands(client_as, app):
    for view in taken():
        who = next(login for login, (_n, post, _w) in MEMBERS.items() if post in importers(view))
        answer = client_as(who).get(f"/import{view.route_base}/template")
        assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        sheets = read_workbook(answer.data, "模板.xlsx")
        with app.test_request_context():
            columns = columns_of(view)
            (heads,) = propose(sheets, columns, {})
        assert sorted(heads.columns.values()) == sorted(c.name for c in columns), view.model.__name__
        assert any("★" in head.text for head in heads.heads)


@pytest.mark.parametrize("name", ["consultant1", "clerk", "supervisor", "developer_finance", "auditor", "admin"])
def test_the_pages_are_for_the_posts_of_the_view(client_as, name):
    client, post = client_as(name), MEMBERS[name][1]
    for view in taken():
        wanted = 200 if post in importers(view) else 403
        for page in (f"/import{view.route_base}", f"/import{view.route_base}/template"):
            assert client.get(page).status_code == wanted, page
        shown = client.get(view.list_url())
        if shown.status_code == 200:
            assert (f'href="/import{view.route_base}"' in shown.get_data(as_text=True)) is (wanted == 200), (
                view.list_url()
            )
    assert client.get("/import/person").status_code in (403, 404)
    assert client.get("/import/nothing").status_code in (403, 404)


def test_there_are_enough_bad_files():
    assert len(BAD_FILES) >= 40


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_in_words_and_soon(client_as, session, kind):
    data, words = BAD_FILES[kind]
    clerk, start = client_as("clerk"), time.monotonic()
    answer = upload(clerk, "unit-type", data, "户型.xlsx")
    took = time.monotonic() - start
    assert answer.status_code in (413, 422), kind
    assert re.search(words, plain(answer.get_data(as_text=True))), plain(answer.get_data(as_text=True))
    assert took < 15, took  # beside other tests; tests/stress/test_import_limits.py holds it to 5 s
    assert count(session) == 0


class WORD(Choice):
    """A closed list of two."""

    ONE = ("one", "个人")
    TWO = ("two", "26–30 岁")


C, D = ImportColumn, datetime.date
BAD_CELLS = [
    *((C("x", "数", kind="money"), cell, words) for cell, words in (
        ("abc", "不是数字"), ("1.234", "2 位小数"), ("1e9", "科学计数"), ("NaN", "不是数字"), ("Infinity", "不是数字"), ("=1+1", "公式"),
        ("#REF!", "公式错误"), ("12345678901234567", "过大"), (1e16, "15 位"), (True, "不是数字"), (D(2024, 3, 5), "是日期"),
        ("1,00.0", "不是数字"), ("--5", "不是数字"), ("5元6角", "不是数字"), ("一百", "不是数字"), ("$5", "不是数字"), ("1/3", "不是数字"),
        (float("nan"), "不是有效的数字"), ("5 000 abc", "不是数字"),
    )),
    *((C("x", "面积", kind="area"), cell, words) for cell, words in (("89.533", "2 位小数"), ("八十九", "不是数字"), ("89.5x", "不是数字"))),
    *((C("x", "层", kind="integer"), cell, words) for cell, words in (("7.5", "不是整数"), (7.5, "不是整数"), ("七", "不是数字"), ("B1", "不是数字"))),
    *((C("x", "率", kind="rate", places=6), cell, words) for cell, words in (
        ("abc%", "不是数字"), ("0.00000001", "位小数"), ("0.0000001%", "小数位数"), ("万分", "不是数字"),
    )),
    *((C("x", "日", kind="date"), cell, words) for cell, words in (
        ("2024.2.30", "没有这一天"), ("2023-2-29", "没有这一天"), ("2024-13-1", "没有这一天"), ("20240231", "没有这一天"), ("3月5日", "不是日期"),
        ("昨天", "不是日期"), ("2024", "不是日期|没有"), ("24-3-5", "不是日期"), ("2024-3", "不是日期"), ("0000-01-01", "没有这一天"),
        ("99999", "不是日期"), ("-1", "不是日期"), ("1.5", "不是日期"), ("2024/3/5/1", "不是日期"),
    )),
    *((C("x", "时", kind="datetime"), cell, words) for cell, words in (("2024-3-5 25:00", "时间不对"), ("2024-3-5 10:61", "时间不对"), ("10:30", "不是日期"))),
    *((C("x", "否", kind="boolean"), cell, words) for cell, words in (("也许", "看不懂"), ("2", "看不懂"), ("是的吧", "看不懂"))),
    *((C("x", "类", kind="choice", choices=WORD), cell, words) for cell, words in (
        ("公司", "没有“公司”"), ("个 人 们", "没有"), ("one_", "没有"), ("=个人", "没有"), (1.0, "没有"),
    )),
    *((C("x", "号", kind="identity"), cell, words) for cell, words in (
        (13800138000.0, "数字格式"), (310101199001011234.0, "数字格式"), ("1.1010E+17", "科学计数"), ("1.38e10", "科学计数"), (12, "数字格式"),
    )),
    *((C("x", "名", kind="text", limit=4), cell, words) for cell, words in (
        ("五个字太长", "最多 4 个字"), ("a\x00b", "控制字符"), ("a\x07b", "控制字符"), ("a\x1b[0m", "控制字符|最多"),
    )),
    *((C("x", "文", kind="long", limit=300), cell, words) for cell, words in (("长" * 301, "最多 300"), ("a\x08", "控制字符"))),
    (C("x", "户", kind="text", personal="phone"), 138.0, "数字格式"),
]  # fmt: skip


def test_there_are_enough_bad_cells():
    assert len(BAD_CELLS) >= 60


@pytest.mark.parametrize(("column", "cell", "words"), BAD_CELLS)
def test_a_bad_cell_says_what_to_write_instead(column, cell, words):
    with pytest.raises(RuleError) as refusal:
        value_of_cell(column, cell)
    assert any(word in str(refusal.value) for word in words.split("|")), str(refusal.value)


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (C("x", kind="money"), "１２.5万", "125000.0"), (C("x", kind="money"), "¥1,106,834.00", "1106834.00"),
        (C("x", kind="date"), "2024.3.5", "2024-03-05"), (C("x", kind="date"), "20240305", "2024-03-05"),
        (C("x", kind="date"), 45356.0, "2024-03-05"), (C("x", kind="date"), " 2024年3月5日 ", "2024-03-05"),
        (C("x", kind="datetime"), "2024-3-5 9:05", "2024-03-05 09:05:00"), (C("x", kind="datetime"), "20240305", "2024-03-05 00:00:00"),
        (C("x", kind="rate", places=6), "0.02%", "0.0002"), (C("x", kind="rate", places=6), "2‱", "0.0002"),
        (C("x", kind="boolean"), "√", "True"), (C("x", kind="choice", choices=WORD), "26-30岁", "two"),
        (C("x", kind="choice", choices=WORD, words={"私人": "个人"}), "私人", "one"),
        (C("x", kind="identity"), "0012", "0012"), (C("x", kind="text"), "　张\u200b三 ", "张三"), (C("x", kind="integer"), "7层", "7"),
        (C("x", kind="text"), "=1+1", "=1+1"), (C("x", kind="text"), "\u200b ", "None"),
    ],
)  # fmt: skip
def test_what_offices_write_is_understood(column, cell, value):
    assert str(value_of_cell(column, cell)) == value


def test_many_faults_are_counted_shown_to_two_hundred_and_all_in_the_report(client_as, session):
    rows = [[f"X{n}", "", "abc", "70"] for n in range(250)]
    way = bring(client_as("clerk"), "unit-type", table(HEAD, *rows)).check()
    said = plain(way.preview)
    assert "共 250 处，这里列出前 200 处" in said
    assert way.preview.count("不是数字") == 200
    (report,) = read_workbook(way.client.get(f"{way.url}/report").data, "a.xlsx")
    assert sum("不是数字" in str(row) for row in report.rows) == 250
    assert way.confirm().status_code == 422
    assert count(session) == 0


@pytest.mark.parametrize(
    "kind", ["xlsx", "xls", "utf-8", "gbk", "merged head", "title rows", "columns swapped", "two sheets"]
)
def test_a_good_table_in_every_shape(client_as, session, kind):
    rows = [GOOD, ["C", "两房", "75.00", "60"]]
    swapped = [[row[n] for n in (3, 2, 1, 0)] for row in ([HEAD, *rows])]
    csv = "\r\n".join(",".join(row) for row in [HEAD, *rows])

    def merged(_book, page):
        page.merge_range(0, 0, 0, 3, "云庐户型表")
        page.merge_range(1, 0, 2, 0, "名称")
        page.merge_range(1, 1, 2, 1, "房型")
        page.merge_range(1, 2, 1, 3, "面积（㎡）")
        page.write_row(2, 2, ["建筑面积", "套内面积"])
        for number, row in enumerate(rows, 3):
            page.write_row(number, 0, row)

    def two(book, page):
        for sheet, row in ((page, rows[0]), (book.add_worksheet("二"), rows[1])):
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, row)

    data = {
        "xlsx": lambda: table(HEAD, *rows), "xls": lambda: xls([HEAD, *rows]), "utf-8": lambda: csv.encode(), "gbk": lambda: csv.encode("gbk"),
        "merged head": lambda: drawn(merged), "title rows": lambda: table(["云庐户型"], ["制表日期 2026-11-24"], [], HEAD, *rows),
        "columns swapped": lambda: table(*swapped), "two sheets": lambda: drawn(two),
    }[kind]()  # fmt: skip
    way = bring(
        client_as("clerk"), "unit-type", data, "户型." + ("csv" if kind in ("utf-8", "gbk") else "xlsx")
    ).check()
    assert "2 行新增" in plain(way.preview), plain(way.preview)
    assert way.confirm().status_code == 302
    assert count(session) == 2


def test_a_known_row_that_differs_is_changed_where_the_view_says_so(client_as, session):
    clerk = client_as("clerk")
    bring(clerk, "unit-type", table(HEAD, GOOD)).check().confirm()
    way = bring(clerk, "unit-type", table(HEAD, ["B", "", "90.00", "70.12"], ["B2", "", "90", "70"])).check()
    said = plain(way.preview)
    assert "1 行新增，0 条已存在且一致，1 条更新" in said
    assert "建筑面积 89.53 → 90.00" in said
    way.confirm()
    session.rollback()
    found = {row.name: row for row in session.execute(select(UnitType.__table__))}
    assert found["B"].building_area == 90
    assert found["B"].layout == "三房两厅两卫", "a blank cell changes nothing"


def test_two_rows_of_one_key_are_refused(client_as):
    way = bring(client_as("clerk"), "unit-type", table(HEAD, GOOD, GOOD)).check()
    assert "与第 2 行重复" in plain(way.preview)


def test_a_rule_of_the_database_names_the_row(client_as, session):
    way = bring(client_as("clerk"), "unit-type", table(HEAD, GOOD, ["C", "", "60", "70"])).check()
    answer = way.confirm()
    said = plain(way.client.get(answer.headers["Location"]).get_data(as_text=True))
    assert "第 3 行" in said
    assert "一行也没有导入" in said
    assert count(session) == 0


def test_a_foreign_or_forgotten_token_is_not_there(client_as):
    way = bring(client_as("clerk"), "unit-type", table(HEAD, GOOD))
    admin = client_as("sales_admin")
    for page in ("columns", "preview", "report"):
        assert admin.get(f"{way.url}/{page}").status_code == 404
        assert way.client.get(f"/import/unit-type/{'0' * 32}/{page}").status_code == 404
        assert way.client.get(f"/import/unit-type/..%2f..%2fsecrets/{page}").status_code == 404


def test_text_that_would_run_stays_text(client_as, session):
    name = "<img onerror=1>"
    way = bring(
        client_as("clerk"), "unit-type", table(HEAD, [name, "=HYPERLINK(1)", "89.53", "70.12"]), "<script>.xlsx"
    ).check()
    assert "<img onerror" not in way.preview
    assert "<script>.xlsx" not in way.preview
    way.confirm()
    session.rollback()
    assert session.execute(select(UnitType.__table__.c.layout)).scalar_one() == "=HYPERLINK(1)"
