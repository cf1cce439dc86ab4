"""The demo as `./anchang demo` prepares it, once for all who look at it: its load costs a minute.

It is loaded at DEMO_AT, whatever the hour: the same world in every run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from config import ROOT
from tests.bench.commands import LONGEST, Done, run_command
from tests.bench.quick import quick_folder

DEMO_AT = datetime(
    2026, 12, 1, 7, 30
)  # the site is not open yet, the month has just begun: nothing may lie ahead even then
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "instance", "__pycache__", ".*_cache", "shared", "node_modules")


class Copy:
    """A copy of the source with a clean environment, in which a command may write where it likes.

    run() forks (seconds less a command) and works on the data folder it is given, else on one of the copy;
    run_here() is the real program in the copy, for what writes into the source.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ANCHANG_")}
        self.environ = {**kept, "PYTHONPYCACHEPREFIX": str(folder.parent / "pycache")}  # goes with the copy

    def run(self, *arguments: str, at: datetime | None = None, **extra: str) -> Done:
        environ = {**self.environ, "ANCHANG_DATA": str(self.folder / "instance"), **extra}
        return run_command(self.folder.parent, environ, *arguments, at=at)

    def run_here(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app.commands", *arguments],
            cwd=self.folder,
            env={**self.environ, "PYTHONPATH": str(self.folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )


@pytest.fixture(scope="session")
def copy() -> Iterator[Copy]:
    with quick_folder("copy") as place:
        folder = place / "anchang"
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
        yield Copy(folder)


@pytest.fixture(scope="session")
def demo_data(copy: Copy) -> Path:
    """A prepared demo's data folder; who changes it takes a copy."""
    data = copy.folder.parent / "demo"
    done = copy.run("demo", "--no-serve", "--data", str(data), at=DEMO_AT)
    assert done.returncode == 0, done.stderr
    assert "装入演示数据" in done.stdout
    assert "supervisor" in done.stdout
    return data
