"""The start benchmark: F10 of 04 §0. A worker from nothing to its first page, beside Flask-AppBuilder's empty app, each in a new process."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config import ROOT

RUNS = 7
MOST_SECONDS, MOST_MEGABYTES = 2.0, 200


@dataclass(frozen=True)
class Start:
    """Medians of one app: seconds of the clock and of the processor until it can serve, megabytes when it has served a page."""

    seconds: float
    cpu: float
    megabytes: float

    def line(self, label: str) -> str:
        return f"- {label}：{self.seconds:.2f} 秒（处理器 {self.cpu:.2f} 秒），首页之后常驻内存 {self.megabytes:.0f} MB"


def run(folder: Path, runs: int = RUNS) -> list[str]:
    """The lines of the report; both apps start in turn, so that a busy neighbour slows both."""
    taken: dict[str, list[list[float]]] = {"site": [], "empty": []}
    for which in taken:
        _once(which, folder)  # makes the database and compiles the modules, which is no part of a later start
    for _run in range(runs):
        for which, times in taken.items():
            times.append(_once(which, folder))
    ours, empty = (Start(*map(statistics.median, zip(*times, strict=True))) for times in taken.values())
    return [
        ours.line("本系统"),
        empty.line("Flask-AppBuilder 空应用"),
        f"- 倍数 {ours.seconds / empty.seconds:.2f}（处理器 {ours.cpu / empty.cpu:.2f}）；要求："
        f"≤ {MOST_SECONDS:g} 秒 {_verdict(ours.seconds <= MOST_SECONDS)}，≤ {MOST_MEGABYTES} MB {_verdict(ours.megabytes <= MOST_MEGABYTES)}",
    ]


def _verdict(kept: bool) -> str:
    return "✓" if kept else "✗"


def _once(which: str, folder: Path) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.start", which, str(folder)]
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    around["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
    done = subprocess.run(command, cwd=ROOT, env=around, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - ourselves
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _site(folder: Path) -> Any:
    from app import create_app
    from app.commands.demo_secrets import ensure_demo_secrets
    from app.commands.migrate import upgrade_database

    ensure_demo_secrets(folder)
    app = create_app({"DATA_DIR": str(folder), "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'start.db'}"})
    if not (folder / "start.db").exists():
        with app.app_context():
            upgrade_database()
    return app


def _empty(folder: Path) -> Any:
    from flask import Flask
    from flask_appbuilder import AppBuilder
    from flask_appbuilder.models.sqla.base import SQLA

    app = Flask("empty")
    app.config.update(SECRET_KEY="of no use", SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'empty.db'}")  # noqa: S106
    database = SQLA()
    database.init_app(app)
    with app.app_context():
        AppBuilder(app, database.session)
    return app


def _measured(start: Callable[[Path], Any], folder: Path, begun: float) -> list[float]:
    app = start(folder)
    took, cpu = time.perf_counter() - begun, time.process_time()
    status = app.test_client().get("/login/").status_code
    if status != 200:
        raise RuntimeError(f"/login/: {status}")
    with open("/proc/self/status") as told:
        resident = next(int(line.split()[1]) for line in told if line.startswith("VmRSS"))
    return [took, cpu, resident / 1024]


if __name__ == "__main__":
    ways = {"site": _site, "empty": _empty}
    sys.stdout.write(json.dumps(_measured(ways[sys.argv[1]], Path(sys.argv[2]), time.perf_counter())) + "\n")
