"""Choosing a related record: few stand in a select, beyond that people type to find one (04 §2.3: never a whole table)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload

from app.kernel.actors import Actor
from app.kernel.entrance import database
from app.kernel.errors import NotFound
from app.kernel.screens.fields import Field
from app.kernel.search import proposed_ids
from app.kernel.words import shown as in_reader_words

FEW = 20  # up to so many related records are a plain select; so many are offered while one types


def pick_query(view: Any, f: Field, *, every: bool = False) -> Any:
    """Related records that may be chosen: in scope, in the current project, narrowed by the view (not for a filter: every)."""
    if f.target is None:
        raise TypeError(f"{f.name} refers to no record")
    query = select(f.target).options(*chosen_with(f.target))
    project_id = view.current_project()
    if project_id is not None and "project_id" in inspect(f.target).columns:
        query = query.where(f.target.project_id == project_id)
    narrow = None if every else view.pick_filters.get(f.name)
    return narrow(query) if narrow else query


def named(query: Any, session: Any, actor: Actor, model: type[Any], q: str) -> Any:
    """The query narrowed to records that the index knows by what was typed: name, pinyin, number."""
    return query.where(model.id.in_(proposed_ids(session, actor, model, q)[0])) if q else query


def chosen_as(record: Any) -> str:
    """The words by which a record is recognised where one is chosen: `chosen_as` of its model, where its number says too little."""
    return str(getattr(record, "chosen_as", "") or record)


def chosen_with(model: type[Any]) -> list[Any]:
    """What `chosen_as` reads beside the record comes with the rows: `__chosen_with__` names it."""
    return [joinedload(getattr(model, name)) for name in getattr(model, "__chosen_with__", ())]


def notes_of(view: Any, name: str, records: Sequence[Any]) -> dict[int, str]:
    """What the view says of the records that a field offers."""
    told: dict[int, str] = view.pick_notes[name](records) if name in view.pick_notes and records else {}
    return told


def offered(records: Iterable[Any], notes: Mapping[int, str] = MappingProxyType({})) -> list[dict[str, Any]]:
    """Found records as a type-ahead lists them."""
    return [
        {"id": record.id, "text": in_reader_words(chosen_as(record)), "note": notes.get(record.id, "")}
        for record in records
    ]


def pick_answer(view: Any, found: Field | None) -> Response:
    """What fits the typed words, newest first, as JSON. Raises NotFound for a field that refers to no record."""
    if found is None or found.kind != "record" or found.target is None:
        raise NotFound("pick")
    q = request.args.get("q", "").replace("\x00", "").strip()[:50]
    query = named(pick_query(view, found, every="every" in request.args), database(), view.actor(), found.target, q)
    rows = database().scalars(query.order_by(found.target.id.desc()).limit(FEW)).all()
    return jsonify(results=offered(rows, notes_of(view, found.name, rows)))
