"""A command of ./anchang as a person runs it: a process and an environment of its own, forked with the app imported already."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.bench.web import nursery

LONGEST = 3000  # seconds: the demo world took eleven minutes beside fourteen other processes


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def in_process(
    arguments: tuple[str, ...], environ: dict[str, str], said: str, complained: str, at: datetime | None
) -> None:
    """In the new process: `python -m app.commands arguments`, at another moment when told."""
    os.environ.clear()
    os.environ.update(environ)
    for path, stream in ((said, 1), (complained, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
    from app.commands.__main__ import main
    from app.demo.world import travel

    sys.argv = ["./anchang", *arguments]
    with travel(at) if at else nullcontext():
        sys.exit(main())


def run_command(folder: Path, environ: dict[str, str], *arguments: str, at: datetime | None = None) -> Done:
    """Runs it to its end, at a moment when told; what it says passes through files in the folder. Fails the test when it takes LONGEST."""
    said, complained = folder / "stdout", folder / "stderr"
    process = nursery.Process(target=in_process, args=(arguments, environ, str(said), str(complained), at))
    process.start()
    process.join(LONGEST)
    if process.is_alive():
        process.kill()
        process.join()
        raise AssertionError(f"{arguments} took more than {LONGEST} s: {complained.read_text('utf-8')}")
    code = process.exitcode
    process.close()
    assert code is not None
    return Done(code, said.read_text("utf-8"), complained.read_text("utf-8"))
