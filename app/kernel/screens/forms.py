"""Add and edit: the form of a document from its declaration, and the form of a step from its asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Column, Date, Integer, String, inspect
from sqlalchemy.orm import Session

from app.kernel.asks import Ask
from app.kernel.base import model_of
from app.kernel.chinese import mask_id
from app.kernel.columns import Encrypted
from app.kernel.file_checks import ACCEPT
from app.kernel.posts import ALL_POSTS
from app.kernel.screens.display import MASKS, rate_text
from app.kernel.screens.fields import Field
from app.kernel.screens.form_page import FormField
from app.kernel.screens.inputs import MAX_TEXT, Parsed, Wanted
from app.kernel.screens.parts import Option
from app.kernel.screens.people import people_of
from app.kernel.screens.picking import FEW, chosen_as, notes_of, pick_query
from app.kernel.words import shown as in_reader_words

CLEARED = "-"  # typed into the input of a masked value: forget it
_KINDS = {
    "long": "textarea",
    "integer": "number",
    "area": "number",
    "rate": "text",  # «98 折», «3.5 %»
    "boolean": "checkbox",
    "choice": "select",
}
_SUFFIX = {"money": "元", "area": "㎡"}


def wanted_in(view: Any, f: Field) -> Wanted:
    """The same in the form of a view, which says who may be chosen (`people`)."""
    wanted = wanted_field(f, f.name in view.needed)
    return replace(wanted, kind="person", choices=view.people_offered(f.name)) if f.facts.lookup == "person" else wanted


def wanted_field(f: Field, needed: bool = False) -> Wanted:
    """How a declared field is parsed; needed: the form asks for it though the column may stay empty."""
    limit = f.column.type.length or MAX_TEXT if isinstance(f.column.type, String) else MAX_TEXT
    places = 6 if f.kind == "rate" else 2
    return Wanted(f.name, f.label, f.kind, f.must_be_typed or needed, f.choices, f.target, limit, places, f.facts.unit)


def wanted_ask(a: Ask, document: Any) -> Wanted:
    """How an ask of a step is parsed."""
    choices: Any = a.choices if a.choices or a.kind == "choice" else None  # a choice among nothing takes nothing
    if a.offers is not None:
        choices = a.offers(document)
    if a.kind == "person":
        choices = _people(a, document)
    return Wanted(a.name, a.label, a.kind, a.required, choices, model_of(a.model) if a.model else None)


def _people(a: Ask, document: Any) -> tuple[tuple[str, str], ...]:
    return people_of(a.posts or ALL_POSTS, getattr(document, "project_id", None))


def text_of(value: Any) -> str:
    """A value as it stands in an input."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if hasattr(value, "value"):
        return str(value.value)
    if hasattr(value, "isoformat"):
        return value.isoformat(" ", "minutes").replace(" ", "T") if hasattr(value, "hour") else str(value.isoformat())
    return (
        f"{value:,.2f}"
        if value.__class__.__name__ == "Decimal" and value == value.quantize(value.__class__("0.01"))
        else str(value)
    )


def is_secret(f: Field, record: Any | None) -> bool:
    """Whether the record holds a value that a form shows masked only: encrypted, so in full by «查看» alone (04 S3)."""
    return record is not None and isinstance(f.column.type, Encrypted) and bool(getattr(record, f.name))


def secret_input(f: Field, record: Any, parsed: Parsed | None) -> FormField:
    """The input of a value that stays as it is unless something is typed."""
    masked = MASKS.get(f.facts.personal, mask_id)(getattr(record, f.name))
    hint = _("已登记 %(masked)s，不改就留空", masked=masked)
    if f.column.nullable:
        hint += _("；要清空填「%(dash)s」", dash=CLEARED)
    return FormField(
        f.name, f.label, value=parsed.typed.get(f.name, "") if parsed else "", hint=hint, wide=f.facts.wide,
        errors=tuple(parsed.errors.get(f.name, ())) if parsed else (),
    )  # fmt: skip


