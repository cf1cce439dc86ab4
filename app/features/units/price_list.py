"""Reading the list layout: one home a line (02 §2.4 房源, §2.5.12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from app.features.units.home_names import building_name, floor_number, room_on_floor, section_name
from app.features.units.price_fields import LABELS, Purpose, SheetMapping
from app.features.units.price_merges import MergedColumns
from app.features.units.price_rows import TOTALS_LINE, Problem, UnitRow
from app.kernel.cells import as_code, as_decimal, as_text, is_blank
from app.kernel.errors import RuleError
from app.kernel.money_units import in_yuan, scale_of
from app.kernel.sheet_headers import normal
from app.kernel.spreadsheets import Sheet

# What one merged cell may say for several homes; an area or a total belongs to one home only.
_SHARED = ("building", "section", "floor", "unit_price", "layout", "orientation", "product")
_NOTES = re.compile(r"^\s*(制表|审核|复核|填表|备注|说明|注[:：])")
_TOTAL_MAY_DIFFER_BY = Decimal(1)  # whole yuan, cut or rounded

T = TypeVar("T")


class ListReader:
    """Reads one sheet line by line; collects homes, problems and the lines that are no homes."""

    def __init__(self, sheet: Sheet, mapping: SheetMapping, purpose: Purpose) -> None:
        self.sheet, self.mapping, self.purpose = sheet, mapping, purpose
        self.column = {key: index for index, key in mapping.columns.items()}
        self.merged = MergedColumns(sheet, [self.column[key] for key in _SHARED if key in self.column])
        self.heads = {head.index: head.text for head in mapping.heads}
        self.rows: list[UnitRow] = []
        self.problems: list[Problem] = []
        self.skipped: list[tuple[str, int, str]] = []

    def _price(self, key: str, value: object) -> Decimal | None:
        """In yuan, whatever unit the head or the line above the table names."""
        head = self.heads.get(self.column[key], "")
        return _positive(in_yuan(value, scale_of(self.sheet, self.mapping.first, head)))

    def read(self) -> None:
        """Read all lines below the header."""
        for index in range(self.mapping.last + 1, len(self.sheet.rows)):
            if not self._is_no_home(index):
                self._read_home(index)

    def _is_no_home(self, index: int) -> bool:
        """Blank lines, totals and signatures, and the header repeated on a printed page."""
        row = self.sheet.rows[index]
        filled = {column: value for column, value in enumerate(row) if not is_blank(value)}
        own = {key: filled[column] for key, column in self.column.items() if column in filled}
        if not own:
            if filled:
                self.skipped.append((self.sheet.name, index + 1, " ".join(map(str, filled.values()))))
            return True
        texts = [value for value in filled.values() if isinstance(value, str)]
        first = texts[0] if texts else ""
        is_note = TOTALS_LINE.match(first) or ("room" not in own and _NOTES.match(first))
        if is_note or all(self._is_its_own_head(key, value) for key, value in own.items()):
            self.skipped.append((self.sheet.name, index + 1, " ".join(texts)))
            return True
        return False

    def _is_its_own_head(self, key: str, value: object) -> bool:
        """Whether the cell says what stands above it, as on the next printed page."""
        text = normal(value) if isinstance(value, str) else ""
        return bool(text) and normal(self.heads.get(self.column[key], "")).endswith(text)

    def _read_home(self, index: int) -> None:
        found = len(self.problems)
        building = self._take(index, "building", self._building)
        section = self._take(index, "section", section_name)
        floor = self._take(index, "floor", floor_number)
        floor_is_wrong = len(self.problems) > found and floor is None and not is_blank(self._value(index, "floor"))
        placed = None if floor_is_wrong else self._take(index, "room", lambda value: room_on_floor(value, floor))
        areas = [self._take(index, key, self._area) for key in ("building_area", "inner_area")]
        price = self._take(index, "unit_price", lambda value: self._price("unit_price", value))
        total = self._take(index, "total_price", lambda value: self._price("total_price", value))
        self._check_sizes(index, areas[0], areas[1])
        if len(self.problems) == found:
            self._check_prices(index, areas[0], price, total)
        refused = any(problem.blocking for problem in self.problems[found:])
        if refused or building is None or placed is None:
            return
        self.rows.append(
            UnitRow(
                building=building,
                section=section or "",
                floor=placed[0],
                room=placed[1],
                sheet=self.sheet.name,
                line=index + 1,
                building_area=areas[0],
                inner_area=areas[1],
                unit_price=price,
                total_price=total,
                layout=self._take(index, "layout", as_text) or "",
                orientation=self._take(index, "orientation", as_text) or "",
                product=self._take(index, "product", as_text) or "",
            )
        )

    def _value(self, index: int, key: str) -> object:
        column = self.column.get(key)
        return None if column is None else self.merged.cell(index, column)

    def _take(self, index: int, key: str, turn: Callable[[object], T]) -> T | None:
        """The field's value, None when there is no such column or the cell is refused (noted)."""
        if key not in self.column:
            return None
        value = self._value(index, key)
        try:
            return turn(value)
        except RuleError as reason:
            self._note(index, key, reason)
            return None

    def _note(self, index: int, key: str, reason: RuleError, *, blocking: bool = True) -> None:
        head = self.heads.get(self.column[key], "") if key in self.column else ""
        seen = self._value(index, key)
        shown = "" if seen is None else str(seen)
        self.problems.append(Problem(self.sheet.name, index + 1, head or LABELS[key], reason, shown, blocking))

    def _building(self, value: object) -> str:
        if not as_code(value) and not self.sheet.keeps_merges:
            raise RuleError("楼栋为空；CSV 不保留合并单元格，请改传 .xlsx，或把每一行的楼栋填上")
        return building_name(value)

    def _area(self, value: object) -> Decimal | None:
        area = _positive(as_decimal(value, places=2))
        if area is None and self.purpose == Purpose.NEW_UNITS:
            raise RuleError("面积为空")
        return area

    def _check_sizes(self, index: int, building_area: Decimal | None, inner_area: Decimal | None) -> None:
        if building_area is not None and inner_area is not None and inner_area > building_area:
            reason = RuleError("套内面积 {inner} 大于建筑面积 {building}", inner=inner_area, building=building_area)
            self._note(index, "inner_area", reason)

    def _check_prices(self, index: int, area: Decimal | None, price: Decimal | None, total: Decimal | None) -> None:
        if price is None and total is None:
            key = "unit_price" if "unit_price" in self.column else "total_price"
            self._note(index, key, RuleError("单价和总价都是空的，至少填一个"))
        elif price is not None and total is not None and area is not None:
            gap = total - price * area
            if abs(gap) > _TOTAL_MAY_DIFFER_BY:
                reason = RuleError("总价与“单价×建筑面积”相差 {gap} 元，请核对", gap=format(gap.normalize(), ",f"))
                self._note(index, "total_price", reason, blocking=False)


def _positive(number: Decimal | None) -> Decimal | None:
    if number is not None and number <= 0:
        raise RuleError("“{number}”必须大于 0", number=format(number, "f"))
    return number
