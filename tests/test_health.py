"""/healthz tells which part fails, and nothing else (04 S14)."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from app import health
from app.extensions import db


@pytest.mark.both_databases
def test_a_well_site_needs_no_login(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "migrations": "current"}


def test_a_dead_database_is_503_without_details(app, client):
    with app.app_context():
        alive = db.engines[None]
        db.engines[None] = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2")
    try:
        answer = client.get("/healthz")
    finally:
        with app.app_context():
            db.engines[None] = alive
    assert answer.status_code == 503
    assert answer.json == {"status": "failed", "database": "failed", "migrations": "unknown"}


@pytest.mark.both_databases
def test_a_database_behind_or_ahead_of_the_code_is_503(client, session):
    connection = session.connection()
    connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('from-the-future')")
    session.commit()
    assert not health.migrations_current()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json == {"status": "failed", "database": "ok", "migrations": "pending"}
