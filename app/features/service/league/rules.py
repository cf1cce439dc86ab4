"""Who stands where, plain functions on values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.kernel.money import half_up

HUNDREDTHS = 2


@dataclass(frozen=True)
class Standing:
    """One consultant in a month; mean: of all three stars; None = nothing to count. rank None: too few ratings."""

    person_id: int
    count: int
    mean: Decimal | None
    check: int | None
    mystery: int | None
    complaints: int = 0
    rank: int | None = None


def mean_of(sums: Iterable[int], per: int) -> Decimal | None:
    """The mean of sums of `per` stars each, to hundredths, half up."""
    found = list(sums)
    return half_up(Decimal(sum(found)) / (len(found) * per), HUNDREDTHS) if found else None


def whole_mean(values: Iterable[int]) -> int | None:
    """The mean as a whole number, half up."""
    found = list(values)
    return int(half_up(Decimal(sum(found)) / len(found), 0)) if found else None


def ranked(standings: Iterable[Standing], few: int) -> list[Standing]:
    """Best mean first; who has fewer ratings than `few` stands behind without a rank; the same mean is the same rank."""
    found = sorted(standings, key=lambda s: (s.count < few, -(s.mean or Decimal(0)), -s.count, s.person_id))
    enough = [s.mean for s in found if s.count >= few]
    return [
        Standing(
            s.person_id,
            s.count,
            s.mean,
            s.check,
            s.mystery,
            s.complaints,
            enough.index(s.mean) + 1 if s.count >= few else None,
        )
        for s in found
    ]
