"""How migrations run: online only, one transaction each, the framework's tables included (03 §3.3.12)."""

from __future__ import annotations

from logging.config import fileConfig

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

from app.extensions import db
from app.kernel.errors import RuleError

SEARCH_PREFIX = "search_"  # full-text tables are made and repaired by the kernel, never by autogenerate


if context.config.config_file_name:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)


def is_ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None) -> bool:
    """False for full-text tables that the models do not know."""
    return not (kind == "table" and reflected and compare_to is None and str(name).startswith(SEARCH_PREFIX))


def plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Our column types are written as what the database sees, so that old migrations never need the code of today."""
    if kind == "type" and isinstance(item, TypeDecorator) and type(item).__module__.startswith("app."):
        return f"sa.{item.impl_instance!r}"
    return False


def drop_empty_revision(_context: object, _revision: object, directives: list) -> None:
    """A message without a change makes no file; a check, which has no message, looks at what was found itself."""
    if directives[0].message is not None and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run(connection: Connection) -> None:
    """Runs what is asked for on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=db.metadatas[None],
        include_object=is_ours,
        render_item=plain_type,
        process_revision_directives=drop_empty_revision,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on_sqlite(connection: Connection) -> None:
    """A batch ALTER copies the table: with foreign keys on, the drop of the old one would delete child rows."""
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")  # before the first BEGIN: inside a transaction it is ignored
    try:
        run(connection)
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
    if broken:
        tables = sorted({row[0] for row in broken})
        raise RuleError("数据库升级后有断开的引用，请从备份恢复：{tables}。", tables="、".join(tables))


if context.is_offline_mode():
    raise RuleError("不支持离线升级，请连接数据库后再运行。")
with db.engine.connect().execution_options(write=True) as live:
    if live.dialect.name == "sqlite":
        run_on_sqlite(live)
    else:
        live.exec_driver_sql("SET statement_timeout = 0")
        live.commit()
        run(live)
