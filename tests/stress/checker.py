"""Reads the database after the run with its own SQL, knowing nothing of the app, and compares it with what the buyers saw.

Each fault is one sentence that begins with its kind: lost, ghost, half, double sale, torn unit, order of events, file.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from tests.stress.history import FAIL, INFO, LOCK, OK, RELEASE, History, Operation, double_holds


def faults_of(url: str, history: History) -> list[str]:
    """Everything that is wrong; nothing when every promise was kept."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            found = Found(connection)
            return [
                *double_holds(history),
                *answers_kept(found, history),
                *orders_whole(found, history),
                *units_match(found),
                *events_alternate(found),
                *file_sound(engine, connection),
            ]
    finally:
        engine.dispose()


class Found:
    """What the database says: orders, units, logs and answered keys."""

    def __init__(self, connection: Connection) -> None:
        def rows(statement: str) -> list[Any]:
            return list(connection.execute(text(statement)))

        columns = "id, unit_id, customer_id, created_by, state, locked_at, closed_at, close_kind"
        self.orders = {row.id: row for row in rows(f"SELECT {columns} FROM reservation")}
        self.units = {row.id: row for row in rows("SELECT id, state, reservation_id FROM unit")}
        self.keys = {row.key: row.location for row in rows("SELECT key, location FROM request_key")}
        self.events = rows("SELECT subject, subject_id, step FROM state_change ORDER BY id")
        self.steps = Counter((e.subject, e.subject_id, e.step) for e in self.events)
        audited = rows("SELECT subject_id FROM audit_entry WHERE subject = 'reservation' AND act = 'insert'")
        self.audited = Counter(row.subject_id for row in audited)


def _key(operation: Operation) -> str:
    return f"{operation.person_id}:{operation.key}"


def answers_kept(found: Found, history: History) -> list[str]:
    """Every ok is there, every fail is not; a key that nobody sent is not there either."""
    faults = []
    for o in history.operations:
        there = _key(o) in found.keys
        if o.outcome == OK and not there:
            faults.append(f"lost: {o.kind} of unit {o.unit_id} was acknowledged as order {o.order_id}")
        if o.outcome == FAIL and there:
            faults.append(f"ghost: {o.kind} of unit {o.unit_id} was refused, yet its key is stored")
        if o.outcome == OK and there:
            faults += _effect_kept(found, o)
    sent = {_key(o) for o in history.operations}
    faults += [f"ghost: key {key} was never sent" for key in found.keys if key not in sent]
    return faults


def _effect_kept(found: Found, o: Operation) -> list[str]:
    order = found.orders.get(o.order_id)
    if order is None:
        return [f"lost: order {o.order_id} was acknowledged and is not there"]
    if (order.unit_id, order.customer_id) != (o.unit_id, o.customer_id):
        return [f"half: order {o.order_id} is of unit {order.unit_id}, acknowledged for {o.unit_id}"]
    if o.kind == RELEASE and (order.state, order.close_kind) != ("closed", "released"):
        return [f"lost: release of order {o.order_id} was acknowledged, it is {order.state}"]
    return []


def orders_whole(found: Found, history: History) -> list[str]:
    """Each order came from one sent key and has its one log line and its one audit line, each end its one log line."""
    made = [found.keys[_key(o)] for o in history.operations if o.kind == LOCK and _key(o) in found.keys]
    ended = [o.order_id for o in history.operations if o.kind == RELEASE and _key(o) in found.keys]
    faults = [f"half: order {pk} came from {made.count(f'/reservation/show/{pk}')} stored keys"
              for pk in found.orders if made.count(f"/reservation/show/{pk}") != 1]  # fmt: skip
    for pk, order in found.orders.items():
        logged = found.steps["reservation", pk, "lock"], found.audited[pk], order.locked_at is not None
        if logged != (1, 1, True):
            faults.append(f"half: order {pk} has {logged[0]} log lines, {logged[1]} audit lines, locked: {logged[2]}")
        gone = ended.count(pk), found.steps["reservation", pk, "release"], int(order.closed_at is not None)
        if len(set(gone)) != 1:
            faults.append(f"half: order {pk} has {gone[0]} released keys, {gone[1]} log lines, closed: {gone[2]}")
    known = {f"/reservation/show/{pk}" for pk in found.orders}
    return faults + [f"half: a key leads to {place}, where no order is" for place in made if place not in known]


def units_match(found: Found) -> list[str]:
    """At most one live order a unit, and the unit says the same."""
    live: dict[int, list[int]] = {}
    for pk, order in found.orders.items():
        if order.closed_at is None:
            live.setdefault(order.unit_id, []).append(pk)
    faults = []
    for pk, unit in found.units.items():
        orders = live.get(pk, [])
        if len(orders) > 1:
            faults.append(f"double sale: unit {pk} has the live orders {orders}")
        expected = ("lock", orders[-1]) if orders else ("free", None)
        if (unit.state, unit.reservation_id) != expected and len(orders) <= 1:
            faults.append(f"torn unit: {pk} is {unit.state} for order {unit.reservation_id}, its live orders: {orders}")
    return faults


def events_alternate(found: Found) -> list[str]:
    """In the log of a unit lock and unlock take turns."""
    last: dict[int, str] = {}
    faults = []
    for event in found.events:
        if event.subject != "unit" or event.step not in ("lock", "unlock"):
            continue
        if last.get(event.subject_id, "unlock") == event.step:
            faults.append(f"order of events: unit {event.subject_id} saw {event.step} twice")
        last[event.subject_id] = event.step
    return faults


def file_sound(engine: Engine, connection: Connection) -> list[str]:
    """SQLite: the file and its references; PostgreSQL enforces both itself."""
    if engine.dialect.name != "sqlite":
        return []
    verdicts = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [f"file: {v}" for v in verdicts if v != "ok"] + [f"file: {tuple(row)} refers to nothing" for row in broken]


def unexpected_answers(history: History) -> list[str]:
    """Answers that are neither done nor a plain refusal, and refusals that do not tell the loser what happened."""
    faults = [f"{o.kind}: {o.sentence}" for o in history.operations if o.outcome == INFO and o.status is not None]
    told = ("分钟", "已被", "销控并提交认购")
    faults += [
        f"{o.kind}: {o.status} {o.sentence}" for o in history.of(LOCK, FAIL) if not any(t in o.sentence for t in told)
    ]
    return faults + [f"{o.kind}: {o.status} {o.sentence}" for o in history.of(RELEASE, FAIL)]
