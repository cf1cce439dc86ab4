"""Documents are declared once: columns with their Chinese labels; the screens, Excel, audit and search read the declaration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar, cast

from flask_appbuilder import Model
from sqlalchemy import DateTime, Index, Integer, MetaData, Table, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.kernel.columns import ChoiceType
from app.kernel.posts import Post
from app.kernel.states import Choice, State

metadata: MetaData = cast(MetaData, Model.metadata)
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


@dataclass(frozen=True)
class FieldFacts:
    """What a column says of itself beside its type."""

    label: str
    hint: str = ""
    unit: str = ""
    readers: frozenset[Post] | None = None  # None = whoever sees the row
    personal: str = ""  # "phone" | "id" | "name" | "address": masked, and export asks for a reason
    wide: bool = False
    long: bool = False  # a text area
    auto: bool = False  # set by the system, never in a form
    choices: tuple[str, ...] = ()  # open list of words offered for a text column
    lookup: str = ""  # "person" | "team": an id shown by name (registries.add_lookup)


def field(
    label: str,
    kind: Any = None,
    *more: Any,
    hint: str = "",
    unit: str = "",
    readers: Iterable[Post] | None = None,
    personal: str = "",
    wide: bool = False,
    long: bool = False,
    auto: bool = False,
    choices: Iterable[str] = (),
    lookup: str = "",
    **column: Any,
) -> Mapped[Any]:
    """A column with its Chinese label. `kind` is a SQL type, a ForeignKey, or a Choice class (a closed list)."""
    if isinstance(kind, type) and issubclass(kind, Choice):
        kind = ChoiceType(kind)
    facts = FieldFacts(
        label,
        hint,
        unit,
        frozenset(readers) if readers is not None else None,
        personal,
        wide,
        long,
        auto,
        tuple(choices),
        lookup,
    )
    args = ([] if kind is None else [kind]) + list(more)
    return cast(Mapped[Any], mapped_column(*args, info={"field": facts}, **column))


def state_field(states: type[State], label: str = "状态") -> Mapped[Any]:
    """The state column: starts in the first state; only kernel/workflow.py assigns it."""
    first = next(iter(states))
    return cast(
        Mapped[Any],
        mapped_column(
            ChoiceType(states),
            default=first,
            nullable=False,
            index=True,
            info={"field": FieldFacts(label, auto=True), "state": states},
        ),
    )


def one_live_row(*columns: str, alive: str, name: str) -> Index:
    """Partial unique index: at most one row alive for these columns, on both databases (04 §2.2)."""
    return Index(name, *columns, unique=True, sqlite_where=text(alive), postgresql_where=text(alive))


def few(name: str, *columns: str, kept: str) -> Index:
    """Index over the few rows that fulfil a condition, on both databases: it stays small in a table that grows."""
    return Index(name, *columns, sqlite_where=text(kept), postgresql_where=text(kept))


clock: ContextVar[Callable[[], datetime] | None] = ContextVar("clock", default=None)  # the demo world travels in time


def now() -> datetime:
    """Site-local wall clock (Asia/Shanghai), to the second, without a zone."""
    told = clock.get()
    return (told() if told else datetime.now()).replace(microsecond=0)


class Record(Model):
    """Any table of ours: an id that is never used twice."""

    __abstract__ = True
    __label__: ClassVar[str] = ""  # what a person calls one of its rows

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


class Document(Record):
    """A paper of the site: who made and changed it, when, and a version that guards against silent overwriting."""

    __abstract__ = True
    __number__: ClassVar[str] = ""  # prefix of its numbers, "" = no number
    __title__: ClassVar[str] = "number"  # the attribute that names one record
    __in_bulk__: ClassVar[
        dict[str, Callable[..., dict[int, object]]]
    ] = {}  # shown properties, read by (session, ids) → id: value
    __personal__: ClassVar[frozenset[str]] = frozenset()  # attributes that name people, beside fields declared personal

    created_at: Mapped[datetime] = field("登记时间", DateTime, default=now, auto=True, index=True)
    created_by: Mapped[int | None] = field("登记人", Integer, auto=True, lookup="person")
    updated_at: Mapped[datetime] = field("更新时间", DateTime, default=now, onupdate=now, auto=True)
    updated_by: Mapped[int | None] = field("更新人", Integer, auto=True, lookup="person")
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        return {"version_id_col": cls.version}

    def __str__(self) -> str:
        value = getattr(self, self.__title__, None)
        return str(value) if value not in (None, "") else self.__label__  # an id says nothing to people


class Numbered:
    """Papers with a number that is given at the first submit and stays with a voided paper (07 §7.1)."""

    number: Mapped[str | None] = mapped_column(
        "number", info={"field": FieldFacts("编号", auto=True)}, nullable=True, unique=True, index=True, default=None
    )


AnyRecord = TypeVar("AnyRecord", bound=Record)


def facts_of(model: type[Any], name: str) -> FieldFacts:
    """The declaration of one column; columns without one get their own name as label (kernel tables only)."""
    column = (
        model.__table__.columns.get(model.__mapper__.attrs[name].columns[0].name)
        if name in model.__mapper__.columns
        else None
    )
    info = None if column is None else column.info.get("field")
    return cast(FieldFacts, info) if info else FieldFacts(getattr(model, "__labels__", {}).get(name, name))


def declared_fields(model: type[Any]) -> Iterator[tuple[str, FieldFacts]]:
    """(attribute, declaration) of every declared column, in order of declaration with the mixins' columns last."""
    for prop in model.__mapper__.column_attrs:
        info = prop.columns[0].info.get("field")
        if info:
            yield prop.key, info


def state_class(model: type[Any]) -> type[State] | None:
    """The states of a document, or None when it has no life cycle."""
    column = model.__table__.columns.get("state")
    return None if column is None else column.info.get("state")


def model_of(table: str) -> type[Any]:
    """The mapped class of a table. Raises KeyError for a table that is none of ours."""
    for mapper in Model.registry.mappers:
        if mapper.local_table is not None and mapper.local_table.name == table and issubclass(mapper.class_, Record):
            return cast(type[Any], mapper.class_)
    raise KeyError(table)


def models_of(kind: type[Any]) -> list[type[Any]]:
    """The mapped classes of a scope kind or another mixin, of every room, by their table."""
    found = [m.class_ for m in Model.registry.mappers if issubclass(m.class_, kind) and issubclass(m.class_, Record)]
    return sorted(found, key=lambda model: str(model.__tablename__))


def every_table() -> Iterable[Table]:
    """All tables in dependency order."""
    return metadata.sorted_tables
