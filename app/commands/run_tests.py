"""./anchang test: the whole suite; with pytest arguments, the part that they name."""

from __future__ import annotations

import os
import sys

import click

from config import ROOT

WHOLE_SUITE = ("-n", "2", "--dist", "loadfile")


@click.command("test", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """运行测试（SQLite 与 PostgreSQL）。"""
    os.chdir(ROOT)
    command = [sys.executable, "-m", "pytest", *(arguments or WHOLE_SUITE)]
    os.execv(command[0], command)  # noqa: S606  (fixed program, no shell)
