"""The signed pass of a visitor: which visit or place, which code of it, until when. Names nobody; a changed letter makes it void."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

SALT = "anchang-visitor-rating"
VISIT, DESK = "v", "d"
FIRST, MINUTE = datetime(2020, 1, 1), timedelta(minutes=1)  # the end stands in the pass as minutes since then
LONGEST = 200  # letters of a pass that is looked at


@dataclass(frozen=True)
class Pass:
    """kind: VISIT or DESK; generation: which code of the place, 0 for a visit."""

    kind: str
    record_id: int
    generation: int
    expires: datetime


def seal(secret: str, given: Pass) -> str:
    """The pass as it stands in the address."""
    minutes = (given.expires - FIRST) // MINUTE + 1  # never shorter than promised
    return str(URLSafeSerializer(secret, SALT).dumps([given.kind, given.record_id, given.generation, minutes]))


def read(secret: str, text: str, moment: datetime) -> Pass | None:
    """The pass behind an address; None when it is not ours, was changed, or is over."""
    if len(text) > LONGEST:
        return None
    try:
        kind, record_id, generation, minutes = URLSafeSerializer(secret, SALT).loads(text)
        found = Pass(str(kind), int(record_id), int(generation), FIRST + int(minutes) * MINUTE)
    except (BadData, ValueError, TypeError, OverflowError):
        return None
    return found if found.kind in (VISIT, DESK) and moment <= found.expires else None
