"""What the reports count, plain functions on values (yuan): age of debts, sums of one group."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)
AGES = ((0, "未到期"), (30, "1—30 天"), (60, "31—60 天"), (90, "61—90 天"), (None, "90 天以上"))


def age_of(payable_on: date | None, today: date) -> int:
    """The place in AGES of a debt: 0 = not late, 4 = more than ninety days."""
    late = (today - payable_on).days if payable_on is not None else 0
    return next(place for place, (most, _word) in enumerate(AGES) if most is None or late <= most)


@dataclass
class Debt:
    """An open row: whose it is, how old, how much is open."""

    row_id: int
    account_id: int
    group: Hashable
    age: int
    open_amount: Decimal


@dataclass
class Line:
    """One group of a report. owed: all rows; due: those payable until today; settled: what paid rows; booked: by the ledger.

    prepaid: booked toward the price and paying no row yet; 代收费, 手续费, 滞纳金 never wait for a row.
    """

    owed: Decimal = ZERO
    due: Decimal = ZERO
    settled: Decimal = ZERO
    arrears: Decimal = ZERO
    booked: Decimal = ZERO
    prepaid: Decimal = ZERO


@dataclass
class Report:
    """Groups with their sums; the order is that of first sight until somebody sorts."""

    lines: dict[Hashable, Line] = field(default_factory=dict)

    def of(self, group: Hashable) -> Line:
        return self.lines.setdefault(group, Line())

    @property
    def total(self) -> Line:
        """All groups together."""
        lines = list(self.lines.values())
        return Line(
            *(
                sum((getattr(line, name) for line in lines), ZERO)
                for name in ("owed", "due", "settled", "arrears", "booked", "prepaid")
            )
        )


def aged(debts: Iterable[Debt]) -> dict[Hashable, list[Decimal]]:
    """Open yuan by group and age."""
    found: dict[Hashable, list[Decimal]] = {}
    for debt in debts:
        found.setdefault(debt.group, [ZERO] * len(AGES))[debt.age] += debt.open_amount
    return found
