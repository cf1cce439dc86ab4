"""./anchang migrate: brings the database to the newest schema; nothing happens when it already is."""

from __future__ import annotations

import click

from app.commands.console import say, site
from app.commands.standing import OTHER_PROGRAM, OtherProgram, standing, stands_at
from app.extensions import db
from app.kernel import audit, schema
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write


def upgrade_database() -> bool:
    """Runs pending migrations, notes it on the trail, and re-creates triggers and search tables. Returns whether anything was pending.

    Needs an app context. Raises OtherProgram for a database that this code does not know, RuleError when references are
    broken afterwards (migrations/env.py).
    """
    stands = standing()
    if stands == "unknown":
        raise OtherProgram(OTHER_PROGRAM)
    pending = stands == "pending"
    if pending:
        from app.commands.schema_versions import upgrade  # alembic: 0.15 seconds and ten megabytes of every start

        before = stands_at()
        upgrade()
        schema.install(db.engine)
        with acting_as(SYSTEM):
            write(db.session, lambda: db.session.add(audit.entry("migrated", before=before, after=stands_at())))
    return pending


@click.command("migrate")
def migrate() -> None:
    """升级数据库结构。"""
    with site():
        if upgrade_database():
            say("数据库结构已升级。")
        else:
            schema.install(db.engine)  # also the way to bring back a lost trigger
            say("数据库结构已是最新。")
