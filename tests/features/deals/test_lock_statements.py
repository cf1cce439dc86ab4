"""One 销控 through its page costs at most fifteen statements, the sign-in and the search words among them (04 F5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.extensions import db
from tests.cast import Cast
from tests.features.deals.orders import customer
from tests.features.units.makers import house
from tests.matrix.test_statements import statements

MOST = 15


def moves() -> list[tuple[str, ...]]:
    """The log of steps, oldest first."""
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT subject, step, before, after FROM state_change ORDER BY id"))
        return [tuple(row) for row in rows]


@pytest.mark.both_databases
def test_a_lock_costs_fifteen_statements(app: Flask, cast: Cast, client_as: Callable[[str], FlaskClient]) -> None:
    units = [unit.id for unit in house(cast, "101", "102")]
    form = {"customer_id": customer(cast, "consultant1", "10000057100", "张三").id}
    client = client_as("consultant1")
    assert client.post(f"/lock/{units[0]}", data=form | {"_key": "a" * 32}).status_code == 302
    with statements(db.engine) as sent:
        answer = client.post(f"/lock/{units[1]}", data=form | {"_key": "b" * 32})
    assert answer.status_code == 302 and "/reservation/show/" in answer.headers["Location"]
    assert [line for line in moves() if line[0] == "reservation"][-1] == ("reservation", "lock", "draft", "locked")
    assert moves()[-1] == ("unit", "lock", "free", "lock")
    assert len(sent) <= MOST, "\n".join(f"{number} {line[:200]}" for number, line in enumerate(sent, 1))
