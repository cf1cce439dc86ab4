"""The rush benchmark: F5 of 04 §0. Each home is asked for twice, the second buyer loses: our form beside the bare guarded
transaction in a loop and beside the same flow in a Django view, on one database, in turn."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, select, text

from app.extensions import db
from app.features.customers.models import Customer
from app.features.organisation.models import Project
from benchmarks.board import build
from benchmarks.sites import Say, signed_in, site_with
from config import ROOT

BUYER, CUSTOMERS, RUNS = "supervisor", 200, 7
MOST_STATEMENTS, MOST_SECONDS = 15, 1.0
GUARDED = "UPDATE bench_home SET state = 'lock' WHERE id = :home AND state = 'free'"
ORDERED = "INSERT INTO bench_order (home_id, customer_id, state) VALUES (:home, :customer, 'locked')"
NOTED = "INSERT INTO bench_note (home_id, customer_id, step) VALUES (:home, :customer, 'lock')"
Ask = Callable[[int, int], bool]  # home, customer → whether he got it


@dataclass(frozen=True)
class Run:
    """One pass over the homes: seconds of the clock and of the processor in all, of each answer, and how many were sold."""

    seconds: float
    cpu: float
    waits: tuple[float, ...]
    sold: int


def passed(ask: Ask, homes: list[int], customers: list[int]) -> Run:
    """Each home is asked for by two buyers one after the other. Raises RuntimeError when one of them is sold not exactly once."""
    waits, sold = [], 0
    begun, cpu = time.perf_counter(), time.process_time()
    for place, home in enumerate(homes):
        for turn in (0, 1):
            before = time.perf_counter()
            got = ask(home, customers[(2 * place + turn) % len(customers)])
            waits.append(time.perf_counter() - before)
            if got is not (turn == 0):
                raise RuntimeError(f"home {home}, buyer {turn}: {got}")
            sold += got
    return Run(time.perf_counter() - begun, time.process_time() - cpu, tuple(waits), sold)


def run(folder: Path, database: str, homes: int, say: Say, runs: int = RUNS) -> list[str]:
    """The lines of the report."""
    with site_with(folder, database, CUSTOMERS, say) as app:
        rounds = build(homes, runs + 1)
        project = db.session.scalar(select(Project.__table__.c.id).order_by(Project.__table__.c.id))
        which = select(Customer.__table__.c.id).where(Customer.__table__.c.project_id == project)
        customers = list(db.session.scalars(which))
        db.session.rollback()
        _bare_tables(db.engine, homes * (runs + 1))
        ask = _through_http(signed_in(app, BUYER))
        with _statements(db.engine) as sent:
            ask(_homes_of(rounds[0])[0], customers[0])
        taken: list[list[Run]] = [[], [], []]
        with _peer(db.engine) as peer:
            for turn in range(1, runs + 1):
                own = _homes_of(rounds[turn])
                bare = list(range(1 + homes * (turn - 1), 1 + homes * turn))
                taken[0].append(passed(ask, own, customers))
                taken[1].append(passed(_bare(db.engine), bare, customers))
                taken[2].append(peer(bare, customers))
                _free(db.engine)
    return list(_report(taken, len(sent)))


def _report(taken: list[list[Run]], statements: int) -> Iterator[str]:
    ours, bare, peer = (_rate(runs) for runs in taken)
    waits = sorted(wait for run in taken[0] for wait in run.waits)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    yield f"- 本系统（网页表单）：每秒 {ours[0]:,.0f} 次，每次处理器 {ours[1]:.1f} 毫秒；p50 {p50 * 1000:.0f} 毫秒，p99 {p99 * 1000:.0f} 毫秒"
    yield f"- 同样的守卫事务，直接循环：每秒 {bare[0]:,.0f} 次，每次处理器 {bare[1]:.1f} 毫秒"
    yield f"- Django 视图（登录、守卫更新、认购、登记各一条）：每秒 {peer[0]:,.0f} 次，每次处理器 {peer[1]:.1f} 毫秒"
    yield f"- 每套只售出一次 ✓；一次销控 {statements} 条语句（要求 ≤ {MOST_STATEMENTS}）{_verdict(statements <= MOST_STATEMENTS)}"
    yield f"- p99 ≤ {MOST_SECONDS:g} 秒 {_verdict(p99 <= MOST_SECONDS)}；吞吐量 ≥ Django 视图 {_verdict(ours[0] >= peer[0])}（{ours[0] / peer[0]:.2f} 倍）"


def _verdict(kept: bool) -> str:
    return "✓" if kept else "✗"


def _rate(runs: list[Run]) -> tuple[float, float]:
    """(answers a second, milliseconds of the processor an answer), medians."""
    return (
        statistics.median(len(run.waits) / run.seconds for run in runs),
        statistics.median(run.cpu * 1000 / len(run.waits) for run in runs),
    )


def _homes_of(building: int) -> list[int]:
    """The homes of the building that may be sold."""
    found = text("SELECT id FROM unit WHERE building_id = :building AND state = 'free' ORDER BY id")
    homes = [row[0] for row in db.session.execute(found, {"building": building})]
    db.session.rollback()
    return homes


def _through_http(client: Any) -> Ask:
    def ask(home: int, customer: int) -> bool:
        answer = client.post(f"/lock/{home}", data={"customer_id": str(customer)})
        if answer.status_code not in (302, 409):
            raise RuntimeError(f"/lock/{home}: {answer.status}")
        return bool(answer.status_code == 302)

    return ask


def _bare(engine: Engine) -> Ask:
    def ask(home: int, customer: int) -> bool:
        values = {"home": home, "customer": customer}
        with engine.connect().execution_options(write=True) as connection, connection.begin() as transaction:
            if connection.execute(text(GUARDED), values).rowcount != 1:
                transaction.rollback()
                return False
            connection.execute(text(ORDERED), values)
            connection.execute(text(NOTED), values)
        return True

    return ask


def _bare_tables(engine: Engine, homes: int) -> None:
    key = (
        "INTEGER PRIMARY KEY" if engine.dialect.name == "sqlite" else "INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    )
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        for table in ("bench_home", "bench_order", "bench_note"):
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
        connection.execute(text("CREATE TABLE bench_home (id INTEGER PRIMARY KEY, state VARCHAR(16) NOT NULL)"))
        more = "home_id INTEGER NOT NULL, customer_id INTEGER NOT NULL"
        connection.execute(text(f"CREATE TABLE bench_order (id {key}, {more}, state VARCHAR(16) NOT NULL)"))
        connection.execute(text("CREATE UNIQUE INDEX uq_bench_order ON bench_order (home_id)"))
        connection.execute(text(f"CREATE TABLE bench_note (id {key}, {more}, step VARCHAR(16) NOT NULL)"))
        connection.execute(text("INSERT INTO bench_home VALUES (:id, 'free')"), [{"id": n + 1} for n in range(homes)])


def _free(engine: Engine) -> None:
    """The bare homes are for sale again."""
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text("DELETE FROM bench_order"))
        connection.execute(text("UPDATE bench_home SET state = 'free'"))


@contextmanager
def _statements(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@contextmanager
def _peer(engine: Engine) -> Iterator[Callable[[list[int], list[int]], Run]]:
    """The Django view, in a process of its own; it frees nothing, so that it asks for the homes after the bare loop freed them."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "benchmarks.rush_peer", url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ourselves
        asked, answers = process.stdin, process.stdout
        if asked is None or answers is None:
            raise RuntimeError("the peer has no pipes")

        def ask(homes: list[int], customers: list[int]) -> Run:
            _free(engine)
            asked.write(json.dumps([homes, customers]) + "\n")
            asked.flush()
            seconds, cpu, waits, sold = json.loads(answers.readline())
            return Run(seconds, cpu, tuple(waits), sold)

        yield ask
        asked.close()
