"""The definition file of a kind of printed paper: its placeholders with samples, and the template that we ship.

Above the line «---» the dictionary, one placeholder a line: `房源 = 3栋1单元1102`; a list has its columns in brackets and sample
rows below it. Beneath it the template, one block a line; docs/developers/printed-papers.md tells what each mark means.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

RULE = "---"
Row = dict[str, str]
Values = dict[str, str | list[Row]]


@dataclass(frozen=True)
class Placeholder:
    """What may stand between {{ and }} of a template. columns: of a list, which a loop writes row by row."""

    name: str
    sample: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Definition:
    """A read definition file. blocks: of the shipped template, as kernel/papers/word_child.py draws them."""

    placeholders: tuple[Placeholder, ...]
    blocks: tuple[dict[str, Any], ...]

    @property
    def samples(self) -> Values:
        """An invented paper, for the preview of a template."""
        return {one.name: list(one.rows) if one.columns else one.sample for one in self.placeholders}


def read_definition(path: Path) -> Definition:
    """Raises ValueError naming file and line: a definition is ours, a faulty one must not start."""
    head, _rule, body = path.read_text("utf-8").partition(f"\n{RULE}\n")
    try:
        return Definition(tuple(_placeholders(head)), tuple(_blocks(body)))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _placeholders(text: str) -> list[Placeholder]:
    found: list[Placeholder] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        if line[0] == " ":  # a sample row of the list above
            last = found.pop()
            cells = [cell.strip() for cell in line.split("|")]
            row = dict(zip(last.columns, cells, strict=True))
            found.append(Placeholder(last.name, columns=last.columns, rows=(*last.rows, row)))
        elif "[" in line.partition("=")[0]:
            name, _open, columns = line.strip().removesuffix("]").partition("[")
            found.append(Placeholder(name.strip(), columns=tuple(c.strip() for c in columns.split(","))))
        else:
            name, _is, sample = line.partition("=")
            found.append(Placeholder(name.strip(), sample.strip()))
    return found


def _blocks(text: str) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    for raw in text.splitlines():
        line = raw.strip()
        if line:
            block = _block(line)
            if block["is"] == "grid" and blocks and blocks[-1]["is"] == "grid":
                blocks[-1]["rows"] += block["rows"]
            else:
                blocks.append(block)
    return blocks


_PARAGRAPHS = {"# ": "title", "## ": "head", "> ": "right", "^ ": "centre", "~ ": "note", "- ": "plain"}


def _block(line: str) -> dict[str, Any]:
    for mark, style in _PARAGRAPHS.items():
        if line.startswith(mark):
            return {"is": "text", "style": style, "text": line.removeprefix(mark)}
    if line.startswith("|"):
        return {"is": "grid", "rows": [[cell.strip() for cell in line.strip("|").split("|")]]}
    if line.startswith("* "):
        return _loop(line.removeprefix("* "))
    if line.startswith("_ "):
        return {"is": "signs", "names": [name.strip() for name in line.removeprefix("_ ").split("|")]}
    if line.startswith("? "):
        return {"is": "if", "name": line.removeprefix("? ").strip()}
    if line in ("?.", "==="):
        return {"is": "end" if line == "?." else "page"}
    return {"is": "text", "style": "body", "text": line}


def _loop(line: str) -> dict[str, Any]:
    """`付款计划: 款项 2, 金额 3 >` — column, share of the width, > for figures."""
    name, _colon, columns = line.partition(":")
    found = []
    for column in columns.split(","):
        words = column.split()
        share = next((int(word) for word in words if word.isdigit()), 1)
        found.append({"name": words[0], "share": share, "numeric": ">" in words})
    return {"is": "loop", "name": name.strip(), "columns": found}
