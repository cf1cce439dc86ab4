"""kill -9 in the middle of 认购, 签约, 审批, 换房, 退房, 收款: a walk of a whole site dies at random moments and another goes on (04 R5).

After each death everything must agree as after a finished act, and whatever a walk had finished is there.
`pytest tests/stress/test_deal_kill.py --full` dies 200 times on each database; `--seed N` repeats.
"""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.features.pricing.models import PaymentScheme
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.audit import AuditEntry
from tests.cast import Cast
from tests.features.deals.test_random_orders import check, schemes
from tests.features.deals.walk import Walk

pytestmark = [pytest.mark.slow, pytest.mark.both_databases, pytest.mark.timeout(3600)]
FULL, SMALL = 200, 8
SEEN_OFTEN = ("lock", "sell", "deposit", "contract", "sleep")


def last_line(cast: Cast) -> int:
    """The newest line of the trail: every act leaves some."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = cast.session.scalar(select(func.max(AuditEntry.id))) or 0
        cast.session.rollback()
    return int(found)


def in_a_process_of_its_own(work: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Forks; the child runs work(tell). The process and the end of the pipe from which its words are read."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.close(reading)
        db.session.remove()
        db.engine.dispose(close=False)  # the parent's connections stay the parent's
        work(lambda words: os.write(writing, f"{words}\n".encode()) and None)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it was, the parent tells it
        os.write(writing, f"! {traceback.format_exc()}\n".encode())
        os._exit(1)


def end_of(child: int, reading: int) -> list[str]:
    """What it told until it ended. Fails on a traceback."""
    with os.fdopen(reading) as words:
        told = words.read()
    os.waitpid(child, 0)
    assert "! Traceback" not in told, told
    return told.splitlines()


def begun(cast: Cast, seed: int, acts: int) -> list[int]:
    """Something to act upon; the ids of the payment schemes."""
    plans = schemes(cast)
    keys = [plan.id for plan in plans]
    Walk(cast, plans, seed).go(acts, lambda: None)
    return keys


def walking(cast: Cast, plans: list[int], seed: int, number: int, tell: Callable[[str], None]) -> None:
    """Acts until it is killed; each finished one is told with the line of the trail that it left."""
    with acting_as(SYSTEM):
        found = tuple(cast.session.get(PaymentScheme, key) for key in plans)
    walk = Walk(cast, found, seed)
    walk.met = number * 10_000  # flats and customers of its own
    while True:
        walk.go(1, lambda: None)
        tell(f"{last_line(cast)} {walk.story[-1] if walk.story else 'refused'}")
        walk.story.clear()


def test_a_death_leaves_whole_acts(cast: Cast, request: pytest.FixtureRequest, record_property: Any) -> None:
    full, seed = request.config.getoption("--full"), request.config.getoption("--seed")
    chance, acts = random.Random(seed), Counter[str]()
    plans = begun(cast, seed, 120 if full else 25)
    for number in range(1, (FULL if full else SMALL) + 1):
        cast.session.remove()
        db.engine.dispose()

        def work(tell: Callable[[str], None], number: int = number) -> None:
            walking(cast, plans, seed + number, number, tell)

        child, reading = in_a_process_of_its_own(work)
        time.sleep(chance.uniform(0.2, 2.0))
        os.kill(child, signal.SIGKILL)
        told = [line.split(" ", 1) for line in end_of(child, reading)]
        acts.update(what for _line, what in told)
        assert last_line(cast) >= max((int(line) for line, _what in told), default=0), (
            f"seed {seed}: a finished act is gone"
        )
        check(cast)
    record_property(
        "stress", f"deaths in a walk, seed {seed}: {number}, {sum(acts.values())} acts between, {len(acts)} kinds"
    )
    assert acts, "no walk finished an act: nobody was killed in one"
    assert not full or set(SEEN_OFTEN) <= set(acts), acts


def test_the_checker_sees_acts_in_pieces(cast: Cast, database: str) -> None:
    """The same with a session that commits each flush by itself: a death between two leaves a half act, and it is seen."""
    plans = begun(cast, 6, 25)
    for flushes in range(1, 60):
        cast.session.remove()
        db.engine.dispose()

        def work(_tell: Callable[[str], None], flushes: int = flushes) -> None:
            dying_after(flushes, database)
            walking(cast, plans, 60 + flushes, flushes, lambda _words: None)

        end_of(*in_a_process_of_its_own(work))
        try:
            check(cast)
        except AssertionError:
            return
    pytest.fail("59 deaths in the middle of acts left nothing that the checker sees")


def dying_after(flushes: int, database: str) -> None:
    """From now on every flush is committed alone, and the process dies after so many."""
    left = [flushes]

    @event.listens_for(Session, "after_flush_postexec")
    def _piece(session: Session, _context: Any) -> None:
        connection: Any = session.connection().connection.dbapi_connection
        if database == "sqlite":
            connection.execute("COMMIT")
            connection.execute("BEGIN IMMEDIATE")
        else:
            connection.commit()
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
