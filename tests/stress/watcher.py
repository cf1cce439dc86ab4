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


def weighed(pid: int) -> dict[int, tuple[int, int]]:
    """Process → (bytes in memory, bytes that are its own) for the process and its descendants."""
    found = {}
    for one in family(pid):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text("ascii")
        except (FileNotFoundError, ProcessLookupError):
            continue
        sizes = {part[0]: int(part[1]) * 1024 for line in text.splitlines()[1:] if len(part := line.split()) > 2}
        found[one] = sizes["Rss:"], sizes["Private_Clean:"] + sizes["Private_Dirty:"]
    return found


def extra(before: dict[int, tuple[int, int]], now: dict[int, tuple[int, int]]) -> int:
    """Bytes that came in between: what a process took on top of its own size before; of a new one what it shares with nobody.

    Pages shared since a fork are no new memory when somebody writes to them or a neighbour ends, so sizes are compared
    process by process and shares (Pss) are not used.
    """
    return sum(max(0, full - before[one][0]) if one in before else own for one, (full, own) in now.items())


class Watcher:
    """Used with `with`: samples the memory every 50 ms and asks for a page as somebody else every half second."""

    def __init__(self, pid: int, second: Visitor, page: str) -> None:
        self.pid, self.second, self.page = pid, second, page
        self.waits: list[float] = []
        self.broken: list[str] = []
        self.before: dict[int, tuple[int, int]] = {}
        self.peak = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=work) for work in (self._weigh, self._ask)]

    def __enter__(self) -> Watcher:
        self.second.ask("GET", self.page)  # nobody pays for the first page
        self.before = weighed(self.pid)
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
        return self.peak / 2**20

    @property
    def usual(self) -> float:
        """The second user's median wait."""
        return statistics.median(self.waits)

    def _weigh(self) -> None:
        while not self.over.wait(0.05):
            self.peak = max(self.peak, extra(self.before, weighed(self.pid)))

    def _ask(self) -> None:
        while not self.over.wait(BEAT):
            start = time.monotonic()
            answer = self.second.ask("GET", self.page)
            self.waits.append(time.monotonic() - start)
            if answer.status != 200:
                self.broken.append(f"{self.page}: {answer.status}")
