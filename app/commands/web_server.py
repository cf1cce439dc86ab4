"""Starting gunicorn: processes with one thread each, because the framework shares filters between threads (05 §6)."""

from __future__ import annotations

import errno
import socket
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from gunicorn.app.base import BaseApplication

from app.extensions import db
from app.kernel.errors import RuleError

MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  (gunicorn makes an unnamed file there)


def require_free_port(host: str, port: int) -> None:
    """Raises RuleError when the port is taken or not allowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise RuleError("端口 {port} 已被占用，请用 --port 换一个端口。", port=port) from error
            raise RuleError("不能使用 {host}:{port}（{why}）。", host=host, port=port, why=error.strerror) from error


class Site(BaseApplication):
    """The built app as gunicorn sees it: loaded before the fork, so workers start at once and share its memory."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def options(host: str, port: int, workers: int, **more: Any) -> dict[str, Any]:
    """Settings of the server; more are gunicorn's own names (certfile, accesslog)."""
    found: dict[str, Any] = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "sync",
        "threads": 1,
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 20,
        "max_requests": 20000,
        "max_requests_jitter": 2000,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    if MEMORY_FOLDER.is_dir():  # on a slow disk the heartbeat file would let healthy workers be killed
        found["worker_tmp_dir"] = str(MEMORY_FOLDER)
    return {**found, **more}


def run_server(app: Flask, host: str, port: int, workers: int, **more: Any) -> NoReturn:
    """Serves until stopped; the exit code is gunicorn's. No database connection passes to the workers."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    Site(app, options(host, port, workers, **more)).run()
    raise AssertionError("gunicorn leaves by SystemExit")
