"""GET /healthz: is the site able to work? For the reverse proxy and the watcher, without login (S14)."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.schema_line import standing

health = Blueprint("health", __name__)
log = logging.getLogger(__name__)


def migrations_current() -> bool:
    """True when the database stands at the newest migration of this code. Raises SQLAlchemyError without a database."""
    with db.engine.connect() as connection:
        return standing(connection, current_app.config["MIGRATIONS"]) == "current"


def report() -> dict[str, str]:
    """The failing part is named, its reason goes to the log only: an answer never shows SQL or versions."""
    try:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
    except SQLAlchemyError:
        log.exception("health: the database does not answer")
        return {"status": "failed", "database": "failed", "migrations": "unknown"}
    if not migrations_current():
        return {"status": "failed", "database": "ok", "migrations": "pending"}
    return {"status": "ok", "database": "ok", "migrations": "current"}


@health.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 and all parts well, or 503 and the failing part."""
    found = report()
    return jsonify(found), 200 if found["status"] == "ok" else 503
