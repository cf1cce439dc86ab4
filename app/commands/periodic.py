"""The process beside the web workers that runs periodic jobs: expiry of locks and holds, escalation, sealing (kernel/jobs.py)."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import time
from pathlib import Path

from flask import Flask

from app.extensions import db
from app.kernel.jobs import run_due

log = logging.getLogger(__name__)
PAUSE = 2.0  # seconds between looks at the table; each job has its own period
LOCK_FILE = "periodic.lock"


def start_periodic(app: Flask) -> int:
    """Fork the process; it ends with its parent. Returns its pid. No database connection may be open."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        try:
            _loop(app, parent)
        except BaseException:
            log.exception("the process of periodic jobs ends")
            os._exit(1)
        os._exit(0)
    return pid


def _loop(app: Flask, parent: int) -> None:
    """One instance a data folder works; the others wait until it is gone."""
    with open(Path(app.config["DATA_DIR"]) / LOCK_FILE, "w") as lock:
        while os.getppid() == parent:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(PAUSE)
        while os.getppid() == parent:
            with app.app_context():
                run_due(db.session)
            time.sleep(PAUSE)
