"""The order of a list: its keys, what lies beyond a row, and the statement that finds the rows of one page.

Empty values come last in both directions. The id is always the last key, so that no two rows are equal. An order is found
by its index alone when its keys run in one direction: (project, column, id) is read forwards or backwards (04 F2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, inspect, literal, or_, select, tuple_, union_all

from app.kernel.screens.asking import Asked, check_filters
from app.kernel.screens.fields import field_for


@dataclass(frozen=True)
class Key:
    """One column of an order."""

    name: str
    attribute: Any
    descending: bool

    @property
    def column(self) -> Any:
        return self.attribute.property.columns[0]

    def turned(self) -> Key:
        """The same column the other way round."""
        return Key(self.name, self.attribute, not self.descending)

    def sorting(self) -> ColumnElement[Any]:
        found: ColumnElement[Any] = self.attribute.desc() if self.descending else self.attribute.asc()
        return found


def keys_of(view: Any, ask: Asked) -> tuple[Key, ...]:
    """The asked column, else the view's own order («-day» = latest first), else the newest first; then the id."""
    names = (ask.order_text,) if ask.order else tuple(view.order)
    keys = [_key(view.model, name) for name in names]
    descending = keys[0].descending if keys else True
    return (*keys, Key("id", view.model.id, descending))


def _key(model: type[Any], name: str) -> Key:
    plain = name.removeprefix("-")
    found = field_for(model, plain)
    return Key(plain, getattr(model, found.name if found else plain), name.startswith("-"))


def turned(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """The order read from its end."""
    return tuple(key.turned() for key in keys)


def beyond(keys: tuple[Key, ...], values: tuple[Any, ...]) -> ColumnElement[bool]:
    """Rows that come after these values, none of which is empty."""
    told = [literal(value, key.attribute.type) for key, value in zip(keys, values, strict=True)]
    if len(keys) == 1:
        return keys[0].attribute < told[0] if keys[0].descending else keys[0].attribute > told[0]
    if len({key.descending for key in keys}) == 1:
        here, there = tuple_(*(key.attribute for key in keys)), tuple_(*told)
        return here < there if keys[0].descending else here > there
    ways = []
    for place, key in enumerate(keys):
        same = [k.attribute == v for k, v in zip(keys[:place], told, strict=False)]
        ways.append(and_(*same, key.attribute < told[place] if key.descending else key.attribute > told[place]))
    return or_(*ways)


def _stretches(keys: tuple[Key, ...], values: tuple[Any, ...] | None, empty_first: bool) -> list[list[Any]]:
    """The criteria of the stretches of a list, in their order: rows with a value, then rows without one.

    Each stretch is one range of an index; an OR over both would be none. Only the first key may be empty.
    """
    first = keys[0]
    if not first.column.nullable or first.name == "id":
        return [[beyond(keys, values)] if values else []]
    filled, empty = [first.attribute.is_not(None)], [first.attribute.is_(None)]
    if values is not None:
        if values[0] is None:
            empty.append(beyond(keys[1:], values[1:]))
            return [empty, filled] if empty_first else [empty]
        filled.append(beyond(keys, values))
        return [filled] if empty_first else [filled, empty]
    return [empty, filled] if empty_first else [filled, empty]


def page_ids(
    query: Select[Any], model: type[Any], keys: tuple[Key, ...], values: tuple[Any, ...] | None, *,
    backwards: bool, limit: int, offset: int, ways: list[Any],
) -> Select[Any]:  # fmt: skip
    """Ids of the rows of a page, in the order of the keys or from the end.

    ways: criteria of which each row fulfils exactly one (kernel/ways_in.py); each way is a range of an index of its own.
    """
    walked = turned(keys) if backwards else keys
    parts: list[Select[Any]] = []
    for place, stretch in enumerate(_stretches(walked, values, backwards)):
        for way in ways:
            part = query.with_only_columns(
                model.id, *(k.attribute for k in walked[:-1]), literal(place).label("stretch")
            )
            part = part.where(*stretch, *([] if way is None else [way])).order_by(None)
            parts.append(part.order_by(*(k.sorting() for k in walked)).limit(limit + offset))
    if len(parts) == 1:
        return parts[0].with_only_columns(model.id).limit(limit).offset(offset)
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    columns = [found.c.stretch, *(found.c[k.attribute.key] for k in walked)]
    sorting = [c.desc() if k.descending else c.asc() for k, c in zip(walked, columns[1:], strict=True)]
    return select(found.c.id).order_by(columns[0], *sorting).limit(limit).offset(offset)


def full_sorting(keys: tuple[Key, ...]) -> list[Any]:
    """The same order for the rows of one page: empty values last."""
    nullable = [key.attribute.is_(None) for key in keys[:1] if key.column.nullable and key.name != "id"]
    return [*nullable, *(key.sorting() for key in keys)]


def check_order(view: Any) -> None:
    """Raises TypeError for an order that cannot be walked (names only, and only its first column may be empty), or for a filter
    that would be read as a part of the address (asking.check_filters)."""
    check_filters(view)
    columns = inspect(view.model).columns
    for place, name in enumerate(view.order):
        if not isinstance(name, str):
            raise TypeError(f'{view.__name__}.order names columns: "day", "-day"')
        found = field_for(view.model, name.removeprefix("-"))
        column = columns[found.name if found else name.removeprefix("-")]
        if place and column.nullable:
            raise TypeError(f"{view.__name__}.order: {name} may be empty")
