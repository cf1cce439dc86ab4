"""Who hears of an order: signed, paid otherwise, or closed another way. Rooms and papers that hang on it register here (03 «Import law»)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.kernel.workflow import Act

SignedListener = Callable[[Act, Any], None]  # (the act that signed, its contract)
ClosedListener = Callable[[Act, Any], None]  # (the act that closed, its order)

PaymentListener = Callable[[Act, Any], None]  # (the act that changed the payment, its order)

SIGNED: list[SignedListener] = []
REPLANNED: list[PaymentListener] = []
CLOSED: list[ClosedListener] = []
TAKEN_OVER: list[SignedListener] = []


def when_signed(listener: SignedListener) -> None:
    """Call listener(act, contract) when both sides have signed and sealed; runs inside the transaction."""
    if listener not in SIGNED:
        SIGNED.append(listener)


def when_taken_over(listener: SignedListener) -> None:
    """Call listener(act, contract) when a contract of before the site went live is taken over; runs inside the transaction."""
    if listener not in TAKEN_OVER:
        TAKEN_OVER.append(listener)


def when_closed(listener: ClosedListener) -> None:
    """Call listener(act, order) when an order is no longer live (释放, 退订, 挞定, 退房 …); runs inside the transaction."""
    if listener not in CLOSED:
        CLOSED.append(listener)


def when_payment_changed(listener: PaymentListener) -> None:
    """Call listener(act, order) when an executed 变更付款方式 gave the order another plan; runs inside the transaction."""
    if listener not in REPLANNED:
        REPLANNED.append(listener)
