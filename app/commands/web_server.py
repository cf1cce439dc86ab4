"""Starting gunicorn: processes with one thread each, because the framework shares filters between threads (05 §6)."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Sequence
from typing import NoReturn

from app.kernel.errors import RuleError
from config import ROOT

MEMORY_FOLDER = "/dev/shm"  # noqa: S108  (gunicorn makes an unnamed file there)


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


def gunicorn_command(host: str, port: int, workers: int, extra: Sequence[str] = ()) -> list[str]:
    """The command line; the app is built once in each worker, so a broken worker is replaced by a fresh one."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        *(sys.executable, "-m", "gunicorn", "app:create_app()"),
        *("--chdir", str(ROOT), "--bind", bind, "--workers", str(workers)),
        *("--worker-class", "sync", "--threads", "1", "--timeout", "60", "--graceful-timeout", "20"),
        *("--max-requests", "20000", "--max-requests-jitter", "2000"),
        *("--log-level", "warning", "--no-control-socket"),
        # the heartbeat file on a slow disk would let healthy workers be killed
        *(("--worker-tmp-dir", MEMORY_FOLDER) if os.path.isdir(MEMORY_FOLDER) else ()),
        *extra,
    ]


def become_server(host: str, port: int, workers: int, extra: Sequence[str] = ()) -> NoReturn:
    """Replaces this process by the server, so that signals and the exit code are its own."""
    command = gunicorn_command(host, port, workers, extra)
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606  (fixed program, no shell)
