"""Word templates for tests, and the text of what was made from them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pypdfium2
from docx import Document

from app.kernel.actors import SYSTEM
from app.kernel.attachments import Attachment, content_of
from app.kernel.papers import word_child
from app.kernel.papers.kinds import Desk, kinds_for
from app.kernel.papers.printed import sheet_of
from app.kernel.papers.rendering import cleaned


def template(*paragraphs: str, rows: Iterable[tuple[str, ...]] = ()) -> bytes:
    """A .docx with these paragraphs, then a table."""
    paper = Document()
    for text in paragraphs:
        paper.add_paragraph(text)
    rows = list(rows)
    if rows:
        table = paper.add_table(len(rows), len(rows[0]))
        for line, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, cells, strict=True):
                cell.text = text
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def word_text(data: bytes) -> str:
    """Every paragraph and cell."""
    paper = Document(io.BytesIO(data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


def pdf_text(data: bytes) -> str:
    """The text of all pages, without the breaks of its lines."""
    book = pypdfium2.PdfDocument(data)
    try:
        return "".join(book[i].get_textpage().get_text_range() for i in range(len(book))).replace("\r\n", "")
    finally:
        book.close()


def printed_words(session: Any, answer: Any) -> str:
    """The text of the Word file to which the answer of a print leads."""
    file = session.get_one(Attachment, int(answer.headers["Location"].split("/")[2]))
    return word_text(content_of(file))


def told(session: Any, record: Any) -> dict[str, str]:
    """Every paper that the record can be printed as → the text of its Word file; all placeholders have their value."""
    papers = {}
    for kind in kinds_for(record):
        values = sheet_of(kind, Desk(session, SYSTEM), record, 1, "系统默认").values
        assert {one.name for one in kind.definition.placeholders} == set(values), kind.key
        _facts, shipped = word_child.shipped({"blocks": kind.definition.blocks}, b"")
        _facts, made = word_child.fill({"values": cleaned(kind.definition, values), "lists": kind.lists}, shipped)
        papers[kind.key] = word_text(made)
    return papers
