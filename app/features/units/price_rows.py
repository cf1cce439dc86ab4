"""What reading a price table yields: homes with prices, everything that is wrong with them, and the sums to compare."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from app.features.units.home_names import full_name
from app.features.units.price_fields import SheetMapping
from app.kernel.errors import RuleError

# A line that starts so adds up homes, it is none.
TOTALS_LINE = re.compile(r"^\s*(合|总|小|共)\s*计")


class HomeKey(NamedTuple):
    """What makes two rows the same home."""

    building: str
    section: str
    floor: int
    room: str


@dataclass(frozen=True)
class UnitRow:
    """One home as the table gives it: areas in ㎡, unit_price in yuan per ㎡, total_price in yuan as written.

    None = the table does not say. derived_area: building_area was computed from total and unit price. line counts from
    1 as Excel shows it.
    """

    building: str
    section: str
    floor: int
    room: str
    sheet: str
    line: int
    building_area: Decimal | None = None
    inner_area: Decimal | None = None
    unit_price: Decimal | None = None
    total_price: Decimal | None = None
    layout: str = ""
    orientation: str = ""
    product: str = ""
    derived_area: bool = False

    @property
    def key(self) -> HomeKey:
        """To find the home again."""
        return HomeKey(self.building, self.section, self.floor, self.room)

    @property
    def full_name(self) -> str:
        """«云栖里1栋1单元701»."""
        return full_name(self.building, self.section, self.room)


@dataclass(frozen=True)
class Problem:
    """One thing wrong, with its place; a blocking one forbids the import, any other is to be read and may be accepted.

    reason is the refusal (Chinese template and values, for translation); value the cell as read; line from 1, 0 for the
    sheet as a whole.
    """

    sheet: str
    line: int
    column: str
    reason: RuleError
    value: str = ""
    blocking: bool = True

    def __str__(self) -> str:
        """«预售项目·第 12 行·列『建筑面积』：…» (04 R10)."""
        place = self.sheet
        if self.line:
            place += f"·第 {self.line} 行"
        if self.column:
            place += f"·列『{self.column}』"
        return f"{place}：{self.reason}"


@dataclass(frozen=True)
class Sums:
    """The figures that a person compares with the paper: count of homes, ㎡, Σ unit price × area in yuan, unrounded.

    without_area and without_price count the homes that the sums cannot contain.
    """

    count: int = 0
    building_area: Decimal = Decimal(0)
    inner_area: Decimal = Decimal(0)
    value: Decimal = Decimal(0)
    per_building: dict[str, int] = field(default_factory=dict)
    lowest_floor: int | None = None
    highest_floor: int | None = None
    without_area: int = 0
    without_price: int = 0


@dataclass(frozen=True)
class PriceTable:
    """A price table as read. ignored: (sheet, reason); skipped: (sheet, line, text) of totals and sign lines."""

    rows: tuple[UnitRow, ...]
    problems: tuple[Problem, ...]
    sums: Sums
    mappings: tuple[SheetMapping, ...]
    ignored: tuple[tuple[str, str], ...] = ()
    skipped: tuple[tuple[str, int, str], ...] = ()

    @property
    def may_import(self) -> bool:
        """Whether nothing blocks and there is something to bring in."""
        return bool(self.rows) and not any(problem.blocking for problem in self.problems)


def sums_of(rows: Sequence[UnitRow]) -> Sums:
    """The sums of the rows."""
    floors = [row.floor for row in rows]
    return Sums(
        count=len(rows),
        building_area=sum((row.building_area or Decimal(0) for row in rows), Decimal(0)),
        inner_area=sum((row.inner_area or Decimal(0) for row in rows), Decimal(0)),
        value=sum(((row.unit_price or Decimal(0)) * (row.building_area or Decimal(0)) for row in rows), Decimal(0)),
        per_building=dict(Counter(row.building for row in rows)),
        lowest_floor=min(floors, default=None),
        highest_floor=max(floors, default=None),
        without_area=sum(row.building_area is None for row in rows),
        without_price=sum(row.unit_price is None for row in rows),
    )


def repeated_homes(rows: Iterable[UnitRow]) -> list[Problem]:
    """A problem for each row that names a home which an earlier row names already."""
    first: dict[HomeKey, UnitRow] = {}
    problems: list[Problem] = []
    for row in rows:
        earlier = first.setdefault(row.key, row)
        if earlier is not row:
            reason = RuleError(
                "与工作表“{sheet}”第 {line} 行是同一户（{name}）",
                sheet=earlier.sheet,
                line=earlier.line,
                name=row.full_name,
            )
            problems.append(Problem(row.sheet, row.line, "房号", reason, row.room))
    return problems
