"""Rows of the time before 0070: changes of payment under way learn their old 付款方式; the way back loses no 补差单."""

from __future__ import annotations

import pytest
from alembic import command
from flask import Flask

from app.commands.schema_versions import alembic_config
from tests.bench.databases import Databases
from tests.migrations.old_rows import Writer, empty_database, rows, upgrade_to

pytestmark = pytest.mark.timeout(300)
STATES = ("draft", "review", "approved", "executed", "refused", "void")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_there_and_back(app: Flask, databases: Databases, dialect: str) -> None:
    with app.app_context(), empty_database(app, databases, dialect) as engine:
        upgrade_to("0069_search_ages")
        writer = Writer(engine)
        writer.put("unit", building_area=12800, inner_area=10100)
        scheme = writer.put("payment_scheme", name="按揭")
        changes = {}
        for state in STATES:
            order = writer.put("reservation", scheme_id=scheme, state="closed")
            changes[state] = writer.put("change_request", kind="payment", state=state, reservation_id=order)
        order = writer.put("reservation", scheme_id=scheme, state="closed")
        changes["other"] = writer.put("change_request", kind="exchange", state="draft", reservation_id=order)

        upgrade_to("head")
        known = dict(rows(engine, "SELECT id, old_scheme_id FROM change_request"))
        assert {name for name, key in changes.items() if known[key] == scheme} == {"draft", "review", "approved"}
        assert {known[key] for name, key in changes.items() if name not in STATES[:3]} == {None}

        writer = Writer(engine)
        store = writer.put("unit", building_area=600, inner_area=600, room="B1-1", full_name="B1-1")
        for flat in (1, store):
            writer.put("area_settlement", reservation_id=order, unit_id=flat, state="booked")
        command.downgrade(alembic_config(), "0069_search_ages")
        assert rows(engine, "SELECT count(*) FROM area_settlement") == [(2,)]
