"""Every moment that stands in a database: what nobody can have done yet is found here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

AHEAD = {
    "expires_at",
    "planned_at",
    "expected_at",
    "appointment_at",
}  # and deadlines: they may lie ahead by their nature


def rows_ahead(session: Any, moment: datetime) -> dict[str, datetime]:
    """{«table.column»: its latest moment} of everything that says when something was done, as far as it lies after `moment`."""
    found: dict[str, datetime] = {}
    metadata, connection = sa.MetaData(), session.connection()
    metadata.reflect(connection)
    for table in metadata.tables.values():
        for column in table.columns:
            done = column.name == "at" or (column.name.endswith("_at") and not column.name.endswith("due_at"))
            if not done or column.name in AHEAD or not isinstance(column.type, sa.DateTime):
                continue
            latest = connection.execute(sa.select(sa.func.max(column))).scalar()
            if latest is not None and latest > moment:
                found[f"{table.name}.{column.name}"] = latest
    return found
