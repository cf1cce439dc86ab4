"""Uploads of every kind: read right, or refused with the reason (04 R10, 04 §2.3 «Import guard»)."""

import datetime
import io
import time
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from app.kernel import spreadsheet_child, spreadsheet_guard, spreadsheets
from app.kernel.errors import RuleError
from app.kernel.spreadsheets import Sheet, read_workbook
from tests.kernel.biff_file import xls

Draw = Callable[[xlsxwriter.Workbook, xlsxwriter.workbook.Worksheet], object]


def xlsx(draw: Draw) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    draw(book, book.add_worksheet("价目表"))
    book.close()
    return target.getvalue()


def table(*rows: list[object]) -> bytes:
    return xlsx(lambda book, page: [page.write_row(number, 0, row) for number, row in enumerate(rows)])


def repacked(data: bytes, change: dict[str, Callable[[bytes], bytes]], added: dict[str, bytes] | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, bytes)(old.read(name)))
        for name, content in (added or {}).items():
            new.writestr(name, content)
    return target.getvalue()


def test_xlsx_values_merges_and_positions() -> None:
    def draw(book: xlsxwriter.Workbook, page: xlsxwriter.workbook.Worksheet) -> None:
        page.merge_range(2, 1, 4, 1, "1栋")
        page.write(2, 2, 12229.87)
        page.write(3, 2, "0012")
        page.write_datetime(4, 2, datetime.datetime(2024, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
        page.write_formula(5, 2, "=1+1", None, 2)
        page.write_boolean(6, 2, True)
        book.add_worksheet("藏").hide()

    first, second = read_workbook(xlsx(draw), "a.xlsx")
    assert (first.name, first.hidden, second.name, second.hidden) == ("价目表", False, "藏", True)
    assert first.merged == [(2, 1, 4, 1)]
    assert first.rows[0] == []
    assert first.rows[2] == [None, "1栋", 12229.87]
    assert first.rows[3] == [None, None, "0012"]
    assert [first.cell(row, 2) for row in (4, 5, 6, 7)] == [datetime.date(2024, 3, 5), 2.0, True, None]


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv", "没有扩展名"])
def test_true_xls_whatever_its_name(name: str) -> None:
    (sheet,) = read_workbook(xls([["楼栋", "单价"], ["1栋", 12.5], [None, "3"]], merged=((1, 0, 2, 0),)), name)
    assert sheet == Sheet("Sheet1", [["楼栋", "单价"], ["1栋", 12.5], [None, "3"]], [(1, 0, 2, 0)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv(encoding: str, separator: str) -> None:
    text = separator.join(["楼栋", "备注"]) + "\r\n" + separator.join(["1栋", '"甲\n乙"']) + "\r\n"
    (sheet,) = read_workbook(text.encode(encoding), "三期 价目.xlsx")
    assert (sheet.name, sheet.rows, sheet.keeps_merges) == ("三期 价目", [["楼栋", "备注"], ["1栋", "甲\n乙"]], False)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "空的"),
        (b" \r\n\x00", "空的"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "不是表格文件"),
        (b"%PDF-1.7\n1 0 obj", "不是 Excel"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页格式"),
        ('\ufeff<?xml version="1.0"?><Workbook/>'.encode(), "网页格式"),
        (xls([["a"]], stream="WordDocument"), "不是 Excel"),
        (xls([["a"]], filepass=True), "密码"),
        (xls([["a"]], extra_entry="EncryptedPackage"), "密码"),
        (xls([["a"]], extra_entry="_VBA_PROJECT_CUR"), "宏"),
        (xls([["a"]])[:1600], "损坏"),
        (table([]), "没有任何内容"),
        (table(["a"])[:-80], "损坏"),
        (repacked(table(["a"]), {"xl/worksheets/sheet1.xml": lambda _: b"<worksheet><sheetData><row>"}), "损坏"),
        (repacked(table(["a"]), {}, {"xl/vbaProject.bin": b"x"}), "宏"),
        (repacked(table(["a"]), {}, {f"xl/media/{n}": b"x" for n in range(200)}), "部件超过 200"),
        (repacked(table(["a"]), {"xl/styles.xml": lambda old: old + b" " * 3_000_000}), "展开后过大"),
    ],
)
def test_bad_files_say_why(data: bytes, reason: str) -> None:
    with pytest.raises(RuleError, match=reason) as refusal:
        read_workbook(data, "价目表.xlsx")
    assert refusal.value.field == "file"


def test_word_in_a_zip_is_no_table() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(RuleError, match="不是 Excel"):
        read_workbook(target.getvalue(), "a.xlsx")


def test_a_header_that_lies_about_sizes_is_counted_for_real(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(repacked(table(["a"]), {"xl/styles.xml": lambda old: old + bytes(range(256)) * 4000}))
    entry = data.rfind(b"xl/styles.xml") - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    monkeypatch.setattr(spreadsheet_guard, "MAX_UNZIPPED_BYTES", 500_000)
    with pytest.raises(RuleError, match="展开后过大"):
        read_workbook(bytes(data), "a.xlsx")


def test_a_cell_in_the_far_corner_costs_neither_memory_nor_time() -> None:
    far = xlsx(lambda book, page: (page.write(0, 0, 1), page.write(1_048_575, 16_383, 1)))
    began = time.monotonic()
    with pytest.raises(RuleError, match="结构异常"):
        read_workbook(far, "a.xlsx")
    assert time.monotonic() - began < 5


def test_too_many_columns_and_cells_are_refused() -> None:
    with pytest.raises(RuleError, match="超过 256 列"):
        read_workbook(table([1] * 257), "a.xlsx")
    with pytest.raises(RuleError, match="列或单元格太多"):
        read_workbook(b"1," * 256 + b"\n", "a.csv")


def test_too_many_rows_are_refused() -> None:
    tall = xlsx(lambda book, page: page.write(spreadsheet_child.MAX_ROWS, 0, 1))
    with pytest.raises(RuleError, match="超过 50000 行"):
        read_workbook(tall, "a.xlsx")
    with pytest.raises(RuleError, match="超过 50000 行"):
        read_workbook(b"1\n" * 50_001, "a.csv")


def test_an_upload_beyond_the_size_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet_guard, "MAX_UPLOAD_BYTES", 1000)
    with pytest.raises(RuleError, match="超过 0 MB"):
        read_workbook(b"1,2\n" * 1000, "a.csv")


def test_a_reader_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "SECONDS", 0.001)
    with pytest.raises(RuleError, match="没有读完"):
        read_workbook(table(["a"]), "a.xlsx")
