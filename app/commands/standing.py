"""Whether the program knows the current app's database: asked at every start, and without alembic (04 F10). Needs an app context."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import inspect

from app import schema_line
from app.extensions import db
from app.kernel.errors import RuleError

OTHER_PROGRAM = (
    "数据库来自另一个版本的程序，本程序不认识，为免损坏没有动它。请换用原来的（或更新的）程序，或从备份恢复。"
)


class OtherProgram(RuleError):
    """The database was made by a program that this one does not know."""


def standing() -> schema_line.Standing:
    """Where the database stands: at the newest migration, before it, or at one of another program (newer or foreign).

    «current» is believed only when the tables are there: the same mark with other tables is another program, too.
    """
    with db.engine.connect() as connection:
        stands = schema_line.standing(connection, current_app.config["MIGRATIONS"])
    return "unknown" if stands == "current" and missing_columns() else stands


def stands_at() -> str:
    """The revision at which the database stands; empty before the first."""
    with db.engine.connect() as connection:
        return ", ".join(sorted(schema_line.marks(connection)))


def missing_columns() -> list[str]:
    """«table.column» of the models that the database does not have."""
    there = inspect(db.engine).get_multi_columns()
    known = {name: {column["name"] for column in columns} for (_schema, name), columns in there.items()}
    tables = db.metadatas[None].tables.values()
    return [f"{t.name}.{c.name}" for t in tables for c in t.columns if c.name not in known.get(t.name, ())]
