"""The exported sheet: house style, exact sums, and nothing that runs (02 §2.5.12, 04 S10)."""

import datetime
import io
import re
import zipfile
from decimal import Decimal

import pytest

from app.kernel import workbook_out
from app.kernel.csv_text import DANGEROUS_STARTS
from app.kernel.errors import RuleError
from app.kernel.spreadsheets import read_workbook
from app.kernel.workbook_out import OutColumn, SheetWords, export_filename, write_table

COLUMNS = (
    OutColumn("房号", "text", 12),
    OutColumn("楼层", "whole", 6),
    OutColumn("建筑面积(㎡)", "area"),
    OutColumn("单价(元/㎡)", "price"),
    OutColumn("总价(元)", "money", 18),
    OutColumn("折扣", "percent"),
    OutColumn("日期", "date"),
    OutColumn("时间", "datetime", 18),
)
ROWS = [
    ("701", 7, Decimal("89.53"), Decimal("12800.00"), Decimal("1145984.10"), Decimal("0.9658"), None, None),
    ("702", 7, Decimal("0.20"), None, Decimal("0.20"), None, datetime.date(2026, 11, 24), None),
    (None, None, None, None, None, None, None, datetime.datetime(2026, 11, 24, 9, 30)),
]


def written(columns: tuple[OutColumn, ...] = COLUMNS, rows: object = None, **options: object) -> bytes:
    target = io.BytesIO()
    rows = ROWS if rows is None else rows
    write_table(target, title="价目表", columns=columns, rows=rows, **options)  # type: ignore[arg-type]
    return target.getvalue()


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_what_is_written_is_read_back() -> None:
    (sheet,) = read_workbook(written(totals=True, note="截至 2026-11-24", watermark="何涛 & 内部"), "a.xlsx")
    assert sheet.name == "价目表"
    assert sheet.rows[0] == ["价目表"]
    assert sheet.rows[1] == ["截至 2026-11-24"]
    assert sheet.rows[2] == [column.label for column in COLUMNS]
    assert sheet.rows[3] == ["701", 7.0, 89.53, 12800.0, 1145984.1, 0.9658]
    assert sheet.rows[4] == ["702", 7.0, 0.2, None, 0.2, None, datetime.date(2026, 11, 24)]
    assert sheet.rows[5] == [None] * 7 + [datetime.datetime(2026, 11, 24, 9, 30)]
    assert sheet.rows[6] == ["合计", None, 89.73, None, 1145984.3]
    assert sheet.rows[7] == []
    assert str(sheet.rows[8][0]).startswith("制表：")
    assert sheet.rows[9] == ["何涛 & 内部"]
    assert sheet.merged[:2] == [(0, 0, 0, 7), (1, 0, 1, 7)]


def test_print_set_up_filters_and_formats() -> None:
    data = written(totals=True, watermark="何涛 & 内部")
    page = part(data, "xl/worksheets/sheet1.xml")
    assert 'orientation="landscape"' in page
    assert 'paperSize="9"' in page
    assert '<pane ySplit="2" topLeftCell="A3"' in page
    assert '<autoFilter ref="A2:H5"/>' in page
    assert "何涛 &amp;&amp; 内部" in page
    assert "第 &amp;P 页" in page
    assert "_xlnm.Print_Titles" in part(data, "xl/workbook.xml")
    styles = part(data, "xl/styles.xml")
    codes = set(re.findall(r'formatCode="([^"]+)"', styles))
    assert {"0.00", "#,##0.00", "0.00%", "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"} <= codes


def test_an_empty_table_is_still_a_form() -> None:
    (sheet,) = read_workbook(written(rows=[], totals=True), "a.xlsx")
    assert sheet.rows[2] == ["合计", None, 0.0, None, 0.0]


@pytest.mark.parametrize("start", DANGEROUS_STARTS)
def test_no_text_becomes_a_formula_and_all_come_back(start: str) -> None:
    texts = [start + 'HYPERLINK("http://x","点")', start + "1+1", start]
    columns = tuple(OutColumn(f"{start}列{index}") for index in range(len(texts)))
    target = io.BytesIO()
    write_table(
        target,
        title=start + "T",
        columns=columns,
        rows=[texts],
        note=start + "N",
        watermark=start + "W",
        words=SheetWords(total=start + "合计"),
        totals=True,
    )
    page = part(target.getvalue(), "xl/worksheets/sheet1.xml")
    assert "<f>" not in page
    assert "hyperlink" not in page.lower().replace("hyperlink(", "")
    (sheet,) = read_workbook(target.getvalue(), "a.xlsx")
    assert sheet.rows[3] == texts
    assert sheet.rows[2] == [column.label for column in columns]


@pytest.mark.parametrize(
    "text",
    ["110101194912310021", "00123", "1.0", "TRUE", "http://a.cn", "_x0041_", " 前后 ", "<img onerror=1>", "😀𠮷",
     "<r><t>粗</t></r>", "a\x07b", "A_x00_B"],  # XlsxWriter itself takes «<r>…</r>» for marked-up text: Excel could not open it
)  # fmt: skip
def test_text_stays_text(text: str) -> None:
    (sheet,) = read_workbook(written((OutColumn("证件号"),), [(text,)]), "a.xlsx")
    assert sheet.rows[2] == [text]


def test_a_text_beyond_the_cell_limit_says_so() -> None:
    (sheet,) = read_workbook(written((OutColumn("备注"),), [("长" * 40_000,)]), "a.xlsx")
    cell = str(sheet.rows[2][0])
    assert len(cell) == 32_767
    assert cell.endswith("全文见系统）")


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_out, "MAX_SHEET_ROWS", 12)
    with pytest.raises(RuleError, match="一张表放不下"):
        written((OutColumn("a"),), [("x",)] * 3)


def test_a_row_of_the_wrong_length_is_a_bug_not_an_export() -> None:
    with pytest.raises(ValueError, match="zip"):
        written((OutColumn("a"), OutColumn("b")), [("x",)])


def test_summed_can_be_told() -> None:
    columns = (OutColumn("a", "money", summed=False), OutColumn("b", "number", summed=True))
    (sheet,) = read_workbook(written(columns, [(Decimal("1.50"), 2), (Decimal("1.50"), 3)], totals=True), "a.xlsx")
    assert sheet.rows[4] == ["合计", 5.0]


@pytest.mark.parametrize(
    ("project", "report", "name"),
    [
        ("滨江一号", "日报", "滨江一号-日报-2026-11-24.xlsx"),
        ("../a", 'b<>:"|?*\u202exslx', "a-bxslx-2026-11-24.xlsx"),
        ("", "日报", "日报-2026-11-24.xlsx"),
    ],
)
def test_file_name(project: str, report: str, name: str) -> None:
    assert export_filename(project, report, datetime.date(2026, 11, 24)) == name


def test_a_title_that_no_sheet_may_carry() -> None:
    target = io.BytesIO()
    write_table(target, title="'[1/2]:*?" + "长" * 40, columns=(OutColumn("a"),), rows=[])
    (sheet,) = read_workbook(target.getvalue(), "a.xlsx")
    assert sheet.name == "12" + "长" * 29
