"""A list taken along by an English reader: heads, words and the file's name in English, numbers and days as numbers and days."""

from __future__ import annotations

import datetime
import io
import zipfile

from flask_babel import refresh

from app.kernel.base import now
from app.kernel.spreadsheets import read_workbook
from tests.features.office import claims
from tests.features.office.store import step


def exported(client, language):
    client.post("/language", data={"language": language})
    refresh()  # the tests' application context outlives a request
    answer = client.get("/agency-expense/list/export")
    assert answer.status_code == 200
    return answer


def test_an_english_reader_takes_an_english_sheet_along(cast, client_as):
    office = claims.subject(cast)
    claims.budget(cast, office, "5000")
    for amount in ("1280.50", "300"):
        step(cast, claims.claim(cast, "clerk", (office, amount), reason="开放日物料"), "submit", "clerk")
    client = client_as("clerk")
    answer = exported(client, "en")
    name = answer.headers["Content-Disposition"]
    assert f"-Expense%20claims-{now():%Y-%m-%d}.xlsx" in name
    sheet = read_workbook(answer.data, "a.xlsx")[0]
    head = next(row for row in sheet.rows if row and row[0] == "Number")
    assert head == ["Number", "Reason", "Amount", "Over budget", "Month", "Claimant", "Spent on", "Paid on", "State"]
    rows = [row for row in sheet.rows if row and str(row[0]).startswith("FY-")]
    assert {row[2] for row in rows} == {1280.5, 300}
    assert all(row[6] == now().date() for row in rows)
    assert {(row[1], row[8]) for row in rows} == {("开放日物料", "In approval")}  # what a person wrote stays as it is
    assert [row[2] for row in sheet.rows if row and row[0] == "Total"] == [1580.5]
    assert str(sheet.rows[-2][0]).startswith("Prepared by:")
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    styles = book.read("xl/styles.xml").decode()
    assert "#,##0.00" in styles and "yyyy-mm-dd" in styles
    assert "Page &amp;P of &amp;N" in book.read("xl/worksheets/sheet1.xml").decode()
    assert "费用报销" in read_workbook(exported(client, "zh").data, "a.xlsx")[0].rows[1][0]
    assert isinstance(rows[0][6], datetime.date)
