"""Runs alone in a short-lived process: a filled Word file becomes a PDF with the fonts that we ship (04 §2.3).

It imports nothing of the application. Paragraphs and tables are read from the .docx and drawn by sheet.typ, which gets them as
data and never as source. Called as `sheet_child.py FONTS…`; stdin: one line of JSON, then the .docx; answers as word_child.py.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY_BYTES = 2 * 1024 * 1024 * 1024  # the fonts are mapped, too
CPU_SECONDS = 30
_BODY = 10.5
_ALIGN = {0: "left", 1: "center", 2: "right", 3: "left"}
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _styles(style: Any) -> list[Any]:
    """The style and those it is based on."""
    chain = list[Any]()
    while style is not None and len(chain) < 10:
        chain.append(style)
        style = style.base_style
    return chain


def _inherited(own: Any, paragraph: Any, name: str) -> Any:
    """A font property of a run, else of its paragraph's style."""
    for font in (own.font, *(style.font for style in _styles(paragraph.style))):
        value = getattr(font, name)
        if value is not None:
            return value
    return None


def _runs(paragraph: Any) -> list[dict[str, Any]]:
    runs = []
    for run in paragraph.runs:
        if run.text:
            size = _inherited(run, paragraph, "size")
            colour = run.font.color.rgb if run.font.color is not None and run.font.color.type is not None else None
            runs.append({
                "text": run.text.replace("\t", "\u3000\u3000"), "bold": bool(_inherited(run, paragraph, "bold")),
                "size": size.pt if size is not None else _BODY, "under": bool(run.font.underline),
                "colour": f"#{colour}" if colour is not None else "",
            })  # fmt: skip
    return runs


def _form(paragraph: Any, name: str) -> Any:
    """A paragraph property, else that of its style."""
    for holder in (paragraph, *_styles(paragraph.style)):
        value = getattr(holder.paragraph_format, name)
        if value is not None:
            return value
    return None


def _paragraph(paragraph: Any) -> dict[str, Any]:
    points = {
        n: v.pt if (v := _form(paragraph, n)) is not None else 0
        for n in ("space_before", "space_after", "first_line_indent", "left_indent")
    }
    align = _form(paragraph, "alignment")
    return {
        "is": "text", "runs": _runs(paragraph), "align": _ALIGN.get(int(align or 0), "left"), "before": points["space_before"],
        "after": points["space_after"], "indent": max(points["first_line_indent"], 0), "inset": max(points["left_indent"], 0),
        "new_page": 'w:type="page"' in paragraph._p.xml or bool(_form(paragraph, "page_break_before")),
    }  # fmt: skip


def _cell_blocks(cell: Any) -> list[dict[str, Any]]:
    """Its paragraphs; a table inside is flattened to lines."""
    blocks = []
    for inner in cell.iter_inner_content():
        if hasattr(inner, "rows"):
            blocks += [_paragraph(p) for row in inner.rows for one in row.cells for p in one.paragraphs]
        else:
            blocks.append(_paragraph(inner))
    return blocks


def _fill(tc: Any) -> str:
    shade = tc.find(f"{_W}tcPr/{_W}shd")
    value = "" if shade is None else shade.get(f"{_W}fill") or ""
    return f"#{value}" if len(value) == 6 else ""


def _ruled(table: Any) -> bool:
    """Whether it has lines: borders of its own, or those of its style."""
    holders = [table._tbl.tblPr, *(style.element for style in _styles(table.style))]
    for holder in holders:
        borders = next(holder.iter(f"{_W}tblBorders"), None)
        if borders is not None:
            return any(side.get(f"{_W}val") not in (None, "nil", "none") for side in borders)
    return False


def _table(table: Any) -> dict[str, Any]:
    places: dict[Any, dict[str, Any]] = {}
    rows = list(table.rows)
    for y, row in enumerate(rows):
        for x, cell in enumerate(row.cells):
            known = places.get(cell._tc)
            if known is None:
                align = {1: "horizon", 2: "bottom"}.get(int(cell.vertical_alignment or 0), "top")
                places[cell._tc] = {"x": x, "y": y, "w": 1, "h": 1, "fill": _fill(cell._tc), "stand": align,
                                    "blocks": _cell_blocks(cell)}  # fmt: skip
            else:
                known["w"], known["h"] = x - known["x"] + 1, y - known["y"] + 1
    widths = [column.width or 0 for column in table.columns]
    if not all(widths):
        widths = [1] * len(widths)
    return {
        "is": "table",
        "widths": [float(width) for width in widths],
        "ruled": _ruled(table),
        "cells": list(places.values()),
    }


def blocks_of(paper: Any) -> list[dict[str, Any]]:
    """The body of a Word file: paragraphs and tables in their order."""
    return [_table(one) if hasattr(one, "rows") else _paragraph(one) for one in paper.iter_inner_content()]


def _system_has_font() -> bool:
    """Whether the machine has a font with Chinese letters that sheet.typ asks for."""
    import typst

    families = typst.Fonts(include_system_fonts=True).families()
    return any(name.startswith(("Noto Serif", "Noto Sans")) and name.endswith("SC") for name in families)


def _draw(order: dict[str, Any], data: bytes, fonts: list[str]) -> bytes:
    from docx import Document
    from typst import compile as draw

    paper = Document(io.BytesIO(data))
    page: Any = paper.sections[0]
    sizes = (page.page_width or 0, page.page_height or 0)
    sheet = {
        "blocks": blocks_of(paper), "foot": order["foot"], "title": order["title"],
        "wide": sizes[0] > sizes[1],
        "margin": [length.pt if length is not None else 51 for length in (page.left_margin, page.right_margin, page.top_margin, page.bottom_margin)],
    }  # fmt: skip
    rare = any(ord(sign) > 0xFFFF for sign in json.dumps(sheet, ensure_ascii=False))  # not in the fonts that we ship
    source: Any = Path(__file__).with_name("sheet.typ").read_bytes()
    made: Any = draw(
        source, font_paths=fonts, ignore_system_fonts=bool(fonts) and not rare,
        sys_inputs={"sheet": json.dumps(sheet)},
    )  # fmt: skip
    return bytes(made)


def main() -> None:
    """Bound this process first, then read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    line, _end, data = sys.stdin.buffer.read().partition(b"\n")
    if not sys.argv[1:] and not _system_has_font():
        sys.stdout.buffer.write(json.dumps({"refused": "fonts"}).encode() + b"\n")
        return
    sys.stdout.buffer.write(b"{}\n" + _draw(json.loads(line), data, sys.argv[1:]))


if __name__ == "__main__":
    main()