def field_input(view: Any, session: Session, f: Field, value: Any, parsed: Parsed | None) -> FormField:
    """The input of one declared field, with what was typed and what is wrong."""
    typed = parsed.typed.get(f.name) if parsed else None
    shown = typed if typed is not None else rate_text(value, f.facts.unit) if _is_rate(f, value) else text_of(value)
    common: dict[str, Any] = {
        "name": f.name, "label": f.label, "required": f.must_be_typed or f.name in view.needed, "value": shown, "hint": f.facts.hint,
        "errors": tuple(parsed.errors.get(f.name, ())) if parsed else (), "wide": f.facts.wide or f.kind == "long",
        "suffix": "" if f.kind == "rate" else f.facts.unit or _SUFFIX.get(f.kind, ""), "readonly": f.name in view.fixed_names(),
    }  # fmt: skip
    if f.kind == "record":
        return _record_input(view, session, f, shown, common)
    if f.facts.lookup == "person":
        return FormField(kind="select", options=tuple(Option(k, v) for k, v in view.people_offered(f.name)), **common)
    if f.kind == "choice":
        return FormField(kind="select", options=_options(f.choices, f.must_be_typed), **common)
    if f.choices:
        words = tuple(Option(word, word) for word in map(in_reader_words, f.choices))
        if typed is None and shown in f.choices:
            common["value"] = in_reader_words(shown)
        return FormField(kind="text", attrs=(("list", f"{f.name}-words"),), options=words, **common)
    return FormField(kind=_KINDS.get(f.kind, f.kind), **common)  # type: ignore[arg-type]


def _is_rate(f: Field, value: Any) -> bool:
    return f.kind == "rate" and isinstance(value, Decimal)


def _options(choices: Any, required: bool) -> tuple[Option, ...]:
    return tuple(Option(m.value, m.label) for m in choices)


def _record_input(view: Any, session: Session, f: Field, shown: str, common: dict[str, Any]) -> FormField:
    rows = list(session.scalars(pick_query(view, f).order_by(f.target.id).limit(FEW + 1)))  # type: ignore[union-attr]
    if len(rows) <= FEW:
        notes = notes_of(view, f.name, rows)
        options = tuple(Option(str(r.id), "　".join(filter(None, (chosen_as(r), notes.get(r.id))))) for r in rows)
        return FormField(kind="select", options=options, **common)
    chosen = session.get(f.target, int(shown)) if shown.isdigit() else None  # type: ignore[arg-type]
    return FormField(
        kind="ajax", url=view.pick_url(f.name), shown=chosen_as(chosen) if chosen is not None else "", **common
    )


def ask_input(session: Session, document: Any, a: Ask, parsed: Parsed | None, url: str) -> FormField:
    """The input of one ask of a step."""
    typed = parsed.typed.get(a.name) if parsed else None
    default = a.default(document) if a.default and typed is None else None
    common: dict[str, Any] = {
        "name": a.name, "label": a.label, "required": a.required, "hint": a.hint, "wide": a.wide or a.kind == "textarea",
        "value": typed if typed is not None else text_of(default),
        "errors": tuple(parsed.errors.get(a.name, ())) if parsed else (), "suffix": a.unit or _SUFFIX.get(a.kind, ""),
    }  # fmt: skip
    if a.kind == "choice" or (a.choices and a.kind == "text"):
        closed = a.offers(document) if a.offers else a.choices
        pairs = [(m.value, m.label) for m in closed] if isinstance(closed, type) else list(closed)
        return FormField(kind="select", options=tuple(Option(k, v) for k, v in pairs), **common)
    if a.kind == "person":
        return FormField(kind="select", options=tuple(Option(k, v) for k, v in _people(a, document)), **common)
    if a.kind == "record":
        chosen = session.get(model_of(a.model), int(common["value"])) if common["value"].isdigit() else None
        return FormField(kind="ajax", url=url + a.name, shown=chosen_as(chosen) if chosen is not None else "", **common)
    if a.kind == "file":
        return FormField(kind="file", accept=ACCEPT, **common)
    return FormField(kind={"integer": "number", "area": "number"}.get(a.kind, a.kind), **common)  # type: ignore[arg-type]


def apply(record: Any, values: Mapping[str, Any]) -> None:
    """Write parsed values to a record; an emptied box of a column that may not be null is an empty text, or its default."""
    for name, value in values.items():
        column = inspect(type(record)).columns[name]
        setattr(record, name, _blank(column) if value is None and not column.nullable else value)


def _blank(column: Column[Any]) -> Any:
    if isinstance(column.type, String) and not isinstance(column.type, Date | Integer):
        return ""
    default: Any = column.default
    return default.arg if default is not None and default.is_scalar else None
