"""What does a price table change about the homes that are stored already? Shown before anything is written (04 R10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.features.units.price_rows import HomeKey, UnitRow

_CUT_OR_ROUNDED = Decimal(1)  # yuan: a total may have been cut to whole yuan


@dataclass(frozen=True)
class StoredHome:
    """The figures of a stored unit: ㎡ and yuan per ㎡, None = not set."""

    building_area: Decimal | None
    inner_area: Decimal | None
    unit_price: Decimal | None


@dataclass(frozen=True)
class Difference:
    """One figure that the table gives differently: field key of price_fields, before (stored) and after (table)."""

    key: str
    before: Decimal | None
    after: Decimal


@dataclass(frozen=True)
class Changes:
    """The table sorted by what it means for the stored homes; absent are stored homes that the table does not name."""

    new: tuple[UnitRow, ...]
    changed: tuple[tuple[UnitRow, tuple[Difference, ...]], ...]
    same: tuple[UnitRow, ...]
    absent: tuple[HomeKey, ...]


def changes_against(rows: Iterable[UnitRow], stored: Mapping[HomeKey, StoredHome]) -> Changes:
    """Compare each row with the stored home of the same key; what the table does not say is no difference."""
    new: list[UnitRow] = []
    changed: list[tuple[UnitRow, tuple[Difference, ...]]] = []
    same: list[UnitRow] = []
    named: set[HomeKey] = set()
    for row in rows:
        named.add(row.key)
        home = stored.get(row.key)
        if home is None:
            new.append(row)
            continue
        differences = _differences(row, home)
        if differences:
            changed.append((row, differences))
        else:
            same.append(row)
    return Changes(tuple(new), tuple(changed), tuple(same), tuple(key for key in stored if key not in named))


def _differences(row: UnitRow, home: StoredHome) -> tuple[Difference, ...]:
    pairs = [
        ("building_area", home.building_area, row.building_area),
        ("inner_area", home.inner_area, row.inner_area),
        ("unit_price", home.unit_price, row.unit_price),
    ]
    found = [Difference(key, before, after) for key, before, after in pairs if after is not None and after != before]
    if row.unit_price is None and row.total_price is not None:
        before = _total(home)
        if before is None or abs(before - row.total_price) > _CUT_OR_ROUNDED:
            found.append(Difference("total_price", before, row.total_price))
    return tuple(found)


def _total(home: StoredHome) -> Decimal | None:
    if home.unit_price is None or home.building_area is None:
        return None
    return home.unit_price * home.building_area
