"""Where a database stands in the history of the schema, told without alembic: only a change of the schema needs it (04 F10)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, inspect, text

Standing = Literal["current", "pending", "unknown"]
_REVISION = re.compile(r"""^revision(?:: str)? = ["'](\S+)["']""", re.MULTILINE)


def revisions(migrations: Path) -> list[str]:
    """Names of all revisions of a folder, oldest first: the history is one line in the order of its file names
    (tests/migrations/test_line.py)."""
    files = sorted((migrations / "versions").glob("[0-9]*.py"))
    return [name for file in files for name in _REVISION.findall(file.read_text(encoding="utf-8"))[:1]]


def standing(connection: Connection, migrations: Path) -> Standing:
    """By its mark alone: at the newest revision, before it (also an empty database), or at one that nobody here knows."""
    known, found = revisions(migrations), marks(connection)
    if not found <= set(known):
        return "unknown"
    return "current" if found == {known[-1]} else "pending"


def marks(connection: Connection) -> set[str]:
    """What the database says of itself; nothing before its first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
