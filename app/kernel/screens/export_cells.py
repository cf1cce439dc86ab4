"""One value of a list as a cell of a sheet: numbers and days as such, words as people read them, people masked as on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from app.kernel.screens.display import MASKS, plain
from app.kernel.screens.fields import Field
from app.kernel.states import Choice
from app.kernel.words import shown

Names = dict[str, dict[int, str]]  # by kind of look-up: id → name
KINDS = {
    "money": "money", "area": "area", "rate": "percent", "integer": "whole", "date": "date", "datetime": "datetime",
}  # fmt: skip


def cell_of(found: Field) -> Callable[[Any, Names], object] | None:
    """How values of this field become cells, None when they are what they are; decided once, not for every row."""
    if found.facts.personal in MASKS:
        mask = MASKS[found.facts.personal]
        return lambda value, _names: None if value in (None, "") else mask(str(value))
    if found.kind in KINDS:
        return None
    if found.kind == "lookup":
        lookup = found.facts.lookup
        return lambda value, names: names.get(lookup, {}).get(value)
    if found.kind == "choice" and isinstance(found.choices, type):
        members: Any = found.choices
        words: dict[Any, str | None] = {None: None, **{member: text_of(member) for member in members}}
        return lambda value, _names: words[value]
    return lambda value, _names: (value or None) if type(value) is str else text_of(value)


def text_of(value: Any) -> str | None:
    """Anything else in words; nothing stays nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, Choice):
        return str(shown(value.label))
    if isinstance(value, str) and not isinstance(value, Markup):
        return value
    drawn = plain(value)
    return drawn.striptags() if isinstance(drawn, Markup) else str(drawn)
