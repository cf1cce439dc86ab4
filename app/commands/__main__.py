"""python -m app.commands NAME: every command, every refusal one Chinese sentence and a non-zero exit."""

from __future__ import annotations

import logging
import os
import sys

import click

from app.commands.bench import bench
from app.commands.check import check
from app.commands.create_admin import create_admin
from app.commands.demo import demo
from app.commands.doctor import doctor
from app.commands.import_units import import_units
from app.commands.migrate import migrate
from app.commands.migrate_message import migrate_message
from app.commands.new_keys import new_keys
from app.commands.reset_password import reset_password
from app.commands.run_tests import test
from app.commands.serve import serve
from app.commands.sync_security import sync_security_command
from app.commands.translations import translations
from app.commands.worker import worker
from app.kernel.errors import RuleError

COMMANDS = (
    demo,
    test,
    serve,
    worker,
    check,
    migrate,
    migrate_message,
    sync_security_command,
    new_keys,
    create_admin,
    reset_password,
    doctor,
    bench,
    translations,
    import_units,
)


@click.group(help="案场管家", commands=list(COMMANDS))
def anchang() -> None:
    """The group that ./anchang calls."""


def _not_about_our_command(record: logging.LogRecord) -> bool:
    """The framework asks for its own command on an empty database; ours makes the accounts."""
    return "use flask fab command" not in record.getMessage()


def main() -> int:
    """Runs one command; files made by it are the owner's only."""
    os.umask(0o077)
    logging.getLogger("flask_appbuilder.security.manager").addFilter(_not_about_our_command)
    try:
        anchang(prog_name="./anchang")
    except RuleError as refusal:
        click.echo(f"错误：{refusal}", err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
