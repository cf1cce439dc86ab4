"""How a late home's sum came about: its payments, each for its own days, adding up to the whole (02 §2.3.6 L6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.features.handover.late.models import LateHome
from app.kernel.money import half_up


@dataclass(frozen=True)
class PaymentLine:
    """Yuan paid, the first day that counts, the days, what they make payable."""

    paid: Decimal
    first_on: date
    days: int
    fee: Decimal


def payment_lines(line: LateHome) -> list[PaymentLine]:
    """Each payment of a line; the last one bears what rounding leaves, so that they add up to the line's sum."""
    parts = line.parts or ([[str(line.from_on), str(line.paid), line.days]] if line.amount else [])
    found: list[PaymentLine] = []
    left = line.amount
    for number, (day, amount, days) in enumerate(parts, 1):
        paid = Decimal(amount)
        fee = left if number == len(parts) else half_up(paid * line.rate * days)
        left -= fee
        found.append(PaymentLine(paid, date.fromisoformat(day) + timedelta(days=1), days, fee))
    return found
