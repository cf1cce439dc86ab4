"""The queue that hands task numbers to the worker: huey on a file of the data folder, or on Redis when the site has one.

huey brings the drivers of all its stores along: it is imported with the first task, not with the start of the site (04 F10).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from huey import Huey
    from huey.consumer import Consumer

NAME, FILE = "anchang", "queue.db"


class Queue:
    """One site's queue. A connection never passes to a forked process: each process has its own."""

    def __init__(self, app: Flask, run: Callable[[int], object]) -> None:
        self.app, self._run = app, run
        self._owner, self._huey, self._call = 0, None, None

    def put(self, task_id: int) -> None:
        """Tell the worker of a task; telling it twice does no harm."""
        self._open()
        self._call(task_id)  # type: ignore[misc]  # set by _open

    def consumer(self) -> Consumer:
        """What takes task numbers in the worker's process: one thread, so that exports never starve the site."""
        found: Consumer = self._open().create_consumer(
            workers=1, worker_type="thread", periodic=False, initial_delay=0.2, max_delay=1.0
        )
        return found

    def _open(self) -> Huey:
        if self._huey is None or self._owner != os.getpid():
            from huey import RedisHuey, SqliteHuey

            url, data = self.app.config["REDIS_URL"], Path(self.app.config["DATA_DIR"])
            common: dict[str, Any] = {"results": False, "utc": False}
            huey = RedisHuey(NAME, url=url, **common) if url else SqliteHuey(NAME, filename=str(data / FILE), **common)
            self._call = huey.task(name="run_task")(self._run_in_app)
            self._huey, self._owner = huey, os.getpid()
        return self._huey

    def _run_in_app(self, task_id: int) -> None:
        with self.app.app_context():
            self._run(task_id)
