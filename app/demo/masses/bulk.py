"""Plain rows into a table as fast as each database takes them: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

SQLITE_INDEXES = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql LIKE 'CREATE INDEX%'"
)
POSTGRES_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table AND schemaname = current_schema() "
    "AND indexdef LIKE 'CREATE INDEX%'"
)


def write_rows(connection: Connection, table: Table, names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows of these columns inside the open transaction; values pass the column types (money, encryption, choices)."""
    columns = [table.c[name] for name in names]
    doors = [c.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for c in columns]
    ready = (tuple(v if d is None else d(v) for d, v in zip(doors, row, strict=True)) for row in rows)
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        raw.executemany(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})", ready)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as out:
        for row in ready:
            out.write_row(row)


def last_id(connection: Connection, table: Table) -> int:
    """The highest id that was given, 0 in an empty table."""
    return connection.scalar(select(func.max(table.c.id))) or 0


def ids_given(connection: Connection, table: Table) -> None:
    """PostgreSQL: its sequence goes on after the ids that were written by hand (SQLite sees them itself)."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")
        )


def drop_indexes(connection: Connection, tables: list[Table]) -> list[str]:
    """Take the plain indexes away and give back the statements that make them: building one afterwards is many times faster."""
    asked = text(SQLITE_INDEXES if connection.dialect.name == "sqlite" else POSTGRES_INDEXES)
    found = [tuple(row) for table in tables for row in connection.execute(asked, {"table": table.name})]
    for name, _statement in found:
        connection.execute(text(f"DROP INDEX {name}"))
    return [statement for _name, statement in found]
