"""Pages in the reader's language: every text of a page model is translated just before it is drawn (03 §3.3.8).

What a person typed and what is sent back (values of inputs, addresses, hidden fields) is never touched.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import fields, is_dataclass
from functools import lru_cache
from html import unescape
from typing import Any

from flask import Flask, before_render_template
from flask_babel import gettext
from markupsafe import Markup, escape

from app.kernel.words import english, reads_english, shown

SENT_BACK = frozenset({
    "name", "value", "url", "key", "hidden", "kept", "attrs", "query", "search_value", "file_name", "samples",
})  # fmt: skip
READ_TOO = {  # page models in which a person reads a field of these names
    "name": ("Row", "BoardSection", "BoardBuilding", "ProjectChoice", "FileItem"),
    "value": ("Stat", "Kpi", "CalcLine"),
    "key": ("BoardCell", "DrawerPage"),  # the letter of a state
}
_TAGS = re.compile(r"(<[^>]*>)")
_SPOKEN = re.compile(r"((?:aria-label|title|alt|placeholder)=\")([^\"]*)(\")")


def install(app: Flask) -> None:
    """Pages are translated on their way to the template; templates translate a single text by `shown`, their own by `_`."""
    before_render_template.connect(_translate, app, weak=False)
    app.jinja_env.globals |= {"shown": shown, "reads_english": reads_english}
    app.jinja_env.globals["_"] = _own
    app.jinja_env.filters["shown"] = shown


def _own(msgid: Any, **values: Any) -> Markup:
    """A text of a template. Chinese ones are what Chinese readers read; the framework's English ones are looked up."""
    word = str(msgid)
    text = gettext(word) if word.isascii() else str(shown(word))
    return _ours(text) % values if values else _filled(text)


@lru_cache(maxsize=2048)
def _ours(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - texts of our own templates; the values are escaped


@lru_cache(maxsize=2048)
def _filled(text: str) -> Markup:
    return _ours(text) % {}


def _translate(_app: Flask, context: dict[str, Any], **_more: Any) -> None:
    if reads_english():
        for name, value in context.items():
            if type(value) in (str, tuple, list) or _is_page(value):
                context[name] = in_english(value)


def in_reader_language(value: Any) -> Any:
    """A page model that templates ask for by themselves."""
    return in_english(value) if reads_english() else value


def in_english(value: Any) -> Any:
    """The same page with English texts: strings, text between tags, and everything that page models hold."""
    if type(value) is str:
        return english(value) if not value.isascii() else value
    if isinstance(value, Markup):
        return value if value.isascii() else _markup(value)
    if type(value) in (tuple, list):
        return type(value)(in_english(one) for one in value)
    return _page(value) if _is_page(value) else value


def _is_page(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type) and type(value).__module__.startswith("app.")


def _page(page: Any) -> Any:
    made = page
    for name in _read_names(page.__class__):
        before = getattr(page, name)
        after = in_english(before)
        if after is not before and after != before:
            made = copy(page) if made is page else made
            object.__setattr__(made, name, after)  # page models are frozen
    return made


@lru_cache(maxsize=256)
def _read_names(page: type[Any]) -> tuple[str, ...]:
    """The fields of a page model that a person reads."""
    return tuple(f.name for f in fields(page) if f.name not in SENT_BACK or page.__name__ in READ_TOO.get(f.name, ()))


def _markup(html: Markup) -> Markup:
    """The text between the tags, and what a tag says to the ear."""
    parts = _TAGS.split(str(html))
    made = (part if part.isascii() else _tag(part) if number % 2 else _text(part) for number, part in enumerate(parts))
    return Markup("".join(made))  # noqa: S704 - tags and entities are those of the given HTML


def _text(part: str) -> str:
    return str(escape(english(unescape(part))))


def _tag(part: str) -> str:
    return _SPOKEN.sub(lambda found: found[1] + _text(found[2]) + found[3], part)
