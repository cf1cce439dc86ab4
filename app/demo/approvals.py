"""People of the demo world agree to papers, each at his own moment: what every chapter with approvals needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.demo.world import World
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of


def agree(session: Any, world: World, paper: Any, login: str, moment: datetime, opinion: str = "同意") -> None:
    """The person agrees to the paper that waits for him. Raises LookupError when nothing waits."""
    answer(session, world, paper, login, moment, "approve", opinion)


def answer(
    session: Any, world: World, paper: Any, login: str, moment: datetime, verdict: str, opinion: str, **values: Any
) -> None:
    """The person decides the station of the paper, with values of his own. Raises LookupError when nothing waits."""
    request = open_of(session, paper)
    station = current_step(request) if request is not None else None
    if request is None or station is None:
        raise LookupError(f"{paper}: nothing to decide for {login}")
    request_id, station_id = request.id, station.id
    with world.acting(login, moment) as who:
        decide(session, request_id, station_id, who, verdict, opinion, **values)
