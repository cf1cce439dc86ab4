"""Medians of repeated runs, and where they were measured."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

RUNS = 9  # medians of at least seven (04 §0)


@dataclass(frozen=True)
class Timing:
    """Milliseconds of the wall clock and of this process's CPU."""

    wall: float
    cpu: float


class Report:
    """What is measured, said line by line while it goes and kept as a whole."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._lines: list[str] = []

    def tell(self, line: str) -> None:
        """Say a line and keep it."""
        self._lines.append(line)
        self._say(line)

    @property
    def text(self) -> str:
        """Everything told."""
        return "\n".join(self._lines) + "\n"


def timed(work: Callable[[], Any]) -> Timing:
    """One run."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timing((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)


def side_by_side(*works: Callable[[], Timing], runs: int = RUNS) -> list[Timing]:
    """The medians of each, run in turn, so that whatever else the machine does meets all of them; once before, unmeasured."""
    for work in works:
        work()
    taken = [[work() for work in works] for _run in range(runs)]
    return [
        Timing(statistics.median(t.wall for t in times), statistics.median(t.cpu for t in times))
        for times in zip(*taken, strict=True)
    ]


def machine() -> str:
    """«x86_64, 2 cores, load 0.4, Python 3.11.7»."""
    return f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
