"""Writing an import: buildings, units and one 录入单 in one transaction, sums checked again before the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.organisation.parameters import parameter
from app.features.units.effects import locked_unit
from app.features.units.entries.effects import EntryOrigin, may_edit_units, open_entry
from app.features.units.home_names import building_place
from app.features.units.imports.rules import (
    Change,
    ImportPlan,
    StoredUnit,
    filed_prices,
    plan_import,
    product_of,
    purpose_of,
)
from app.features.units.models import Building, EntryKind, Product, Unit, UnitEntry, UnitState, UnitType
from app.features.units.price_changes import StoredHome
from app.features.units.price_fields import SheetMapping, propose
from app.features.units.price_rows import HomeKey, UnitRow
from app.features.units.price_table import parse_price_table
from app.kernel.actors import Actor
from app.kernel.errors import RuleError, StaleError
from app.kernel.spreadsheets import Sheet
from app.kernel.transactions import write
from app.kernel.workflow import as_step

LISTED_CHANGES = 50


@dataclass(frozen=True)
class ImportFile:
    """The upload: its name and SHA-256."""

    name: str
    digest: str


def stored_units(session: Session, project_id: int) -> dict[HomeKey, StoredUnit]:
    """Every unit of the project by what makes it the same home."""
    query = (
        select(
            Unit.id, Unit.state, Building.name, Unit.section, Unit.floor, Unit.room, Unit.building_area, Unit.inner_area,
            Unit.filed_unit_price,
        )
        .join(Building, Building.id == Unit.building_id)
        .where(Unit.project_id == project_id)
    )  # fmt: skip
    return {
        HomeKey(building, section, floor, room): StoredUnit(unit_id, state, StoredHome(area, inner, price))
        for unit_id, state, building, section, floor, room, area, inner, price in session.execute(query)
    }


def plan(
    session: Session, project_id: int, sheets: Sequence[Sheet], mappings: Sequence[SheetMapping] | None = None
) -> ImportPlan:
    """What the workbook would do to the project's units; nothing is written."""
    chosen = propose(sheets).mappings if mappings is None else mappings
    purpose = purpose_of(chosen)
    table = parse_price_table(sheets, purpose, mappings)
    names = session.scalars(select(Building.name).where(Building.project_id == project_id))
    return plan_import(purpose, table, stored_units(session, project_id), names)


def commit(
    session: Any,
    actor: Actor,
    project_id: int,
    sheets: Sequence[Sheet],
    mappings: Sequence[SheetMapping] | None,
    file: ImportFile,
) -> tuple[ImportPlan, UnitEntry | None]:
    """Plan again on the locked present and write all or nothing; entry None = there was nothing to write.

    Raises RuleError when something forbids the import, StaleError when a unit was released meanwhile.
    """

    def work() -> tuple[ImportPlan, UnitEntry | None]:
        may_edit_units(actor, project_id)
        made = plan(session, project_id, sheets, mappings)
        if made.blocking:
            raise RuleError(
                "文件有 {count} 处错误，一套也没有导入。第一处：{first}",
                count=len(made.blocking),
                first=str(made.blocking[0]),
            )
        if made.nothing_to_do:
            return made, None
        with as_step(session):
            new, changed = _homes(session, project_id, made, actor)
        entry = open_entry(session, actor, project_id, changed, _origin(made, file), new)
        _sums_must_agree(session, entry, len(new) + len(changed))
        return made, entry

    return write(session, work)


def _homes(
    session: Session, project_id: int, made: ImportPlan, actor: Actor
) -> tuple[list[dict[str, Any]], list[Unit]]:
    """Values of the new homes, and the known ones as the table changes them; unsaved: they are written once, with their entry."""
    rounding = parameter(session, project_id, "list_total_rounding")
    buildings = _buildings(session, project_id, made)
    types = {t.name: t.id for t in session.scalars(select(UnitType).where(UnitType.project_id == project_id))}
    new = [_new_home(row, buildings[row.building], types.get(row.layout), rounding) for row in made.new]
    return new, [_changed_unit(session, change, rounding, actor) for change in made.applied]


@dataclass(frozen=True)
class _Place:
    """What a new home takes from its building."""

    id: int
    permit_id: int | None


def _buildings(session: Session, project_id: int, made: ImportPlan) -> dict[str, _Place]:
    """Known buildings by name, with those that the table names for the first time."""
    known = {b.name: b for b in session.scalars(select(Building).where(Building.project_id == project_id))}
    rows: dict[str, list[UnitRow]] = {name: [] for name in made.buildings}
    for row in made.new:
        if row.building in rows:
            rows[row.building].append(row)
    for position, name in enumerate(sorted(rows, key=building_place), len(known) + 1):
        known[name] = Building(
            project_id=project_id,
            name=name,
            floors=max(row.floor for row in rows[name]),
            sections=len({row.section for row in rows[name]}),
            position=position,
        )
        session.add(known[name])
    session.flush()
    return {name: _Place(building.id, building.permit_id) for name, building in known.items()}


def _new_home(row: UnitRow, building: _Place, type_id: int | None, rounding: str) -> dict[str, Any]:
    area, inner = row.building_area, row.inner_area
    if area is None or inner is None:
        raise RuleError("{name} 缺少面积", name=row.full_name)
    unit_price, total = filed_prices(row, area, inner, rounding)
    return {
        "building_id": building.id, "section": row.section, "floor": row.floor, "room": row.room, "full_name": row.full_name,
        "product": product_of(row.product) or Product.HIGH_RISE, "unit_type_id": type_id, "aspect": row.orientation,
        "building_area": area, "inner_area": inner, "filed_unit_price": unit_price, "filed_total": total,
        "permit_id": building.permit_id,
    }  # fmt: skip


def _changed_unit(session: Session, change: Change, rounding: str, actor: Actor) -> Unit:
    unit = locked_unit(session, change.unit_id, actor)
    if unit.state is not UnitState.WAIT:
        raise StaleError("{unit} 刚刚推出，请重新核对后再导入", unit=unit.full_name)
    row = change.row
    if row.building_area is not None and not row.derived_area:
        unit.building_area = row.building_area
    unit.inner_area = row.inner_area if row.inner_area is not None else unit.inner_area
    if row.unit_price is not None or row.total_price is not None:
        unit.filed_unit_price, unit.filed_total = filed_prices(row, unit.building_area, unit.inner_area, rounding)
    return unit


def _origin(made: ImportPlan, file: ImportFile) -> EntryOrigin:
    sums = made.table.sums
    details = {
        "sums": {
            "count": sums.count,
            "building_area": str(sums.building_area),
            "inner_area": str(sums.inner_area),
            "value": str(sums.value),
        },
        "changes": [change.words for change in made.applied],
    }
    lines = [made.summary, *(change.words for change in made.applied[:LISTED_CHANGES])]
    if len(made.applied) > LISTED_CHANGES:
        lines.append(f"……共 {len(made.applied)} 套有更新，全部列在「更新明细」里")
    return EntryOrigin(EntryKind.IMPORT, "\n".join(lines), file.name, file.digest, details)


def _sums_must_agree(session: Session, entry: UnitEntry, units: int) -> None:
    """What the database holds now is what was read: counted and added by the database itself."""
    session.flush()
    count, area, inner = session.execute(
        select(func.count(Unit.id), func.sum(Unit.building_area), func.sum(Unit.inner_area)).where(
            Unit.entry_id == entry.id
        )
    ).one()
    if (count, area, inner) != (units, entry.building_area, entry.inner_area):
        raise RuleError("导入后的合计与文件不一致，已全部撤销：{count} 套，{area} ㎡", count=count, area=area)
