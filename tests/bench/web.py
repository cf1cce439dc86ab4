"""A real server for HTTP, race and browser tests: gunicorn processes on a free loopback port.

They are forked from a process that has the app's modules imported already (tests/bench/preloaded.py).
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from multiprocessing.process import BaseProcess
from pathlib import Path

from flask import Flask

from config import ROOT

HOST = "127.0.0.1"
START_SECONDS = 180  # half a second alone, much longer on a busy machine
nursery = multiprocessing.get_context("forkserver")
nursery.set_forkserver_preload(["tests.bench.preloaded"])


def run_site(environ: dict[str, str], log: str, port: int, workers: int, before: str) -> None:
    """In the new process: the site as `./anchang serve` runs it, until it is ended."""
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(ROOT)
    into = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for given, wanted in ((nothing, 0), (into, 1), (into, 2)):
        os.dup2(given, wanted)

    from app import create_app
    from app.commands.web_server import run_server

    site = create_app()
    if before:
        module, function = before.split(":")
        getattr(importlib.import_module(module), function)()
    run_server(site, HOST, port, workers)


class Server:
    """url: address without a trailing slash; pid: the master's; log: what gunicorn and the app wrote.

    before: «module:function» that the server calls before it serves (tests/stress patches a guard out with it).
    """

    def __init__(self, environ: dict[str, str], folder: Path, workers: int, before: str) -> None:
        self.environ = environ
        self.before = before
        self.log = folder / "server.log"
        self.workers = workers
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.health = "not asked yet"
        self.process: BaseProcess | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None and self.process.pid is not None, "the server does not run"
        return self.process.pid

    def start(self) -> None:
        """Starts and waits until /healthz answers 200. Raises AssertionError with the log otherwise."""
        given = (self.environ, str(self.log), self.port, self.workers, self.before)
        self.process = nursery.Process(target=run_site, args=given)
        self.process.start()
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.is_alive():
            if self._healthy() and len(self.worker_pids()) == self.workers:
                return
            time.sleep(0.05)
        state = f"exit code {self.process.exitcode}, /healthz: {self.health}"
        self.stop()
        raise AssertionError(f"the server did not start ({state}):\n{self.log.read_text('utf-8')}")

    def worker_pids(self) -> list[int]:
        """Process ids of the workers that live now."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii")
        return [int(pid) for pid in children.split()]

    def kill_worker(self) -> int:
        """kill -9 of one worker; gunicorn replaces it. Returns its pid."""
        victim = self.worker_pids()[0]
        os.kill(victim, signal.SIGKILL)
        return victim

    def stop(self) -> None:
        """Ends master and workers at once (nothing of a test is worth a graceful end); nothing is left running."""
        if self.process is None:
            return
        if self.process.is_alive():
            os.kill(self.pid, signal.SIGSTOP)  # it makes no new worker meanwhile
            for pid in [*self.worker_pids(), self.pid]:
                os.kill(pid, signal.SIGKILL)
        self.process.join()
        self.process.close()
        self.process = None

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=30) as answer:
                self.health = str(answer.status)
        except urllib.error.HTTPError as refusal:
            with refusal:
                self.health = f"{refusal.code} {refusal.read().decode()}"
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            self.health = str(error)
        return self.health == "200"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def start_server(app: Flask, folder: Path, workers: int = 2, before: str = "") -> Server:
    """A server on the database that the app stands on now, with the secrets of the bench."""
    from app.extensions import db

    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    environ = {
        **os.environ,
        "ANCHANG_DATA": app.config["DATA_DIR"],
        "ANCHANG_DATABASE_URL": url,
        "ANCHANG_SECRET_KEY": app.config["SECRET_KEY"],
        "ANCHANG_INDEX_KEY": app.config["INDEX_KEY"],
        "ANCHANG_FIELD_KEYS": ",".join(app.config["FIELD_KEYS"]),
    }
    server = Server(environ, folder, workers, before)
    server.start()
    return server
