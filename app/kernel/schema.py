"""What the database holds beside plain tables: triggers that keep append-only tables append-only, ids never used twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, Engine, MetaData, text

# table → the Chinese sentence of the refusal; a feature adds its own with append_only()
APPEND_ONLY: dict[str, str] = {
    "audit_entry": "审计记录只能追加，不能修改或删除",
    "audit_block": "审计区块只能追加，不能修改或删除",
    "state_change": "状态变更记录只能追加，不能修改或删除",
}
LOOKED_AT = 1000  # entries of each index that SQLite looks at: enough to tell good indexes from bad, whatever the size

_further: list[Callable[[str], Iterable[str]]] = []


def also(statements: Callable[[str], Iterable[str]]) -> None:
    """Declare further DDL beside plain tables: (dialect name) → statements, each safe to run again."""
    _further.append(statements)


def append_only(table: str, sentence: str) -> None:
    """Declare a table append-only: UPDATE, DELETE, TRUNCATE, OR REPLACE are refused by the database itself (04 §2.1, §2.2)."""
    APPEND_ONLY[table] = sentence


def finish_tables(metadata: MetaData) -> None:
    """SQLite: AUTOINCREMENT on every table with an integer key, FAB's too: a deleted id is never given again."""
    for table in metadata.tables.values():
        keys = list(table.primary_key.columns)
        if (
            len(keys) == 1
            and keys[0].autoincrement in (True, "auto")
            and keys[0].type.python_type is int
            and not keys[0].foreign_keys
        ):
            table.dialect_options["sqlite"]["autoincrement"] = True


def trigger_statements(dialect: str) -> Iterable[str]:
    """The DDL of all triggers, each safe to run again."""
    for table, sentence in APPEND_ONLY.items():
        if dialect == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                name = f"tr_{table}_{verb.lower()}"
                yield f"DROP TRIGGER IF EXISTS {name}"
                yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        else:
            yield (
                f"CREATE OR REPLACE FUNCTION refuse_{table}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
            )
            for name, when, level in (
                (f"tr_{table}_row", "UPDATE OR DELETE", "ROW"),
                (f"tr_{table}_all", "TRUNCATE", "STATEMENT"),
            ):
                yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
                yield f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {level} EXECUTE FUNCTION refuse_{table}()"


def install(bind: Engine | Connection) -> None:
    """Create or re-create every trigger; run after each migration (SQLite's table copies drop them)."""
    if isinstance(bind, Engine):
        with bind.begin() as connection:
            install(connection)
        return
    for statement in trigger_statements(bind.dialect.name):
        bind.execute(text(statement))
    for further in _further:
        for statement in further(bind.dialect.name):
            bind.execute(text(statement))
    refresh_statistics(bind)


def refresh_statistics(connection: Connection) -> None:
    """SQLite: tell its planner how the rows lie, inside the open write transaction. PostgreSQL does so by itself.

    Without it SQLite takes every index for equally good and reads all rows of a project to find twenty. Other connections
    learn of it when they are opened anew (SQLALCHEMY_ENGINE_OPTIONS, pool_recycle).
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit={LOOKED_AT}")
        connection.exec_driver_sql("ANALYZE")


def missing_triggers(connection: Connection) -> list[str]:
    """Names of triggers that should exist and do not (for `doctor`)."""
    if connection.dialect.name == "sqlite":
        found = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        wanted = {f"tr_{t}_{v}" for t in APPEND_ONLY for v in ("update", "delete")}
    else:
        found = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
        wanted = {f"tr_{t}_{v}" for t in APPEND_ONLY for v in ("row", "all")}
    return sorted(wanted - found)
