"""What templates ask of Python while they draw: things that would cost a call for each cell are worked out once a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from app.kernel.screens.board_page import BoardCell, BoardRow
from app.kernel.screens.parts import Column
from app.kernel.words import reads_english

CLASS = Markup(' class="{}"')
NOTHING = Markup("")
PLACE, END = Markup('<td class="un un{}">'), Markup("</td>")
SPLIT = Markup('<td class="split" aria-hidden="true"></td>')
PHONE = {"hd": "hd", "badge": "badge-cell", "wide": "wide", "lo": "lo"}


def install(app: Flask) -> None:
    """Gives templates the filters `openings`, `beside`, `board_cells` and `board_floors`."""
    app.jinja_env.filters |= {
        "openings": openings,
        "beside": beside,
        "board_cells": board_cells,
        "board_floors": board_floors,
    }


def openings(columns: Iterable[Column]) -> list[tuple[Markup, ...]]:
    """The tag that opens the cells of each column, by the shape of the cell (`Cell.shape`); a card needs a title: the first column is it where none is named."""
    heads = list(columns)
    titled = any(c.phone == "hd" for c in heads)
    return [_openings(c.phone if titled or n else "hd", c.label, c.numeric) for n, c in enumerate(heads)]


def beside(cells: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Each of the cells with what belongs to its place."""
    return zip(cells, others, strict=False)


def board_cells(cells: Iterable[BoardCell | None]) -> list[Markup]:
    """Cells of the board: each drawn once as long as it says the same, for hundreds stand on a page and few change between two."""
    return list(_drawn(cells, reads_english()))


def board_floors(floors: Iterable[BoardRow]) -> Iterator[tuple[str, Markup]]:
    """Each floor's name and its cells, section beside section."""
    english = reads_english()
    for row in floors:
        yield row.floor, _floor(row, english)


@lru_cache(maxsize=4096)
def _floor(row: BoardRow, english: bool) -> Markup:
    """Put together as plain text: all pieces are Markup already, and Markup would look at each of hundreds of cells again."""
    parts: list[str] = []
    for place, cells in enumerate(row.sections, 1):
        begin = _place(place)
        parts += [SPLIT] if place > 1 else []
        for drawn in _drawn(cells, english):
            parts += (begin, drawn, END)
    return Markup("".join(parts))  # noqa: S704 - pieces of our own and cells drawn by their template


def _drawn(cells: Iterable[BoardCell | None], english: bool) -> Iterator[Markup]:
    for cell in cells:
        yield _board_cell(cell, english) if cell is not None else NOTHING


@lru_cache(maxsize=64)
def _place(number: int) -> Markup:
    return PLACE.format(number)


@lru_cache(maxsize=8192)
def _board_cell(cell: BoardCell, _english: bool) -> Markup:
    macros: Any = current_app.jinja_env.get_template("macros/board.html").module
    drawn: Markup = macros.cell(cell)
    return drawn


@lru_cache(maxsize=4096)
def _openings(phone: str, label: str, numeric: bool) -> tuple[Markup, ...]:
    return tuple(_opening(phone, label, "num" if numeric else shape) for shape in ("", "num", "nowrap"))


def _opening(phone: str, label: str, shape: str) -> Markup:
    names = " ".join(filter(None, (PHONE.get(phone), shape)))
    if phone in ("shown", "wide"):
        return Markup('<td{} data-l="{}">').format(CLASS.format(names) if names else "", label)
    return Markup("<td{}>").format(CLASS.format(names) if names else "")
