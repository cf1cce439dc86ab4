"""Medians of repeated runs, and where they were measured."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

RUNS = 9  # medians of at least seven (04 §0)


def median_ms(work: Callable[[], Any], runs: int = RUNS) -> float:
    """The median time of the work in milliseconds; once before, unmeasured, so that nobody pays for cold caches."""
    work()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def machine() -> str:
    """«x86_64, 2 cores, load 0.4, Python 3.11.7»."""
    return f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
