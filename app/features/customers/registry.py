"""What hears of customers: rows that follow their owner, whoever asks what becomes of a customer, papers that keep him from the 公海."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement

Listener = TypeVar("Listener", bound=Callable[..., Any])

# models with customer_id whose rows are read through the customer: a lost ownership hides them all at once (02 §2.1.7)
FOLLOWS: list[type[Any]] = []
# (session, customer ids, Owner, How): customers have another owner; called in the transaction of the act
OWNER_MOVED: list[Callable[[Any, Sequence[int], Any, Any], None]] = []
# (session, customer, step, actor, paper): deals took «queue», «reserve», «sign» or «back»
PROGRESS: list[Callable[[Any, Any, str, Any, str], None]] = []
# customer id column → whether a live paper keeps him with his owner
BUSY: list[Callable[[Any], ColumnElement[bool]]] = []
# (session, customer id) → (day, sentence) of what a later room knows for a 判客单: his deals, the newest first
DEALS: list[Callable[[Any, int], Sequence[tuple[date, str]]]] = []
# (act, who leaves, project, receivers): his papers of later rooms that are not tied to a customer's change; gives how many
HANDED_OVER: list[Callable[[Any, int, int, Sequence[int]], int]] = []


def _once(entries: list[Any], entry: Any) -> None:
    if entry not in entries:
        entries.append(entry)


def follows_owner(*models: type[Any]) -> None:
    """Rows of these models have customer_id and belong to whoever owns the customer."""
    for model in models:
        _once(FOLLOWS, model)


def when_owner_moved(listener: Listener) -> Listener:
    """Hear of customers that have another owner; within the transaction."""
    _once(OWNER_MOVED, listener)
    return listener


def when_progress(listener: Listener) -> Listener:
    """Hear how far deals has brought a customer."""
    _once(PROGRESS, listener)
    return listener


def keeps_owner(busy: Listener) -> Listener:
    """Customers with such a paper do not fall into the 公海."""
    _once(BUSY, busy)
    return busy


def tells_deals(source: Listener) -> Listener:
    """Add the deals of a later room to the evidence of a 判客单."""
    _once(DEALS, source)
    return source


def when_handed_over(listener: Listener) -> Listener:
    """Move what a leaver still has on his hands in a later room."""
    _once(HANDED_OVER, listener)
    return listener
