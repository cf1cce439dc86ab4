"""Two price versions held against each other, plain functions on values (yuan, ㎡). Averages are Σ amount ÷ Σ area (02 §2.3.9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.money import half_up


@dataclass(frozen=True)
class Compared:
    """One home: its prices in the earlier and the later version; None = not in that version."""

    unit_id: int
    name: str
    building: str
    area: Decimal
    before: Decimal | None
    before_total: Decimal | None
    after: Decimal | None
    after_total: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """Yuan per ㎡, later minus earlier; None where one side is missing."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def percent(self) -> Decimal | None:
        """The change in per cent of the earlier price, two places."""
        change = self.change
        return None if change is None or not self.before else half_up(change / self.before * 100)

    @property
    def total_change(self) -> Decimal | None:
        """Yuan of the whole home."""
        if self.before_total is None or self.after_total is None:
            return None
        return self.after_total - self.before_total


@dataclass(frozen=True)
class Summary:
    """Homes that both versions price: how many, up, down, the sums and the averages."""

    label: str
    homes: int
    up: int
    down: int
    added: int
    dropped: int
    before_total: Decimal
    after_total: Decimal
    before_average: Decimal | None
    after_average: Decimal | None

    @property
    def change(self) -> Decimal:
        """Yuan, of the homes that both versions price."""
        return self.after_total - self.before_total

    @property
    def percent(self) -> Decimal | None:
        """Per cent of the earlier sum; None when there was nothing."""
        return half_up(self.change / self.before_total * 100) if self.before_total else None


def summed(label: str, rows: Iterable[Compared]) -> Summary:
    """Only homes with both prices count in sums and averages, so that the change is one of price alone."""
    every = list(rows)
    both = [row for row in every if row.change is not None]
    area = sum((row.area for row in both), Decimal(0))
    before = sum((row.before_total or Decimal(0) for row in both), Decimal(0))
    after = sum((row.after_total or Decimal(0) for row in both), Decimal(0))
    return Summary(
        label, len(both), sum((row.change or 0) > 0 for row in both), sum((row.change or 0) < 0 for row in both),
        sum(row.before is None and row.after is not None for row in every),
        sum(row.after is None and row.before is not None for row in every),
        before, after, half_up(before / area) if area else None, half_up(after / area) if area else None,
    )  # fmt: skip


def by_building(rows: Sequence[Compared], total: str) -> list[Summary]:
    """One summary a building in the order of the rows, the whole last."""
    names = list(dict.fromkeys(row.building for row in rows))
    return [*(summed(name, [row for row in rows if row.building == name]) for name in names), summed(total, rows)]
