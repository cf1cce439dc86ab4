"""Reading the matrix layout: floors down, positions across, a sheet of unit prices and one of totals.

A matrix has no inner areas. With both sheets the building area follows from total ÷ unit price, taken only when it gives
that very total back; so a matrix checks and changes the prices of known homes, but cannot found new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from app.features.units.home_names import building_name, floor_number, room_on_floor, section_name
from app.features.units.price_fields import LABELS, Layout, SheetMapping
from app.features.units.price_merges import MergedColumns
from app.features.units.price_rows import TOTALS_LINE, HomeKey, Problem, UnitRow
from app.kernel.cells import is_blank
from app.kernel.errors import RuleError
from app.kernel.money_units import in_yuan, scale_of
from app.kernel.spreadsheets import Sheet

_HUNDREDTH = Decimal("0.01")
# Yuan per ㎡: below, a hundredth of a ㎡ is worth less than the two yuan that cutting or rounding leaves open.
_SEVERAL_AREAS_BELOW = 200


class Price(NamedTuple):
    """A price (yuan) and where it was read."""

    amount: Decimal
    sheet: str
    line: int


Priced = dict[HomeKey, Price]


class MatrixReader:
    """Reads all matrix sheets of a workbook and joins the two kinds of price home by home."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.skipped: list[tuple[str, int, str]] = []
        self._prices: dict[Layout, Priced] = {Layout.UNIT_PRICES: {}, Layout.TOTAL_PRICES: {}}

    def add(self, sheet: Sheet, mapping: SheetMapping) -> None:
        """Read one sheet; an unknown kind of price and repeated positions are problems of the sheet."""
        if mapping.layout not in self._prices:
            self._note_sheet(sheet, RuleError("看不出这张矩阵表是单价还是总价，请选定，或在工作表名里写明"))
            return
        names = list(mapping.positions.values())
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._note_sheet(sheet, RuleError("表头里有两列都是“{name}”位置，请改正", name=name))
        merged = MergedColumns(sheet, mapping.columns)
        for index in range(mapping.last + 1, len(sheet.rows)):
            self._read_line(sheet, mapping, merged, index)

    def rows(self) -> list[UnitRow]:
        """The homes, each with what its sheets say; a home in one of two sheets only is noted."""
        unit, total = self._prices[Layout.UNIT_PRICES], self._prices[Layout.TOTAL_PRICES]
        rows = [self._row(key, place, unit.get(key), total.get(key)) for key, place in {**total, **unit}.items()]
        if unit and total:
            self._note_lonely(unit, total, "总价表")
            self._note_lonely(total, unit, "单价表")
        return rows

    def _read_line(self, sheet: Sheet, mapping: SheetMapping, merged: MergedColumns, index: int) -> None:
        filled = [at for at in mapping.positions if not is_blank(sheet.cell(index, at))]
        if not filled:
            return
        texts = [value for value in sheet.rows[index] if isinstance(value, str)]
        if texts and TOTALS_LINE.match(texts[0]):
            self.skipped.append((sheet.name, index + 1, texts[0]))
            return
        place = {key: merged.cell(index, at) for at, key in mapping.columns.items()}
        try:
            key = "building"
            building = building_name(place.get("building"))
            section = section_name(place.get("section"))
            key = "floor"
            floor = floor_number(place.get("floor"))
            if floor is None:
                raise RuleError("楼层为空")
        except RuleError as reason:
            self.problems.append(Problem(sheet.name, index + 1, LABELS[key], reason, str(place.get(key) or "")))
            return
        for at in filled:
            _, room = room_on_floor(mapping.positions[at], floor)
            self._read_price(sheet, mapping, (index, at), HomeKey(building, section, floor, room))

    def _read_price(self, sheet: Sheet, mapping: SheetMapping, at: tuple[int, int], home: HomeKey) -> None:
        value, line = sheet.cell(*at), at[0] + 1
        try:
            price = in_yuan(value, scale_of(sheet, mapping.first, ""))
            if price is None or price <= 0:
                raise RuleError("“{number}”必须大于 0", number=value)
            earlier = self._prices[mapping.layout].get(home)
            if earlier:
                raise RuleError("与工作表“{sheet}”第 {line} 行是同一户", sheet=earlier.sheet, line=earlier.line)
        except RuleError as reason:
            self.problems.append(Problem(sheet.name, line, mapping.positions[at[1]], reason, str(value)))
            return
        self._prices[mapping.layout][home] = Price(price, sheet.name, line)

    def _row(self, home: HomeKey, place: Price, unit: Price | None, total: Price | None) -> UnitRow:
        area = derived_area(total.amount, unit.amount) if unit and total else None
        if unit and total and area is None:
            reason = RuleError("由总价和单价算不出准确的面积（总价可能经过取整），请核对")
            self._note_home(total, home, reason)
        return UnitRow(
            *home,
            sheet=place.sheet,
            line=place.line,
            building_area=area,
            unit_price=unit.amount if unit else None,
            total_price=total.amount if total else None,
            derived_area=area is not None,
        )

    def _note_lonely(self, these: Priced, others: Priced, other_name: str) -> None:
        for home, price in these.items():
            if home not in others:
                self._note_home(price, home, RuleError("{other}里没有这一户", other=other_name))

    def _note_home(self, price: Price, home: HomeKey, reason: RuleError) -> None:
        self.problems.append(Problem(price.sheet, price.line, home.room, reason, str(price.amount), blocking=False))

    def _note_sheet(self, sheet: Sheet, reason: RuleError) -> None:
        self.problems.append(Problem(sheet.name, 0, "", reason))


def derived_area(total: Decimal, unit_price: Decimal) -> Decimal | None:
    """The area (㎡, 2 places) of which unit_price makes this total, cut or rounded to whole yuan; None if there is none.

    derived_area(1132741, 12803.68) = 88.47.
    """
    if unit_price < _SEVERAL_AREAS_BELOW:
        return None
    area = (total / unit_price).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)
    return area if area > 0 and abs(area * unit_price - total) < 1 else None


def needs_known_homes(mappings: Sequence[SheetMapping]) -> list[Problem]:
    """The refusal of new homes from matrices, one per sheet."""
    reason = "矩阵表没有套内面积，不能用来新建房源，只能核对或更新已有房源的价格"
    return [Problem(each.sheet, 0, "", RuleError(reason)) for each in mappings if each.layout != Layout.LIST]
