"""One run: buyers rush the units of a building through two server processes while a killer ends one after the other."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from dataclasses import dataclass
from typing import Any

from app.features.organisation.models import Company
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.posts import Post
from tests import factories
from tests.bench.web import HOST, Server
from tests.cast import Cast
from tests.features.deals.orders import customer
from tests.features.units.makers import house
from tests.stress.buyers import Buyer, Visitor
from tests.stress.history import FAIL, INFO, LOCK, OK, RELEASE, History, share


@dataclass(frozen=True)
class Size:
    """How many buyers rush how many units; kills and the seconds between them; answers at least; medians allowed for p99."""

    buyers: int
    units: int
    kills: int
    answers: int
    medians: int = 0
    pause: float = 5.0

    def longest_wait(self, history: History) -> float:
        """Seconds that p99 may take: 2 (04 R1); beside other tests on a busy machine as many medians, if that is more.

        The full size proves the bar on an idle machine only: there are more runnable processes than processors otherwise.
        """
        medians = self.medians or (BUSY_MEDIANS if busy() else 0)
        return max(BAR, medians * share(history.waits(), 0.5))


def busy() -> bool:
    """Whether others work on this machine: the buyers, the server and the killer together load two processors."""
    return os.getloadavg()[0] > 2 * (os.cpu_count() or 1)


BAR, BUSY_MEDIANS = 2.0, 10
SMALL, FULL = Size(8, 10, 3, 60, medians=10), Size(16, 40, 12, 1000)
MUTANT = Size(6, 4, 1, 80, pause=1.0)
LONGEST = 60  # seconds that a slow machine gets beyond the kills for the wanted number of answers


@dataclass(frozen=True)
class Seat:
    """A consultant with a customer of his own; consultants sit in both teams in turn."""

    login: str
    person_id: int
    customer_id: int


def seats(cast: Cast, count: int) -> list[Seat]:
    found = []
    with acting_as(SYSTEM):
        agency = cast.session.get(Company, cast.agency_id)
    for number in range(count):
        login, team = f"buyer{number}", cast.team("a1" if number % 2 else "a2")
        who = factories.person(cast.session, login, f"顾问{number}", agency)
        factories.post(cast.session, who, Post.CONSULTANT, cast.a, team)
        cast.person_ids[login] = who.id
        bought_by = customer(cast, login, f"1000005{7100 + number}", f"客户{number}")
        found.append(Seat(login, cast.person_ids[login], bought_by.id))
    return found


def homes(cast: Cast, count: int) -> list[int]:
    """Ids of units on sale."""
    return [unit.id for unit in house(cast, *(f"{1 + number // 4}{1 + number % 4:02d}" for number in range(count)))]


def rush(server: Server, unit_ids: list[int], people: list[Seat], size: Size, seed: int) -> tuple[History, int]:
    """Returns what the buyers saw and how many processes were killed. Raises what broke a buyer."""
    history, over = History(), threading.Event()
    buyers = []
    for number, seat in enumerate(people):
        visitor = Visitor(HOST, server.port)
        visitor.sign_in(seat.login, f"/lock/{unit_ids[0]}")
        chance = random.Random(f"{seed}/{number}")
        buyers.append(Buyer(visitor, seat.person_id, seat.customer_id, unit_ids, chance, history, over))
    threads = [threading.Thread(target=buyer.run) for buyer in buyers]
    for thread in threads:
        thread.start()
    try:
        kills = _kill(server, size, random.Random(f"{seed}/killer"))
        _wait_for(history, size.answers)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    for buyer in buyers:
        if buyer.error is not None:
            raise buyer.error
    return history, kills


def _kill(server: Server, size: Size, chance: random.Random) -> int:
    """kill -9 of a random worker every `pause` seconds; the master, which takes no requests, starts another at once."""
    wait = threading.Event()
    for _ in range(size.kills):
        wait.wait(size.pause)
        os.kill(chance.choice(server.worker_pids()), signal.SIGKILL)
    wait.wait(0.5)  # the buyers meet the last death, too
    return size.kills


def _wait_for(history: History, answers: int) -> None:
    until, wait = time.monotonic() + LONGEST, threading.Event()
    while len(history.waits()) < answers and time.monotonic() < until:
        wait.wait(0.1)


def told(history: History, seed: int, kills: int, dialect: str) -> str:
    """The line of the report."""
    waits = history.waits()
    counts: dict[str, Any] = {
        "locks": len(history.of(LOCK, OK)), "releases": len(history.of(RELEASE, OK)), "refused": len(history.of(LOCK, FAIL)),
        "unknown": len(history.of(LOCK, INFO)) + len(history.of(RELEASE, INFO)),
        "p50": f"{share(waits, 0.5) * 1000:.0f} ms", "p99": f"{share(waits, 0.99) * 1000:.0f} ms",
    }  # fmt: skip
    return f"{dialect}, seed {seed}, kills {kills}, load {os.getloadavg()[0]:.1f}: " + ", ".join(
        f"{name} {value}" for name, value in counts.items()
    )
