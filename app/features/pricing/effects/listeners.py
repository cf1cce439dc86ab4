"""Later rooms hear of changed prices: they declare a listener, this room calls it in the transaction of the change."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

Listener = Callable[[Session, Sequence[int]], None]  # (session, ids of the units whose price changed)
_listeners: list[Listener] = []


def when_prices_changed(listener: Listener) -> Listener:
    """Register a listener; as a decorator, once at start."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell_of_changed_prices(session: Session, unit_ids: Sequence[int]) -> None:
    """Call every listener, in the order of their registration."""
    for listener in _listeners if unit_ids else ():
        listener(session, unit_ids)
