"""Many rows into a table inside the open transaction, in one statement that the driver repeats; their ids are taken beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, text


def next_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """So many ids that nobody else is given. SQLite has one writer at a time, which is us; PostgreSQL asks its sequence."""
    if connection.dialect.name == "sqlite":
        last = (
            connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name}) or 0
        )
        return range(last + 1, last + count + 1)
    asked = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
    return list(connection.scalars(asked, {"table": table.name, "count": count}))


def write_rows(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Insert rows of these columns; `same` are columns with one value for all. Values pass the column types (money, choices, JSON)."""
    given = same or {}
    doors = {name: _door(connection, table, name) for name in (*names, *given)}
    ends = tuple(value if doors[name] is None else doors[name](value) for name, value in given.items())
    moving = [(place, doors[name]) for place, name in enumerate(names) if doors[name] is not None]
    ready = []
    for row in rows:
        values = list(row)
        for place, door in moving:
            values[place] = door(values[place])
        ready.append((*values, *ends))
    if not ready:
        return
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    columns = ", ".join(connection.dialect.identifier_preparer.quote(table.c[name].name) for name in (*names, *given))
    marks = ", ".join([mark] * (len(names) + len(given)))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", ready)


def _door(connection: Connection, table: Table, name: str) -> Any:
    return table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
