"""What templates ask of Python while they draw: things that would cost a call for each cell are worked out once a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from app.kernel.screens.parts import Column

CLASS = Markup(' class="{}"')
PHONE = {"hd": "hd", "badge": "badge-cell", "lo": "lo"}


def install(app: Flask) -> None:
    """Gives templates the filters `openings` and `beside`."""
    app.jinja_env.filters |= {"openings": openings, "beside": beside}


def openings(columns: Iterable[Column]) -> list[tuple[Markup, ...]]:
    """The tag that opens the cells of each column, by the shape of the cell (`Cell.shape`)."""
    return [_openings(c.phone, c.label, c.numeric) for c in columns]


def beside(cells: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Each of the cells with what belongs to its place."""
    return zip(cells, others, strict=False)


@lru_cache(maxsize=4096)
def _openings(phone: str, label: str, numeric: bool) -> tuple[Markup, ...]:
    return tuple(_opening(phone, label, "num" if numeric else shape) for shape in ("", "num", "nowrap"))


def _opening(phone: str, label: str, shape: str) -> Markup:
    names = " ".join(filter(None, (PHONE.get(phone), shape)))
    if phone == "shown":
        return Markup('<td{} data-l="{}">').format(CLASS.format(names) if names else "", label)
    return Markup("<td{}>").format(CLASS.format(names) if names else "")
