"""A form shown again after the sign-in ended: the same page with what its writer had typed (kernel/kept_forms.py)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.kernel.kept_forms import MARK, SHOWN, Typed, given_back, mark
from app.kernel.screens.form_page import FormField, FormPage, LinesForm

UNTOUCHED = ("file", "password", "hidden")
LINE = re.compile(r"line-(\d{1,3})-")  # a row of a paper with lines (lines.py)


def refilled(page: FormPage, typed: Typed) -> FormPage:
    """The page with the typed values; the version that the writer saw stays, so that nobody is overwritten silently (04 R7)."""
    sections = tuple(replace(s, fields=tuple(_field(f, typed) for f in s.fields)) for s in page.sections)
    version = typed.texts.get("_version", [""])[0] if page.version else ""
    lines = _lines(page.lines, typed) if page.lines is not None else None
    return replace(page, sections=sections, version=version or page.version, lines=lines)


def _lines(form: LinesForm, typed: Typed) -> LinesForm:
    """The rows of a paper with lines, as many as were typed."""
    numbers = [int(name.split("-")[1]) for name in typed.texts if LINE.match(name)]
    rows = list(form.rows)
    while rows and max(numbers, default=0) >= len(rows) < form.most:
        rows.append(tuple(replace(f, name=LINE.sub(f"line-{len(rows)}-", f.name)) for f in rows[-1]))
    return replace(form, rows=tuple(tuple(_field(f, typed) for f in row) for row in rows))


def said_of(typed: Typed) -> str:
    """What the page says above the form."""
    said = _("下面是登录过期前你填写的内容，还没有保存，请核对后再提交。")
    return said + (_("附件没有保留，请重新选择。") if typed.files else "")


def _field(f: FormField, typed: Typed) -> FormField:
    if f.kind in UNTOUCHED or f.readonly:
        return f
    texts = typed.texts.get(f.name, [])
    if f.kind == "multi":
        return replace(f, value=texts)
    if f.kind == "checkbox":
        return replace(f, value=bool(texts))
    if not texts:
        return f
    return replace(f, value=texts[0], shown=typed.texts.get(SHOWN + f.name, [f.shown])[0])


def left_over(page: FormPage | None, typed: Typed) -> tuple[tuple[str, str], ...]:
    """(label, text) of what has no input on this page (a page without a form, another decision): it can be copied from there."""
    known = {f.name for s in page.sections for f in s.fields} if page is not None else set()
    if page is not None and page.lines is not None:
        known |= {f.name for row in _lines(page.lines, typed).rows for f in row}
    return tuple(
        (typed.labels.get(name) or _("其他内容"), "、".join(v for v in texts if v))
        for name, texts in typed.texts.items()
        if name not in known and not name.startswith("_") and any(texts)
    )


def context() -> dict[str, Any]:
    """What templates need for it: asked for when they are drawn."""
    return {
        "given_back": lambda: given_back(current_app.appbuilder.session),  # type: ignore[attr-defined]
        "refilled": refilled,
        "left_over": left_over,
        "said_of": said_of,
        "form_mark": (MARK, mark),
    }
