"""What a paper takes from a table: its columns, what tells two rows apart, who may bring it in (docs/developers/add-a-document.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import force_locale
from sqlalchemy import String
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.posts import Post
from app.kernel.screens.fields import Field, field_for, form_fields
from app.kernel.screens.inputs import MAX_TEXT
from app.kernel.sheet_headers import ImportField
from app.kernel.words import shown

Values = dict[str, Any]  # typed values of one row by column name; a blank cell is None
IDENTITY = ("phone", "id")  # personal kinds whose cells must be text: digits of a number cell are lost (06 §6.1.9)
SUMMED = ("money", "area")


@dataclass(frozen=True)
class Desk:
    """Who brings a table in, and where."""

    session: Session
    actor: Actor
    project_id: int
    view: Any


LookUp = Callable[[Desk, set[str]], Mapping[str, Sequence[int]]]  # texts of the column → ids that each may mean


@dataclass(frozen=True)
class ImportColumn:
    """A column. Alone its name suffices when the model declares the field.

    kind as in screens/fields.py, or «identity» (text that a number cell would spoil) or «person» (a name of the project).
    aliases are heads that people write; words are further words of a choice («男士» → «男»). look_up finds related records
    where their title does not. reads: the attribute (or path) of a known record that the cell is compared with. parse: text of a
    cell → the value that counts, for habits of one column («2026年11月»); it raises RuleError.
    """

    name: str
    label: Any = ""  # text, or a lazy one
    aliases: tuple[str, ...] = ()
    kind: str = ""
    required: bool | None = None
    choices: Any = None
    words: Mapping[str, str] = field(default_factory=dict)
    target: type[Any] | None = None
    look_up: LookUp | None = None
    parse: Callable[[str], Any] | None = None
    limit: int = MAX_TEXT
    places: int = 2
    personal: str = ""
    reads: str = ""
    compared: bool = True  # whether a known record is held against the cell
    hint: Any = ""  # text, or a lazy one
    in_order: bool = False  # tables with several such heads are usual (交易时间, 记账日期): the earlier alias is taken

    @property
    def summed(self) -> bool:
        """Whether file and result are compared by the column's sum."""
        return self.kind in SUMMED

    @property
    def resolved(self) -> bool:
        """Whether the cell names a record or a person."""
        return self.look_up is not None or self.kind in ("record", "person")


@dataclass(frozen=True)
class Across:
    """A table with a column a month (imports/across.py). over: the column that the heads fill; into: the one that the cells fill; value_of: (head cell, what is written above the
    table and on its tab) → what the head means, None for a head that means nothing of the kind."""

    over: str
    into: str
    value_of: Callable[[object, str], str | None]


@dataclass(frozen=True)
class Import:
    """What a view takes in; with no more said the form's fields, by its creators, through the form's own checks.

    key: the columns that together tell which record a row is; without them every row is a new record. updates: a row that
    differs changes the record (where its form may), else it is only reported. each: single refusals, asked one by one before the
    row as a whole, so that a row with two faults is told of both. compare: nothing is ever written, the
    table is held against our records. check(desk, values) raises RuleError before anything is written, create(desk,
    values) writes one record inside the transaction; by default both go the way of the form. known(desk, rows) gives for
    each row its record, None, or the RuleError why it may not come in; by default it is found by the key. after(desk, rows)
    runs once in the same transaction with every row that was written, and may say in a sentence what else was made.
    """

    columns: tuple[str | ImportColumn, ...] = ()
    key: tuple[str, ...] = ()
    by: frozenset[Post] | None = None
    updates: bool = False
    compare: bool = False
    each: tuple[Callable[[Desk, Values], None], ...] = ()
    check: Callable[[Desk, Values], None] | None = None
    create: Callable[[Desk, Values], Any] | None = None
    known: Callable[[Desk, list[Values]], list[Any]] | None = None
    after: Callable[[Desk, list[Values]], str] | None = None
    across: Across | None = None
    among: Callable[[Any], Any] | None = None  # narrows the records that count as known (query → query)
    notes: tuple[Any, ...] = ()


def importers(view: Any) -> frozenset[Post]:
    """Who may bring tables of this paper in; nobody when the view takes none."""
    declared: Import | None = view.importable
    if declared is None:
        return frozenset()
    return declared.by if declared.by is not None else view.creators


def columns_of(view: Any) -> tuple[ImportColumn, ...]:
    """The columns with everything that the model's fields say. Raises TypeError for a field that the system sets."""
    declared: Import = view.importable
    names = declared.columns or tuple(f.name for f in form_fields(view.model, view.form))
    named = (c if isinstance(c, ImportColumn) else ImportColumn(c) for c in names)
    if declared.compare:  # what is only compared need not be there
        named = (replace(c, required=bool(c.required)) for c in named)
    found = (_filled(view.model, c) for c in named)
    return tuple(
        replace(column, label=shown(str(column.label)), aliases=(*column.aliases, _chinese(column))) for column in found
    )


def head_fields(columns: Sequence[ImportColumn]) -> tuple[ImportField, ...]:
    """For finding the header of a sheet."""
    return tuple(ImportField(c.name, c.label, c.aliases, bool(c.required), c.in_order) for c in columns)


def _chinese(column: ImportColumn) -> str:
    """The label as tables write it, whatever language the person reads in."""
    with force_locale("zh"):
        return str(column.label)


def _filled(model: type[Any], column: ImportColumn) -> ImportColumn:
    found = field_for(model, column.name)
    if found is None:
        if not column.label or not column.kind:
            raise TypeError(f"{model.__name__}.{column.name} is no field: give it a label and a kind")
        return replace(column, required=bool(column.required))
    if found.kind == "lookup" and found.facts.lookup == "person" and not column.kind:
        column = replace(column, kind="person")
    elif found.facts.auto and column.look_up is None and not column.kind and not column.reads:
        raise TypeError(f"{model.__name__}.{column.name} is set by the system")
    return _from_field(column, found)


def _from_field(column: ImportColumn, found: Field) -> ImportColumn:
    kind = column.kind or ("identity" if found.facts.personal in IDENTITY else found.kind)
    limit = found.column.type.length if isinstance(found.column.type, String) else None
    return replace(
        column,
        label=column.label or found.label,
        kind=kind,
        required=found.required if column.required is None else column.required,
        choices=column.choices or found.choices,
        target=column.target or found.target,
        limit=limit or column.limit,
        places=6 if kind == "rate" else column.places,
        personal=column.personal or found.facts.personal,
        hint=column.hint or found.facts.hint,
    )


def refuse(column: ImportColumn, sentence: str, **values: object) -> RuleError:
    """A refusal beside its column."""
    return RuleError(sentence, field=column.name, **values)
