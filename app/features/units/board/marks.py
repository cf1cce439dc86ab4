"""Whose units are «mine»? Later rooms tell the board (orders of my customers); my own locks are known here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from app.features.units.board.rules import BoardUnit
from app.kernel.actors import Actor

Marker = Callable[[Session, Actor, int], set[int]]
_markers: list[Marker] = []


def mark_mine(marker: Marker) -> None:
    """Register marker(session, actor, building_id) → ids of units whose live order is the actor's (or his team's)."""
    if marker not in _markers:
        _markers.append(marker)


def mine(session: Session, actor: Actor, building_id: int, units: Iterable[BoardUnit]) -> set[int]:
    """Units of the building that are the actor's: locked by himself, or as later rooms say."""
    found = {unit.id for unit in units if unit.lock_by == actor.person_id}
    for marker in _markers:
        found |= marker(session, actor, building_id)
    return found
