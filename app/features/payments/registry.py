"""Who hears of money: later rooms (orders) register here; this room knows none of them (03 «Import law»)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.kernel.workflow import Act

Listener = Callable[[Act, Any], None]  # (the act on the receipt, its account); runs inside the transaction, may refuse

Numbers = Callable[[Any, int, set[str]], dict[str, int]]  # (session, project, texts) → ids of orders by such a number
ORDER_NUMBERS: list[Numbers] = []
CONFIRMED: list[Listener] = []
REVERSED: list[Listener] = []


def add_order_numbers(numbers: Numbers) -> None:
    """A later room knows orders by further numbers (合同号): a table of receipts may name them so."""
    if numbers not in ORDER_NUMBERS:
        ORDER_NUMBERS.append(numbers)


def when_confirmed(listener: Listener) -> None:
    """Call listener(act, account) when a receipt is confirmed: act.document is the receipt, posted and allocated."""
    if listener not in CONFIRMED:
        CONFIRMED.append(listener)


def when_reversed(listener: Listener) -> None:
    """Call listener(act, account) when a red entry took a receipt back."""
    if listener not in REVERSED:
        REVERSED.append(listener)
