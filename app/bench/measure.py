"""Time and memory of one piece of work, each run in a process of its own, so that no run inherits the memory of another."""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

Work = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """Medians over the runs: seconds of the wall clock, megabytes above what the process had before."""

    label: str
    seconds: float
    megabytes: float
    runs: int

    def __str__(self) -> str:
        return f"{self.label}：{self.seconds:.2f} 秒，+{self.megabytes:.0f} MB（{self.runs} 次取中位数）"


def machine() -> str:
    """What the figures were taken on."""
    return f"{platform.system()} {platform.machine()}，{os.cpu_count()} 核，Python {platform.python_version()}"


def figure(label: str, work: Work, runs: int, before: Work = lambda: None) -> Figure:
    """Run the work so often, forked each time, after `before` put things back. Raises RuntimeError when a run fails."""
    taken = []
    for _ in range(runs):
        before()
        taken.append(_one(work))
    return Figure(label, statistics.median(t for t, _m in taken), statistics.median(m for _t, m in taken), runs)


def _one(work: Work) -> tuple[float, float]:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_measured, args=(work, there))
    child.start()
    there.close()
    try:
        found: tuple[float, float] = here.recv()
    except EOFError:
        raise RuntimeError("a measured run failed, see above") from None
    finally:
        child.join()
    return found


def _measured(work: Work, told: Connection) -> None:
    before = _resident()
    start = time.perf_counter()
    work()
    took = time.perf_counter() - start
    told.send((took, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))
    told.close()


def _resident() -> int:
    """Kilobytes that the process holds now; its peak so far is its parent's until it grows beyond."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
