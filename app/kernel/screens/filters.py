"""The main filters of a list: what they offer, and what a typed period means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.kernel.registries import LOOKUP_CHOICES
from app.kernel.screens.asking import BETWEEN
from app.kernel.screens.fields import Field
from app.kernel.screens.list_page import FilterField
from app.kernel.screens.parts import Option
from app.kernel.screens.picking import FEW
from app.kernel.words import shown

WORDS = 100  # different words of a text column that are offered
YEARS = (1900, 2200)
OWNERS = ("owner_id", "partner_id")  # of ByOwner: only who sells owns a customer or a deal
UNSET = "-"  # the value of a filter that means: nothing is filled in


def filter_field(view: Any, session: Session, found: Field, name: str, value: str) -> FilterField:
    """A closed list, a period, or a related record: a select while there are few, beyond that one types to find it."""
    if found.kind in ("date", "datetime"):
        since, until = period_of(value)
        return FilterField(name, found.label, "period", value=_iso(since), until=_iso(until))
    if found.kind == "record":
        return _record_filter(view, session, found, name, value)
    return FilterField(name, found.label, "select", tuple(_options(view, session, found)), value)


def further_field(view: Any, session: Session, found: Field, name: str, value: str) -> FilterField:
    """A filter behind 「更多筛选」: as the others, with «未填» where a field may be empty; texts are typed, not offered — their
    words would have to be gathered from every row."""
    if found.kind in ("text", "long", "integer", "money", "area", "rate") and not _closed(found):
        return FilterField(name, found.label, "text", value=value)
    made = filter_field(view, session, found, name, value)
    if made.kind == "select" and found.column.nullable:
        return replace(made, options=(*made.options, Option(UNSET, _("未填"))))
    return made


def _record_filter(view: Any, session: Session, found: Field, name: str, value: str) -> FilterField:
    target: Any = found.target
    query = select(target).order_by(target.id).limit(FEW + 1)
    project_id = view.current_project()
    if project_id is not None and "project_id" in inspect(target).columns:
        query = query.where(target.project_id == project_id)
    rows = list(session.scalars(query))
    if len(rows) <= FEW:
        return FilterField(name, found.label, "select", tuple(Option(str(r.id), str(r)) for r in rows), value)
    chosen = next((r for r in rows if str(r.id) == value), None)
    if chosen is None and value.isascii() and value.isdigit() and len(value) < 10:
        chosen = session.scalars(select(target).where(target.id == int(value))).first()
    shown = str(chosen) if chosen is not None else ""
    return FilterField(
        name, found.label, "record", value=value if shown else "", url=view.pick_url(name, every=True), shown=shown
    )


def _closed(found: Field) -> bool:
    """Whether a number has a declared list of values: 1–5 stars need no statement to be offered."""
    return found.kind == "integer" and bool(found.facts.choices)


def _options(view: Any, session: Session, found: Field) -> list[Option]:
    if _closed(found):
        return [Option(word, f"{word} {shown(found.facts.unit)}".strip()) for word in found.facts.choices]
    if found.kind == "choice":
        return [Option(m.value, m.label) for m in found.choices]
    if found.kind == "boolean":
        return [Option("1", _("是")), Option("0", _("否"))]
    if found.kind == "lookup":
        offered = "seller" if found.name in OWNERS else found.facts.lookup
        return [Option(str(i), n) for i, n in LOOKUP_CHOICES[offered](view.current_project()).items()]
    attribute = getattr(view.model, found.name)
    words = session.scalars(select(attribute).distinct().order_by(attribute).limit(WORDS))
    return [Option(str(word), str(word)) for word in words if word]


def word_of(chosen: FilterField) -> str:
    """What a filter is set to, as people read it."""
    if chosen.kind == "period":
        return f"{chosen.value or '…'} — {chosen.until or '…'}"
    return str(chosen.shown or next((o.label for o in chosen.options if o.value == chosen.value), chosen.value))


def period_of(value: str) -> tuple[date | None, date | None]:
    """«2026-11-01~2026-11-30» as first and last day, each may be missing; one day alone is both. What is no day is none."""
    first, found, last = value.partition(BETWEEN)
    return (_day(first), _day(last)) if found else (_day(value), _day(value))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if YEARS[0] <= day.year <= YEARS[1] else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
