"""What would an import do? The table against the stored units, as a plan to be shown before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.features.units.models import PricingBasis, Product, UnitState
from app.features.units.price_changes import Difference, StoredHome, changes_against
from app.features.units.price_fields import LABELS, Layout, Purpose, SheetMapping
from app.features.units.price_rows import HomeKey, PriceTable, Problem, UnitRow
from app.features.units.rules import total_price
from app.kernel.errors import RuleError
from app.kernel.money import half_up

_RESIDENTIAL = ("住宅", "普通住宅", "商品住宅")
MAX_ASPECT, MAX_NAME = 16, 32


@dataclass(frozen=True)
class StoredUnit:
    """A unit as stored, for the comparison."""

    id: int
    state: UnitState
    home: StoredHome


@dataclass(frozen=True)
class Change:
    """A stored unit that the table gives differently; applied only while it is 未推."""

    row: UnitRow
    unit_id: int
    differences: tuple[Difference, ...]
    applies: bool

    @property
    def words(self) -> str:
        """«3栋1单元1102：单价 12800.00→12900.00»."""
        parts = (f"{LABELS[d.key]} {'—' if d.before is None else d.before}→{d.after}" for d in self.differences)
        return f"{self.row.full_name}：{'，'.join(parts)}"


@dataclass(frozen=True)
class Expected:
    """Sums that a person typed from the paper; None = not typed."""

    count: int | None = None
    building_area: Decimal | None = None
    inner_area: Decimal | None = None
    value: Decimal | None = None


@dataclass(frozen=True)
class ImportPlan:
    """Everything that an import would do and everything that is wrong."""

    purpose: Purpose
    table: PriceTable
    problems: tuple[Problem, ...]
    new: tuple[UnitRow, ...]
    changes: tuple[Change, ...]
    same: tuple[UnitRow, ...]
    absent: tuple[HomeKey, ...]
    buildings: tuple[str, ...]  # to be made

    @property
    def applied(self) -> tuple[Change, ...]:
        """The changes that would be written."""
        return tuple(change for change in self.changes if change.applies)

    @property
    def blocking(self) -> tuple[Problem, ...]:
        """The problems that forbid the import."""
        return tuple(problem for problem in self.problems if problem.blocking)

    @property
    def nothing_to_do(self) -> bool:
        """Whether the table brings nothing that is not stored."""
        return not self.new and not self.applied

    @property
    def may_commit(self) -> bool:
        """Whether there is something to write and nothing forbids it."""
        return not self.blocking and not self.nothing_to_do

    @property
    def summary(self) -> str:
        """«0 套新增，292 套已存在且一致»."""
        parts = [f"{len(self.new)} 套新增"]
        if self.same or not self.changes:
            parts.append(f"{len(self.same)} 套已存在且一致")
        if self.applied:
            parts.append(f"{len(self.applied)} 套未推房源更新")
        kept = len(self.changes) - len(self.applied)
        if kept:
            parts.append(f"{kept} 套已推出，保持原值")
        return "，".join(parts)


def purpose_of(mappings: Sequence[SheetMapping]) -> Purpose:
    """New homes when every sheet is a list with areas, else a change of prices of known homes."""
    lists = [m for m in mappings if m.layout == Layout.LIST and m.column_of("building_area") is not None]
    return Purpose.NEW_UNITS if lists and len(lists) == len(mappings) else Purpose.PRICES


def plan_import(
    purpose: Purpose, table: PriceTable, stored: Mapping[HomeKey, StoredUnit], buildings: Iterable[str]
) -> ImportPlan:
    """Compare the table with the stored units; for prices an unknown home is a problem."""
    changes = changes_against(table.rows, {key: unit.home for key, unit in stored.items()})
    problems = [*table.problems, *(fault for row in table.rows for fault in _faults(row))]
    new = changes.new
    if purpose == Purpose.PRICES:
        problems += [
            Problem(r.sheet, r.line, LABELS["room"], RuleError("没有房源“{name}”，请先录入", name=r.full_name), r.room)
            for r in new
        ]
        new = ()
    found = tuple(
        Change(row, stored[row.key].id, differences, stored[row.key].state is UnitState.WAIT)
        for row, differences in changes.changed
    )
    known = set(buildings)
    missing = tuple(dict.fromkeys(row.building for row in new if row.building not in known))
    return ImportPlan(purpose, table, tuple(problems), new, found, changes.same, changes.absent, missing)


def _faults(row: UnitRow) -> list[Problem]:
    """What the units refuse although the table is well formed."""
    found: list[tuple[str, RuleError, str]] = []
    if row.product and product_of(row.product) is None:
        words = "、".join(member.label for member in Product)
        found.append(("product", RuleError("产品类型不认识，请写成：{words}", words=words), row.product))
    if len(row.orientation) > MAX_ASPECT:
        found.append(("orientation", RuleError("朝向最多 {n} 个字", n=MAX_ASPECT), row.orientation))
    for key, text, limit in (
        ("building", row.building, MAX_NAME),
        ("section", row.section, 16),
        ("room", row.room, 16),
    ):
        if len(text) > limit:
            found.append((key, RuleError("最多 {n} 个字", n=limit), text))
    for key, number in (
        ("building_area", row.building_area), ("inner_area", row.inner_area), ("unit_price", row.unit_price), ("total_price", row.total_price)
    ):  # fmt: skip
        if number is not None and not row.derived_area and number != half_up(number):
            found.append((key, RuleError("最多只能有 2 位小数"), str(number)))
    return [Problem(row.sheet, row.line, LABELS[key], why, value) for key, why, value in found]


def product_of(text: str) -> Product | None:
    """A product type by its word; blank and «住宅» are the ordinary flat."""
    if not text or text in _RESIDENTIAL:
        return Product.HIGH_RISE
    return Product.labelled(text)


def filed_prices(
    row: UnitRow, building_area: Decimal, inner_area: Decimal, rounding: str
) -> tuple[Decimal | None, Decimal | None]:
    """(备案单价, 备案总价) in yuan: the table's own total wins, a missing one is computed, both None without a price."""
    unit, total = row.unit_price, row.total_price
    if unit is None and total is not None:
        unit = half_up(total / building_area)
    if unit is not None and total is None:
        total = total_price(unit, building_area, inner_area, PricingBasis.BUILDING_AREA, rounding)
    return unit, total


def read_expected(form: Mapping[str, str]) -> Expected:
    """The sums that a person typed; anything unreadable raises a RuleError beside its field."""
    count = _number(form, "expected_count")
    if count is not None and count != int(count):
        raise RuleError("套数应为整数", field="expected_count")
    return Expected(
        None if count is None else int(count),
        _number(form, "expected_building_area"),
        _number(form, "expected_inner_area"),
        _number(form, "expected_value"),
    )


def _number(form: Mapping[str, str], name: str) -> Decimal | None:
    text = form.get(name, "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise RuleError("「{text}」不是数字", field=name, text=text[:20]) from None
    if not number.is_finite():
        raise RuleError("「{text}」不是数字", field=name, text=text[:20])
    return number
