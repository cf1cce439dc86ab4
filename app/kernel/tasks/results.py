"""Files of tasks: what they read, how far they are, what they made — one folder beside the database, nobody's but the site's."""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flask import current_app

from app.kernel.errors import NotFound

KEPT_DAYS = 7
_NAME = re.compile(r"[0-9a-f]{32}")


def folder() -> Path:
    """The folder of this site; made when it is missing."""
    path = Path(current_app.config["DATA_DIR"]) / "tasks"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


@contextmanager
def new_file() -> Iterator[tuple[IO[bytes], list[str]]]:
    """A file to write; after the block its name stands in the list. An error leaves nothing behind."""
    handle, part = tempfile.mkstemp(prefix=".new-", dir=folder())
    name, kept = secrets.token_hex(16), list[str]()
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file, kept
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, folder() / name)
        kept.append(name)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def path_of(name: str) -> Path:
    """Where a kept file lies. Raises NotFound for any other name, and when its days are over."""
    path = folder() / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("task file")
    return path


def note_progress(task_id: int, done: int, total: int) -> None:
    """How far a running task is: a file and no row, because an import holds the only write transaction meanwhile."""
    target = folder() / f"{task_id}.progress"
    part = target.with_suffix(".part")
    part.write_text(json.dumps([done, total]), "ascii")
    part.replace(target)


def progress_of(task_id: int) -> tuple[int, int]:
    """(done, total) of a running task; zeros while it has not told."""
    try:
        done, total = json.loads((folder() / f"{task_id}.progress").read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return 0, 0
    return int(done), int(total)


def drop_progress(task_id: int) -> None:
    """The row tells now."""
    (folder() / f"{task_id}.progress").unlink(missing_ok=True)


def drop_old(moment: float | None = None) -> int:
    """Delete what is older than seven days; returns how many files."""
    limit = (time.time() if moment is None else moment) - KEPT_DAYS * 86400
    old = [path for path in folder().iterdir() if path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
