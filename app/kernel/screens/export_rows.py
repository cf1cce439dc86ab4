"""What an export holds: the rows that the list shows, its columns, who is in them — as values for a sheet, read in a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, inspect, select
from sqlalchemy.orm import Session

from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.screens.asking import Asked, asked
from app.kernel.screens.display import reach_into
from app.kernel.screens.export_cells import KINDS, Names, cell_of, text_of
from app.kernel.screens.export_columns import column_plan
from app.kernel.screens.fields import field_for, label_of
from app.kernel.screens.filters import further_field, word_of
from app.kernel.screens.list_choices import columns_shown, kept_for
from app.kernel.screens.listing import eager, names_for
from app.kernel.screens.ordering import full_sorting, keys_of
from app.kernel.screens.selection import select_rows
from app.kernel.search import PROPOSED
from app.kernel.words import shown
from app.kernel.workbook_out import OutColumn

BATCH = 500
Reading = Callable[[Any, Names], object]
_WIDTHS = {"money": 16, "area": 12, "date": 12, "datetime": 18, "whole": 9, "percent": 10}


@dataclass(frozen=True)
class Extract:
    """The list as asked for, ready to be read."""

    view: Any
    actor: Actor
    ask: Asked
    columns: tuple[str, ...]
    query: Select[Any]

    def count(self, session: Session, most: int) -> int:
        """How many rows, at most `most` + 1."""
        inner = self.query.with_only_columns(self.view.model.id).order_by(None).limit(most + 1).subquery()
        return session.scalar(select(func.count()).select_from(inner)) or 0

    @property
    def personal(self) -> tuple[str, ...]:
        """Labels of the columns that tell who somebody is."""
        return tuple(label_of(self.view.model, n) for n in self.columns if tells_who(self.view.model, n))

    def sums(self, session: Session) -> dict[int, Decimal]:
        """Place of a column → its sum, of a list that has rows which no sum counts; else nothing: the sheet adds up itself."""
        stored, view = inspect(self.view.model).column_attrs, self.view
        if not view.uncounted:
            return {}
        places = {name: n for n, name in enumerate(self.columns) if name in view.sum_columns and name in stored}
        ids = self.query.with_only_columns(view.model.id).order_by(None)
        query = select(*(func.sum(getattr(view.model, name)) for name in places)).where(
            view.model.id.in_(ids), view.model.state.not_in(view.uncounted)
        )
        found = session.execute(query).one() if places else ()
        return {place: amount or Decimal(0) for place, amount in zip(places.values(), found, strict=True)}

    def sheet_columns(self) -> list[OutColumn]:
        """Heads, number formats and sums."""
        return [_out_column(self.view, name) for name in self.columns]

    def rows(self, session: Session) -> Iterator[Sequence[object]]:
        """Every row in the list's order; a batch at a time is in memory."""
        query = self.query.order_by(*full_sorting(keys_of(self.view, self.ask)))
        plan = column_plan(self.view.model, self.columns, query, self.actor)
        if plan is not None:
            yield from plan.rows(session)
            return
        readers = [_reader(self.view.model, name, self.actor) for name in self.columns]
        stream = session.scalars(
            query.options(*eager(self.view, list(self.columns))), execution_options={"yield_per": BATCH}
        )
        for batch in stream.partitions():
            records = list(batch)
            names = names_for(self.view, records, list(self.columns))
            for record in records:
                yield tuple(read(record, names) for read in readers)


def extract(view: Any, actor: Actor) -> Extract:
    """What the present address of the list asks for. Raises RuleError when the search found more than it looks at: never half of it."""
    ask = asked(view)
    chosen = select_rows(view, ask, actor)
    if chosen.cut:
        raise RuleError("匹配超过 {n} 条，导出会不完整；请在搜索里再加一个字", n=f"{PROPOSED:,}")
    return Extract(view, actor, ask, tuple(columns_shown(view, actor, ask, kept_for(view, actor))), chosen.query)


def tells_who(model: type[Any], name: str) -> bool:
    """Whether a list column names a person: a field declared personal, or what the model says in `__personal__`.

    A related record counts when its title does; a dotted path by the model at its end.
    """
    if "." in name:
        head, rest = name.split(".", 1)
        return tells_who(inspect(model).relationships[head].mapper.class_, rest)
    if name in getattr(model, "__personal__", ()):
        return True
    found = field_for(model, name)
    if found is None:
        return False
    if found.kind == "record" and found.target is not None:
        return tells_who(found.target, getattr(found.target, "__title__", ""))
    return bool(found.facts.personal)


def filter_words(found: Extract, session: Session) -> list[tuple[str, str]]:
    """(label, value) of everything that narrows the list, as people read it."""
    view, said = found.view, []
    chip = next((c for c in view.chips if c[0] == found.ask.chip), None)
    if chip is not None:
        said.append((_("筛选"), str(chip[1])))
    if found.ask.q:
        said.append((_("搜索"), found.ask.q))
    for name, value in found.ask.filters.items():
        declared = field_for(view.model, name)
        if declared is not None:
            said.append((declared.label, word_of(further_field(view, session, declared, name, value))))
    return said


def _out_column(view: Any, name: str) -> OutColumn:
    found = field_for(view.model, name)
    kind = KINDS.get(found.kind, "text") if found is not None and not found.facts.personal else "text"
    label = shown(label_of(view.model, name))
    if found is not None and found.facts.unit and kind != "percent":
        label = shown(f"{label}（{found.facts.unit}）")
    wide = 30 if found is not None and found.kind == "long" else _WIDTHS.get(kind, 14)
    return OutColumn(label, kind, max(wide, 2 * len(label) + 2), summed=name in view.sum_columns)


def _as_it_is(value: Any, _names: Names) -> object:
    return value


def _reader(model: type[Any], name: str, actor: Actor) -> Reading:
    """How one column is read from a record; decided once, not for every row."""
    found = field_for(model, name)
    if found is None:
        return lambda record, _names: text_of(reach_into(record, name))
    path, make = found.shows if "." not in name else name, cell_of(found) or _as_it_is
    get: Callable[[Any], Any] = (lambda r: reach_into(r, path)) if "." in path else (lambda r: getattr(r, path, None))
    if found.facts.readers is None:
        return lambda record, names: make(get(record), names)
    allowed: dict[int | None, bool] = {}

    def guarded(record: Any, names: Names) -> object:
        project = getattr(record, "project_id", None)
        if project not in allowed:
            allowed[project] = found.readable(actor, project)
        return make(get(record), names) if allowed[project] else None

    return guarded
