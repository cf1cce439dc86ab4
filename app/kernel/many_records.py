"""Many new records at once, with all that a flush does for each — defaults, who made it, its line in the trail, its words in
the search — in a handful of statements. For tables of thousands of rows: a record in the session costs ten times as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import inspect

from app.kernel.actors import current_actor
from app.kernel.audit import write_inserted
from app.kernel.base import Document
from app.kernel.plain_rows import next_ids, write_rows
from app.kernel.scope import ByEffect
from app.kernel.search_index import write_new
from app.kernel.search_words import is_searched, own_words
from app.kernel.transactions import AnySession, in_write


def insert_many(session: AnySession, model: type[Any], rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Insert records of one model, all with values for the same attributes, inside a step; gives their ids in their order.

    Raises RuntimeError outside a step's transaction (nothing else checks whose rows they are), TypeError for papers that are
    published by their state.
    """
    if not (in_write(session) and session.info.get("step")):
        raise RuntimeError("many records are written inside a step only")
    if issubclass(model, ByEffect):
        raise TypeError(f"{model.__name__} is published by its state: add its records to the session")
    if not rows:
        return ()
    session.flush()  # what the rows point at
    names, same = tuple(rows[0]), _defaults(model, set(rows[0]))
    columns = {p.key: p.columns[0].name for p in inspect(model).column_attrs}
    ids = next_ids(session.connection(), model.__table__, len(rows))
    write_rows(
        session.connection(),
        model.__table__,
        ["id", *(columns[name] for name in names)],
        ((key, *(row[name] for name in names)) for key, row in zip(ids, rows, strict=True)),
        {columns[name]: value for name, value in same.items()},
    )
    write_inserted(session, model, ids, rows, same)
    if is_searched(model):
        write_new(session, [_words(model, key, {**same, **row}) for key, row in zip(ids, rows, strict=True)])
    return ids


def _defaults(model: type[Any], given: set[str]) -> dict[str, Any]:
    """What every column says that the rows leave out; one moment and one maker for all."""
    found: dict[str, Any] = {}
    for prop in inspect(model).column_attrs:
        default = prop.columns[0].default
        if prop.key in given or default is None:
            continue
        found[prop.key] = default.arg(None) if default.is_callable else default.arg
    actor = current_actor()
    if issubclass(model, Document) and actor is not None and "created_by" not in given:
        found["created_by"] = actor.person_id
    return found


def _words(model: type[Any], key: int, values: dict[str, Any]) -> dict[str, Any]:
    project_id = values.get("project_id")
    words = own_words(model, SimpleNamespace(**values))
    return {"subject": model.__tablename__, "subject_id": key, "project_id": project_id, "words": words}
