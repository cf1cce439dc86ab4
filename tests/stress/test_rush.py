"""Limited goods are never sold twice (04 R1): buyers over HTTP, kill -9, two databases, and a checker that can fail.

Small in the normal suite; in full size with `pytest tests/stress --full`, again with `--seed N`.
"""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.extensions import db
from tests.bench.web import start_server
from tests.stress import checker
from tests.stress.history import LOCK, OK, RELEASE, History, Operation, double_holds, share
from tests.stress.rush import FULL, MUTANT, SMALL, Size, homes, rush, seats, told

pytestmark = [pytest.mark.slow, pytest.mark.stress_small]


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return request.config.getoption("--seed")


@pytest.fixture
def size(request: pytest.FixtureRequest) -> Size:
    return FULL if request.config.getoption("--full") else SMALL


@pytest.mark.both_databases
@pytest.mark.timeout(400)
def test_no_unit_is_sold_twice_and_no_answer_is_lost(app, cast, server, database, seed, size, record_property):
    unit_ids, people = homes(cast, size.units), seats(cast, size.buyers)
    cast.session.remove()
    history, kills = rush(server, unit_ids, people, size, seed)
    server.stop()
    server.start()  # alone, on what the killed processes left behind
    record_property("stress", told(history, seed, kills, database))
    assert checker.faults_of(url_of_database(), history) == []
    assert checker.unexpected_answers(history) == []
    assert "Traceback" not in server.log.read_text("utf-8")
    assert kills == size.kills
    assert len(history.of(LOCK, OK)) > size.units, "too little happened to prove anything"
    assert history.of(RELEASE, OK)
    assert share(history.waits(), 0.99) <= size.longest_wait(history)


@pytest.mark.parametrize(
    ("mutant", "kinds"), [("without_guard", {"double sale"}), ("two_commits", {"half", "torn unit"})]
)
def test_the_checker_sees_a_build_without_its_guard(app, cast, tmp_path, seed, mutant, kinds):
    unit_ids, people = homes(cast, MUTANT.units), seats(cast, MUTANT.buyers)
    if mutant == "without_guard":
        cast.session.execute(text("DROP INDEX uq_reservation_live_unit"))
        cast.session.commit()
    cast.session.remove()
    server = start_server(app, tmp_path, before=f"tests.stress.mutants:{mutant}")
    try:
        history, _kills = rush(server, unit_ids, people, MUTANT, seed)
    finally:
        server.stop()
    found = {fault.partition(":")[0] for fault in checker.faults_of(url_of_database(), history)}
    assert kinds <= found, found


def url_of_database() -> str:
    return db.engine.url.render_as_string(hide_password=False)


def lock(unit_id: int, order_id: int, answered: float) -> Operation:
    return Operation(LOCK, unit_id, 1, 1, f"k{order_id}", answered, order_id, OK, answered)


def release(unit_id: int, order_id: int, invoked: float) -> Operation:
    return Operation(RELEASE, unit_id, 1, 1, f"r{order_id}", invoked, order_id)


@pytest.mark.parametrize(
    ("operations", "faults"),
    [
        ([lock(1, 11, 1), release(1, 11, 2), lock(1, 12, 3)], 0),
        ([lock(1, 11, 1), lock(2, 12, 2)], 0),
        ([lock(1, 11, 1), lock(1, 12, 2)], 1),
        ([lock(1, 11, 1), lock(1, 12, 2), release(1, 11, 3)], 1),
        ([lock(1, 11, 1), release(1, 11, 9), lock(1, 12, 2), release(1, 12, 3), lock(1, 13, 4)], 2),
    ],
)
def test_two_holders_at_one_time_are_seen(operations: list[Operation], faults: int) -> None:
    history = History()
    for operation in operations:
        history.invoke(operation)
    assert len(double_holds(history)) == faults


@pytest.mark.parametrize(
    ("values", "part", "answer"), [([1.0], 0.99, 1.0), ([1, 2, 3, 4], 0.5, 2), (list(range(1, 201)), 0.99, 198)]
)
def test_the_share_is_the_nearest_rank(values: list[float], part: float, answer: float) -> None:
    assert share(values, part) == answer
