"""Which rows a list shows: project, filters, search, chip — within the actor's rows by the session's scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, inspect, or_, select

from app.kernel.actors import Actor
from app.kernel.entrance import database
from app.kernel.screens.asking import Asked
from app.kernel.screens.fields import field_for
from app.kernel.screens.filters import UNSET, period_of
from app.kernel.search import among, proposed_ids
from app.kernel.ways_in import ways_in


@dataclass(frozen=True)
class Selection:
    """The rows that fit, without order and page. cut: the search index knew more than it proposes.

    ways: criteria of which each row fulfils exactly one, so that each is one range of an index; (None,) when there is no choice.
    """

    query: Select[Any]
    ways: tuple[Any, ...] = (None,)
    cut: bool = False


def select_rows(view: Any, ask: Asked, actor: Actor) -> Selection:
    """What the address asks for, within the current project."""
    model = view.model
    query, cut = view.restrict(select(model), actor), False
    ways: tuple[Any, ...] = (None,)
    project_id = view.current_project()
    if project_id is not None and "project_id" in inspect(model).columns:
        here = model.project_id == project_id
        common = inspect(model).columns["project_id"].nullable  # rows without project belong to every project
        query = query.where(here | model.project_id.is_(None) if common else here)
        ways = ways_in(actor, model, project_id)
    for name, value in ask.filters.items():
        query = _filtered(query, view, name, value)
    if ask.q:
        ids, cut = proposed_ids(database(), actor, model, ask.q)
        query, ways = query.where(among(database(), model.id, ids)), (None,)
    chip = next((c for c in view.chips if c[0] == ask.chip), None)
    return Selection(chip[2](query, actor) if chip else query, ways, cut)


def _filtered(query: Select[Any], view: Any, name: str, value: str) -> Select[Any]:
    """Narrowed by one filter; a value that the field cannot have narrows nothing."""
    found = field_for(view.model, name)
    if found is None:
        return query
    attribute = getattr(view.model, found.name)
    if value == UNSET and found.column.nullable:
        blank = attribute.is_(None)
        return query.where(or_(blank, attribute == "") if found.kind in ("text", "long") else blank)
    if found.kind in ("record", "lookup", "integer"):
        fits = value.isascii() and value.isdigit() and len(value) < 10
        return query.where(attribute == int(value)) if fits else query
    if found.kind == "boolean":
        return query.where(attribute.is_(value == "1"))
    if found.kind == "choice":
        return query.where(attribute == value) if value in {m.value for m in found.choices} else query
    if found.kind in ("date", "datetime"):
        since, until = period_of(value)
        query = query if since is None else query.where(attribute >= since)
        return query if until is None else query.where(attribute < until + timedelta(days=1))
    return query.where(attribute == value)
