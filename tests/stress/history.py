"""What the buyers saw: one Operation a request, as in Jepsen — ok, fail (refused), or info (no answer came)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

LOCK, RELEASE = "lock", "release"
OK, FAIL, INFO = "ok", "fail", "info"


@dataclass
class Operation:
    """One intent of one buyer. Times are seconds of time.monotonic(); key is the form's key, sent again on a retry."""

    kind: str
    unit_id: int
    person_id: int
    customer_id: int
    key: str
    invoked: float
    order_id: int | None = None  # what a lock made, what a release ends
    outcome: str = INFO
    answered: float | None = None
    status: int | None = None
    sentence: str = ""  # why it was refused
    tries: int = 0
    waits: list[float] = field(default_factory=list)  # seconds of each try that was answered


class History:
    """The shared log of all buyers."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._guard = threading.Lock()

    def invoke(self, operation: Operation) -> Operation:
        """Notes it before the request goes out, so that nothing that reached the server is unknown."""
        with self._guard:
            self.operations.append(operation)
        return operation

    def of(self, kind: str, outcome: str) -> list[Operation]:
        return [o for o in self.operations if (o.kind, o.outcome) == (kind, outcome)]

    def waits(self) -> list[float]:
        """Sorted seconds of all answers."""
        return sorted(wait for o in self.operations for wait in o.waits)


def share(values: list[float], part: float) -> float:
    """The value below which that part of sorted values lies: share([1, 2, 3, 4], 0.5) → 2; nearest rank."""
    assert values, "nothing was answered"
    return values[max(0, -(-len(values) * round(part * 100) // 100) - 1)]


def double_holds(history: History) -> list[str]:
    """Units that two buyers knew to be theirs at the same time, by the clocks of the buyers alone.

    A buyer surely holds a unit from the answer to his lock until he asks to release it.
    """
    released = {o.order_id: o.invoked for o in history.operations if o.kind == RELEASE}
    held: dict[int, list[tuple[float, float, int]]] = {}
    for o in history.of(LOCK, OK):
        assert o.answered is not None and o.order_id is not None
        until = released.get(o.order_id, float("inf"))
        held.setdefault(o.unit_id, []).append((o.answered, until, o.order_id))
    faults = []
    for unit_id, spans in held.items():
        spans.sort()
        until, holder = float("-inf"), 0
        for start, end, order_id in spans:
            if start < until:
                faults.append(f"double sale: unit {unit_id} by orders {holder} and {order_id} at the same time")
            if end > until:
                until, holder = end, order_id
    return faults
