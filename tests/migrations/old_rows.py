"""A database of an earlier program: made by the first migrations, filled with rows as that program wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy import Engine, create_engine

from app.commands.schema_versions import alembic_config
from app.kernel.transactions import wire
from tests.bench.databases import Databases

THEN = datetime(2026, 3, 2, 10)
FILLED: dict[type, Any] = {
    int: 0,
    str: "",
    bool: False,
    datetime: THEN,
    date: THEN.date(),
    bytes: b"",
    object: {},
}  # object: JSON


@contextmanager
def empty_database(app: Flask, databases: Databases, dialect: str) -> Iterator[Engine]:
    """The app on a database without any table."""
    engines = databases._engines()
    before = engines[None]
    if dialect == "sqlite":
        path = databases.folder / "old.db"
        path.unlink(missing_ok=True)
        engine = create_engine(f"sqlite:///{path}")
        wire(engine)
    else:
        engine = databases._postgres(app).create("old_rows", "template1")
    engines[None] = engine
    try:
        yield engine
    finally:
        engines[None] = before
        engine.dispose()
        if dialect != "sqlite":
            databases._postgres(app).drop(engine)


def upgrade_to(revision: str) -> None:
    """As `./anchang migrate` does, up to one revision."""
    command.upgrade(alembic_config(), revision)


class Writer:
    """Writes rows into the tables as they are now; what a row does not say is filled with something that may stand there."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.metadata = engine, sa.MetaData()

    def put(self, name: str, /, **values: Any) -> int:
        """One row; missing parents are made. Returns its id."""
        table = sa.Table(name, self.metadata, autoload_with=self.engine)
        for column in table.columns:
            if column.name in values or column.name == "id" or column.nullable:
                continue
            parent = next(iter(column.foreign_keys), None)
            values[column.name] = self._parent(parent.column.table.name) if parent else FILLED[column.type.python_type]
        with self.engine.begin() as connection:
            return int(connection.execute(sa.insert(table).values(**values)).inserted_primary_key[0])

    def _parent(self, name: str) -> int:
        table = sa.Table(name, self.metadata, autoload_with=self.engine)
        with self.engine.connect() as connection:
            found = connection.scalar(sa.select(sa.func.min(table.c.id)))
        return int(found) if found is not None else self.put(name)


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """What stands in the database now."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]
