"""One outermost write = one transaction; reads never queue behind writers (04 §2.1, 03 §3.3.10)."""

from __future__ import annotations

import fcntl
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.compiler import InsertmanyvaluesSentinelOpts

from app.kernel.errors import RuleError, StaleError

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "busy_timeout=15000",
    "trusted_schema=OFF",
    "cache_size=-32000",  # 32 MB a process; with the 2 MB of old a search at a million customers reads the same pages again and again
)
RETRY_CODES = {"40001", "40P01", "55P03"}
Result = TypeVar("Result")
AnySession = Session | scoped_session[Session]


def wire(engine: Engine) -> None:
    """Set an engine up once: SQLite pragmas and BEGIN of our own; PostgreSQL time limits."""
    if engine.dialect.name == "sqlite":
        # SQLite fills the rows of one VALUES clause in their order and AUTOINCREMENT only grows: sorted by id the new keys are
        # those of the rows. Without it every new record would be a statement of its own (tests/kernel/test_many_rows.py).
        engine.dialect.insertmanyvalues_implicit_sentinel = InsertmanyvaluesSentinelOpts.AUTOINCREMENT

        @event.listens_for(engine, "connect")
        def _pragmas(dbapi: Any, _record: Any) -> None:
            dbapi.isolation_level = None  # pysqlite sends no BEGIN of its own
            for pragma in PRAGMAS:
                dbapi.execute("PRAGMA " + pragma)

        @event.listens_for(engine, "begin")
        def _begin(conn: Any) -> None:
            conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("write") else "BEGIN")

    if engine.dialect.name == "postgresql":

        @event.listens_for(engine, "connect")
        def _limits(dbapi: Any, _record: Any) -> None:
            with dbapi.cursor() as cursor:
                cursor.execute("SET statement_timeout='30s'; SET idle_in_transaction_session_timeout='60s'")
            dbapi.commit()


class Gate:
    """SQLite only: a fair queue before BEGIN IMMEDIATE; the operating system opens it when a process dies."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __enter__(self) -> Gate:
        self.file = open(self.path, "w")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _gate(session: AnySession) -> Any:
    engine = session.get_bind()
    database = engine.engine.url.database
    if engine.dialect.name == "sqlite" and database and database != ":memory:":
        return Gate(database + ".gate")
    return nullcontext()


def in_write(session: AnySession) -> bool:
    """Whether a write transaction is open on this session."""
    return bool(session.info.get("write"))


@contextmanager
def write_tx(session: AnySession) -> Iterator[AnySession]:
    """The one write transaction: fresh snapshot, commit at the end, roll back on any error. Opening a second one raises."""
    if in_write(session):
        raise RuntimeError("a write transaction is open already: join it (write) instead of nesting")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("pending changes before write_tx")
    session.rollback()  # drop the old snapshot and every cached row
    with _gate(session):
        session.info["write"] = True
        try:
            connection = session.connection(execution_options={"write": True})
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout='3s'"))
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("write", None)


def _retryable(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlstate", None)
    return code in RETRY_CODES or (isinstance(error, OperationalError) and "locked" in str(error.orig))


def write(session: AnySession, work: Callable[[], Result], attempts: int = 5) -> Result:
    """Run work in a write transaction: joins an open one, else opens it and repeats it whole on a deadlock or time-out.

    Raises RuleError «系统繁忙» when it stays busy, StaleError when a row was changed in between.
    """
    if in_write(session):
        return work()
    for attempt in range(attempts):
        try:
            with write_tx(session):
                return work()
        except IntegrityError as error:
            from app.kernel.constraints import explain  # the sentences need the tables, which need this module's users

            raise explain(error) from error
        except StaleDataError as error:
            raise StaleError("记录刚被别人修改过，请按最新内容再操作一次") from error
        except DBAPIError as error:
            if not _retryable(error):
                raise
            time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))  # noqa: S311 - jitter, no secret
    raise RuleError("系统繁忙，请稍候再试")
