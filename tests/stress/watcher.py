"""Somebody who watches a server from outside: its memory over all its processes, and how long a second user waits (04 R10)."""

from __future__ import annotations

import statistics
import threading
import time
from pathlib import Path

from tests.stress.buyers import Visitor

BEAT = 0.5  # seconds between two requests of the second user


def family(pid: int) -> list[int]:
    """The process and all that descend from it, those that are gone left out."""
    found = [pid]
    for one in found:
        try:
            children = Path(f"/proc/{one}/task/{one}/children").read_text("ascii")
        except FileNotFoundError:
            continue
        found += [int(child) for child in children.split()]
    return found


def resident(pid: int) -> int:
    """Bytes that the process and its descendants hold in memory; a page that several share is divided among them (Pss)."""
    total = 0
    for one in family(pid):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text("ascii")
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
    return total


class Watcher:
    """Used with `with`: samples the memory every 50 ms and asks for a page as somebody else every half second."""

    def __init__(self, pid: int, second: Visitor, page: str) -> None:
        self.pid, self.second, self.page = pid, second, page
        self.waits: list[float] = []
        self.broken: list[str] = []
        self.before = self.peak = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=work) for work in (self._weigh, self._ask)]

    def __enter__(self) -> Watcher:
        self.second.ask("GET", self.page)  # nobody pays for the first page
        self.before = self.peak = resident(self.pid)
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """No more samples; safe to repeat."""
        self.over.set()
        for thread in self.threads:
            thread.join()

    @property
    def grown(self) -> float:
        """Megabytes above what the server held before."""
        return (self.peak - self.before) / 2**20

    @property
    def usual(self) -> float:
        """The second user's median wait."""
        return statistics.median(self.waits)

    def _weigh(self) -> None:
        while not self.over.wait(0.05):
            self.peak = max(self.peak, resident(self.pid))

    def _ask(self) -> None:
        while not self.over.wait(BEAT):
            start = time.monotonic()
            answer = self.second.ask("GET", self.page)
            self.waits.append(time.monotonic() - start)
            if answer.status != 200:
                self.broken.append(f"{self.page}: {answer.status}")
