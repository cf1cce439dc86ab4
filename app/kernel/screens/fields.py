"""The fields of a document as the screens see them: kind, label, relationship, who may read it — all from the declaration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, Integer, Text, Time, inspect
from sqlalchemy.orm import RelationshipProperty

from app.kernel.actors import Actor
from app.kernel.base import FieldFacts
from app.kernel.columns import Area, ChoiceType, Money, Rate


@dataclass(frozen=True)
class Field:
    """One declared field: `name` is the attribute, `shows` the attribute that is displayed (the relationship of a foreign key)."""

    name: str
    shows: str
    facts: FieldFacts
    kind: str  # text long money area rate integer boolean date datetime time choice record lookup
    column: Any
    target: type[Any] | None = None
    choices: Any = None

    @property
    def label(self) -> str:
        return self.facts.label

    @property
    def numeric(self) -> bool:
        return self.kind in ("money", "area", "rate", "integer")

    @property
    def required(self) -> bool:
        return not self.column.nullable and self.column.default is None and self.kind != "boolean"

    @property
    def must_be_typed(self) -> bool:
        """Whether a form refuses it empty: what starts with a computed value («today») is not filled again behind one's back."""
        default = self.column.default
        computed = default is not None and default.is_callable
        return self.required or (not self.column.nullable and computed and self.kind != "boolean")

    def readable(self, actor: Actor, project_id: int | None = None) -> bool:
        """Whether the actor may read it (in that project; None = in any of his projects)."""
        return self.facts.readers is None or actor.system or actor.holds(self.facts.readers, project_id)


def _relationship(mapper: Any, column: Any) -> RelationshipProperty[Any] | None:
    for relation in mapper.relationships:
        if relation.direction.name == "MANYTOONE" and list(relation.local_columns) == [column]:
            return relation
    return None


def _kind(column: Any, facts: FieldFacts, relation: Any) -> str:
    if facts.lookup:
        return "lookup"
    if relation is not None:
        return "record"
    for kind, types in (
        ("money", Money), ("area", Area), ("rate", Rate), ("choice", ChoiceType), ("boolean", Boolean), ("datetime", DateTime),
        ("date", Date), ("time", Time), ("integer", Integer), ("long", Text),
    ):  # fmt: skip
        if isinstance(column.type, types):
            return kind
    return "long" if facts.long else "text"


_KNOWN: dict[type[Any], dict[str, Field]] = {}


def fields_of(model: type[Any]) -> dict[str, Field]:
    """Every declared field of a model by attribute name; scope columns come first, then the order of declaration."""
    if model not in _KNOWN:
        _KNOWN[model] = _declared(model)
    return _KNOWN[model]


def _declared(model: type[Any]) -> dict[str, Field]:
    mapper = inspect(model)
    found: dict[str, Field] = {}
    own_words = getattr(model, "__labels__", {})  # a column of a mixin may be called otherwise here
    for prop in mapper.column_attrs:
        column = prop.columns[0]
        facts = column.info.get("field")
        if facts is None:
            continue
        if prop.key in own_words:
            facts = replace(facts, label=str(own_words[prop.key]))
        relation = _relationship(mapper, column)
        kind = _kind(column, facts, relation)
        choices = column.type.choices if kind == "choice" else facts.choices or None
        found[prop.key] = Field(
            prop.key,
            relation.key if relation else prop.key,
            facts,
            kind,
            column,
            relation.mapper.class_ if relation else None,
            choices,
        )
    return found


def field_for(model: type[Any], name: str) -> Field | None:
    """The field by attribute, by the relationship of its foreign key, or by a dotted path to a related field."""
    if "." in name:
        head, rest = name.split(".", 1)
        relation = inspect(model).relationships[head]
        return field_for(relation.mapper.class_, rest)
    known = fields_of(model)
    return known.get(name) or next((f for f in known.values() if f.shows == name), None)


def label_of(model: type[Any], name: str) -> str:
    """The Chinese label of a list column; plain properties declare theirs in the model's `__labels__`."""
    declared = getattr(model, "__labels__", {}).get(name)
    if declared:
        return str(declared)
    found = field_for(model, name)
    return found.label if found else name


def form_fields(model: type[Any], names: Iterable[str] | None = None) -> list[Field]:
    """The fields that a person fills in: the named ones, or every declared field that the system does not set."""
    known = fields_of(model)
    if names is not None:
        return [known[n] for n in names]
    return [f for f in known.values() if not f.facts.auto]
