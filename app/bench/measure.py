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
    """Medians over the runs: seconds of the wall clock and of the processor, megabytes above what the process had before."""

    label: str
    seconds: float
    cpu: float
    megabytes: float
    runs: int

    def __str__(self) -> str:
        return f"{self.label}：{self.seconds:.2f} 秒（处理器 {self.cpu:.2f} 秒），+{self.megabytes:.0f} MB（{self.runs} 次取中位数）"


def machine() -> str:
    """What the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.system()} {platform.machine()}，{os.cpu_count()} 核，内存 {memory:.0f} GB，"
        f"此前负载 {os.getloadavg()[0]:.1f}，Python {platform.python_version()}"
    )


def figures(
    ours: tuple[str, Work], floor: tuple[str, Work], runs: int, before: Work = lambda: None
) -> tuple[Figure, Figure]:
    """Run both so often, in turns so that a busy neighbour slows both; each run is forked after `before` put things back.

    Raises RuntimeError when a run fails.
    """
    taken: dict[str, list[tuple[float, float, float]]] = {label: [] for label, _work in (ours, floor)}
    for _ in range(runs):
        for label, work in (ours, floor):
            before()
            taken[label].append(_one(work))
    first, second = (Figure(label, *_medians(all_), runs) for label, all_ in taken.items())
    return first, second


def _medians(all_: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    walls, cpus, sizes = zip(*all_, strict=True)
    return statistics.median(walls), statistics.median(cpus), statistics.median(sizes)


def _one(work: Work) -> tuple[float, float, float]:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_measured, args=(work, there))
    child.start()
    there.close()
    try:
        found: tuple[float, float, float] = here.recv()
    except EOFError:
        raise RuntimeError("a measured run failed, see above") from None
    finally:
        child.join()
    return found


def _measured(work: Work, told: Connection) -> None:
    before, begun = _resident(), _processor()
    start = time.perf_counter()
    work()
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told.send((took, _processor() - begun, (peak - before) / 1024))
    told.close()


def _processor() -> float:
    """Processor seconds of this process and of those that it waited for (the reader of workbooks)."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _resident() -> int:
    """Kilobytes that the process holds now; its peak so far is its parent's until it grows beyond."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
