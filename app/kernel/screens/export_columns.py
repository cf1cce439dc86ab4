"""Rows of a list read as plain columns: one statement, no record is made for a row that is only written down (04 F6).

Works for columns of the model, titles of related records, paths to related columns, and properties that the model reads for
many records at once (`__in_bulk__`). A list that shows anything else is read through its records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, inspect
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.kernel.actors import Actor
from app.kernel.base import Document
from app.kernel.screens.display import lookup_names
from app.kernel.screens.export_cells import Names, cell_of
from app.kernel.screens.fields import Field, field_for

BATCH = 1_000
Bulk = dict[str, dict[int, object]]
Reading = Callable[
    [Sequence[Any], Names, Bulk], Sequence[object]
]  # (rows of the result, names by kind, properties by id) → a column of cells


@dataclass
class ColumnPlan:
    """What to select and how each cell is made of it."""

    query: Select[Any]
    readings: list[Reading]
    lookups: dict[str, list[int]] = field(default_factory=dict)  # kind → positions of ids in the result
    bulk: dict[str, Callable[[Session, list[int]], dict[int, object]]] = field(default_factory=dict)

    def rows(self, session: Session) -> Iterator[Sequence[object]]:
        """Every row, a batch at a time in memory."""
        for batch in session.execute(self.query, execution_options={"yield_per": BATCH}).partitions():
            names = {
                kind: lookup_names(kind, {row[at] for row in batch for at in places})
                for kind, places in self.lookups.items()
            }
            ids = [row[0] for row in batch]
            read = {name: load(session, ids) for name, load in self.bulk.items()}
            yield from zip(*(reading(batch, names, read) for reading in self.readings), strict=True)


def column_plan(model: type[Any], names: tuple[str, ...], query: Select[Any], actor: Actor) -> ColumnPlan | None:
    """The plan for a query of whole records in its order; None when a column can only be read through the record."""
    maker = _Maker(model, query, actor)
    if not all(maker.take(name) for name in names):
        return None
    return ColumnPlan(maker.statement(), maker.readings, maker.lookups, maker.bulk)


class _Maker:
    """Collects columns and joins, one listed name after the other. Position 0 is the id, position 1 the project."""

    def __init__(self, model: type[Any], query: Select[Any], actor: Actor) -> None:
        self.model, self.query, self.actor = model, query, actor
        self.columns: list[Any] = [model.id, getattr(model, "project_id", model.id)]
        self.joined: dict[str, Any] = {}
        self.readings: list[Reading] = []
        self.lookups: dict[str, list[int]] = {}
        self.bulk: dict[str, Any] = {}

    def statement(self) -> Select[Any]:
        """The query with these columns in the place of its records."""
        found = self.query.with_only_columns(*self.columns, maintain_column_froms=True)
        for relation, alias in self.joined.values():
            found = found.outerjoin(alias, relation)
        return found

    def take(self, name: str) -> bool:
        """Whether the name can be read as a column."""
        many = getattr(self.model, "__in_bulk__", {}).get(name)
        if many is not None:
            self.bulk[name] = many
            self.readings.append(lambda rows, _names, read: [read[name].get(row[0]) for row in rows])
            return True
        found = field_for(self.model, name)
        if found is None:
            return False
        attribute = self._attribute(found, name)
        if attribute is None:
            return False
        self.columns.append(attribute)
        self._read(found, len(self.columns) - 1)
        return True

    def _attribute(self, found: Field, name: str) -> Any:
        """The column itself; of a related record its title."""
        owner, last = self.model, name
        if "." in name:
            *steps, last = name.split(".")
            for number, step in enumerate(steps):
                owner = self._join(owner, ".".join(steps[: number + 1]), step)
        if found.kind == "record" and found.target is not None:
            target: Any = found.target
            if target.__str__ is not Document.__str__:
                return None  # its name is made of more than its title
            title = target.__title__
            if title not in inspect(target).columns:
                return None
            path = f"{name.rpartition('.')[0]}.{found.shows}".strip(".")
            return getattr(self._join(owner, path, found.shows), title)
        attribute = getattr(owner, found.name if "." not in name else last, None)
        return attribute if isinstance(attribute, InstrumentedAttribute) else None

    def _join(self, owner: Any, path: str, relation: str) -> Any:
        if path not in self.joined:
            attribute = getattr(owner, relation)
            alias = aliased(attribute.property.mapper.class_)
            self.joined[path] = (attribute.of_type(alias), alias)
        return self.joined[path][1]

    def _read(self, found: Field, at: int) -> None:
        if found.kind == "lookup":
            self.lookups.setdefault(found.facts.lookup, []).append(at)
        reading = _column(found, at)
        if found.facts.readers is None:
            self.readings.append(reading)
            return
        allowed: dict[int, bool] = {}

        def guarded(rows: Sequence[Any], names: Names, read: Bulk) -> Sequence[object]:
            for project in {row[1] for row in rows} - allowed.keys():
                allowed[project] = found.readable(self.actor, project)
            cells = reading(rows, names, read)
            return [cell if allowed[row[1]] else None for row, cell in zip(rows, cells, strict=True)]

        self.readings.append(guarded)


def _column(found: Field, at: int) -> Reading:
    """A batch is read column by column: what passes as it is costs nothing more than its place."""
    make = cell_of(found)
    if make is None:
        return lambda rows, _names, _read: [row[at] for row in rows]
    return lambda rows, names, _read: [make(row[at], names) for row in rows]
