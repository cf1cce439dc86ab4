"""Prices from a table into a draft 价目表: what it would do, then all of it or nothing (02 §2.5.12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.features.pricing.effects.lines import Prices, draft_of, put_prices
from app.features.pricing.models import PriceLine, PriceList
from app.features.pricing.rules import list_total
from app.features.pricing.rules.readings import list_rounding, priced_home
from app.features.units.models import SOLD, Unit
from app.features.units.price_rows import Problem, UnitRow
from app.kernel.actors import Actor
from app.kernel.errors import RuleError
from app.kernel.imports.lookups import chunks
from app.kernel.transactions import write
from app.kernel.workflow import as_step


@dataclass(frozen=True)
class NewPrice:
    """One home of the table: the prices that its line would have, and the one of this kind that it has now."""

    row: UnitRow
    unit: Unit
    prices: Prices
    before: Decimal | None
    total: Decimal

    @property
    def old_total(self) -> Decimal:
        """The list total that the home has now, 0 without a list price."""
        return self.unit.list_total or Decimal(0)


@dataclass(frozen=True)
class PricePlan:
    """What a table would do to a draft, and every line of it that does not fit."""

    lines: tuple[NewPrice, ...]
    faults: tuple[Problem, ...]

    @property
    def changed(self) -> tuple[NewPrice, ...]:
        """The homes whose price of this kind becomes another one."""
        return tuple(line for line in self.lines if line.row.unit_price != line.before)


def plan_prices(session: Session, paper: PriceList, rows: Sequence[UnitRow], column: str) -> PricePlan:
    """Match the lines with the homes by their full names; nothing is written. column: which price the table holds, list, filed or floor."""
    units: dict[str, Unit] = {}
    for some in chunks(sorted({row.full_name for row in rows})):
        query = select(Unit).where(Unit.project_id == paper.project_id, Unit.full_name.in_(some))
        units |= {unit.full_name: unit for unit in session.scalars(query)}
    known = {line.unit_id: line for line in paper.lines}
    faults, lines = [], []
    for row in rows:
        unit = units.get(row.full_name)
        fault = _fault(row, unit, column, known)
        if fault is not None or unit is None:
            faults.append(fault)
        else:
            lines.append(_new_price(paper, row, unit, column, known))
    return PricePlan(tuple(lines), tuple(filter(None, faults)))


def import_prices(session: Any, list_id: int, actor: Actor, rows: Sequence[UnitRow], column: str) -> int:
    """Write the prices of a table. Returns how many lines; raises RuleError with the first line that does not fit, else as draft_of."""

    def work() -> int:
        paper = draft_of(session, list_id, actor, None)
        plan = plan_prices(session, paper, rows, column)
        if plan.faults:
            raise RuleError(
                "有 {n} 行不能导入，一行也没有写入。第一处：{first}", n=len(plan.faults), first=str(plan.faults[0])
            )
        with as_step(session):
            count = put_prices(session, paper, [(line.unit, line.prices) for line in plan.lines])
            flag_modified(paper, "updated_by")  # the lines are part of the paper: its version moves with them
            session.flush()
        return count

    return write(session, work)


def _fault(row: UnitRow, unit: Unit | None, column: str, known: Mapping[int, PriceLine]) -> Problem | None:
    """Why a line of the table does not fit; None when it does."""
    if unit is None:
        return _at(row, "房号", row.full_name, RuleError("没有这套房源"))
    if unit.state in SOLD:
        return _at(row, "房号", row.full_name, RuleError("已售，不能改价"))
    if row.unit_price is None:
        return _at(row, "单价", "", RuleError("没有单价"))
    if row.building_area is not None and row.building_area != unit.building_area:
        reason = RuleError(
            "{unit} 的建筑面积 {area} 与房源资料 {stored} 不一致", unit=row.full_name, area=row.building_area, stored=unit.building_area
        )  # fmt: skip
        return _at(row, "建筑面积", str(row.building_area), reason)
    if column != "list" and unit.id not in known and unit.list_unit_price is None:
        return _at(row, "单价", row.full_name, RuleError("还没有表价，请先导入表价"))
    return None


def _at(row: UnitRow, column: str, value: str, reason: RuleError) -> Problem:
    return Problem(row.sheet, row.line, column, reason, value)


def _new_price(paper: PriceList, row: UnitRow, unit: Unit, column: str, known: Mapping[int, PriceLine]) -> NewPrice:
    """The prices that the line or the unit has, with the imported one in its place."""
    has: Any = known.get(unit.id, unit)
    prices = {"list": has.list_unit_price, "floor": has.floor_unit_price, "filed": has.filed_unit_price}
    before, prices[column] = prices[column], row.unit_price
    total = list_total(priced_home(unit, prices["list"]), list_rounding(paper))
    return NewPrice(row, unit, Prices(prices["list"], prices["floor"], prices["filed"]), before, total)
