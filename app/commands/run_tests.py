"""./anchang test: the suite without its thorough part; --all and CI run everything; with pytest arguments, the part that they name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from config import ROOT

WHOLE_SUITE = ("-n", "2", "--dist", "loadfile")
PLAIN = "--plain"  # leaves what is marked thorough, counts it and says so (tests/bench/tiers.py)


def chosen(arguments: tuple[str, ...], *, required: bool) -> tuple[str, ...]:
    """What pytest is asked for. required: CI, where nothing may be left."""
    if "--all" in arguments:
        return (*WHOLE_SUITE, *(one for one in arguments if one != "--all"))
    return arguments or (WHOLE_SUITE if required else (*WHOLE_SUITE, PLAIN))


def environment() -> dict[str, str]:
    """Of the run: what Python compiles of 1,700 files is kept in the environment's folder, where it spares every process of the
    next run ten seconds, also where nothing may be written beside the sources (PYTHONDONTWRITEBYTECODE)."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(sys.prefix) / "pycache")}


@click.command("test", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """运行测试（SQLite 与 PostgreSQL）；--all 连同全面测试。"""
    os.chdir(ROOT)
    required = os.environ.get("CI", "").lower() in ("1", "true")
    command = [sys.executable, "-m", "pytest", *chosen(arguments, required=required)]
    os.execve(command[0], command, environment())  # noqa: S606  (fixed program, no shell)
