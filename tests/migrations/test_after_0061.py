"""Rows of the time before 0062: refused loans get a day, late homes keep their sums, and the index of PostgreSQL its ages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.kernel import schema
from tests.bench.databases import Databases
from tests.migrations.old_rows import Writer, empty_database, rows, upgrade_to

pytestmark = pytest.mark.timeout(300)
OLD_INDEX = (
    "ALTER TABLE search_entry ADD COLUMN terms tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_rows_of_before_are_there_and_complete(app: Flask, databases: Databases, dialect: str) -> None:
    with app.app_context(), empty_database(app, databases, dialect) as engine:
        upgrade_to("0061_chips")
        writer = Writer(engine)
        writer.put("unit", building_area=12800, inner_area=10100)  # whose areas may not be nothing
        refused = writer.put("mortgage", amount=77000000, state="refused", step_since=date(2026, 3, 5))
        granted = writer.put("mortgage", amount=77000000, state="granted", step_since=date(2026, 4, 6))
        home = writer.put("late_home", amount=120000, days=20, from_on=date(2026, 1, 1), until_on=date(2026, 1, 21))
        writer.put("search_entry", subject="team", subject_id=7, words="zzt0team zzp1 zzo0 紫 藤 组")
        if dialect == "postgresql":
            with engine.begin() as connection:
                connection.execute(sa.text(OLD_INDEX))

        upgrade_to("head")
        schema.install(engine)

        days = dict(rows(engine, "SELECT id, refused_on FROM mortgage"))
        assert str(days[refused]) == "2026-03-05" and days[granted] is None
        (late,) = rows(engine, f"SELECT amount, days, parts FROM late_home WHERE id = {home}")
        assert (int(late[0]), late[1], _empty(late[2])) == (120000, 20, True)
        if dialect == "postgresql":
            assert "terms" not in {column["name"] for column in sa.inspect(engine).get_columns("search_entry")}
            found = "SELECT subject_id FROM search_entry WHERE lexemes @@ CAST('''紫'' <-> ''藤'' & zze0' AS tsquery)"
            assert rows(engine, found) == [(7,)]


def _empty(parts: Any) -> bool:
    return parts in ("[]", [])
