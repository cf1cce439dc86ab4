"""No export executes: every exporter × every text column × every leading sign, out and back in (04 S10)."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from app.kernel.actors import SYSTEM
from app.kernel.csv_text import DANGEROUS_STARTS
from app.kernel.screens.display import MASKS
from app.kernel.screens.export_rows import _out_column, _reader
from app.kernel.screens.fields import field_for
from app.kernel.screens.view import VIEWS
from app.kernel.spreadsheets import read_workbook
from app.kernel.workbook_out import OutColumn, write_table

TEXTS = [sign + "1+1" for sign in DANGEROUS_STARTS] + [
    "=HYPERLINK(\"http://x\")", "=cmd|'/C calc'!A0", "310101199001011234", "0012", "1e5", "2024-3-5", "<img onerror=1>",
]  # fmt: skip
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def text_columns() -> list[tuple[Any, str]]:
    """(view, list column) of every exporter whose cell is text that a person typed."""
    return [
        (view, name)
        for view in VIEWS.values()
        if view.exporters
        for name in view.list_names
        if (found := field_for(view.model, name)) is not None and found.kind in ("text", "long") and "." not in name
    ]


def back(data: bytes) -> list[Any]:
    (sheet,) = read_workbook(data, "a.xlsx")
    return [row[0] if row else None for row in sheet.rows]


def written(column: OutColumn, values: list[object]) -> bytes:
    target = io.BytesIO()
    write_table(target, title="表", columns=[column], rows=[[value] for value in values])
    return target.getvalue()


def formulas(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return [n for name in book.namelist() for n in re.findall(rb"<f[ >]|<hyperlink", book.read(name))]


def test_every_exporter_and_column_is_inert_and_comes_back(app) -> None:
    columns = text_columns()
    assert len(columns) >= 15
    for view, name in columns:
        found = field_for(view.model, name)
        assert found is not None
        read, records = _reader(view.model, name, SYSTEM), []
        for text in TEXTS:
            record = view.model()
            inspect(record).dict[found.name] = text
            records.append(record)
        values = [read(record, {}) for record in records]
        data = written(_out_column(view, name), values)
        assert formulas(data) == [], f"{view.__class__.__name__}.{name}"
        mask = MASKS.get(found.facts.personal)
        wanted = [mask(text) if mask else text for text in TEXTS]
        got = back(data)[2 : 2 + len(TEXTS)]
        assert [same(v) for v in got] == [same(v) for v in wanted], f"{view.__class__.__name__}.{name}"


def same(text: Any) -> str:
    """What XML can carry: NUL cannot, CR comes back as LF."""
    return NOT_IN_XML.sub("", str(text)).replace("\r", "\n")


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60))
@pytest.mark.usefixtures("app")
def test_any_text_comes_back(text: str) -> None:
    value = back(written(OutColumn("列"), [text]))[2]
    if same(text):
        assert same(value) == same(text)
