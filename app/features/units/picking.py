"""Which units does a person mean? A building with floors, or full names line by line; for batches and control orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.units.models import Building, Unit
from app.kernel.asks import ask
from app.kernel.errors import RuleError

PICK = (
    ask("building", "楼栋", required=False, hint="例如：3栋；整栋只填这一项"),
    ask("section", "单元", required=False, hint="例如：1"),
    ask("first_floor", "起始楼层", "integer", required=False),
    ask("last_floor", "终止楼层", "integer", required=False),
    ask("names", "或逐套填写全名", "textarea", required=False, wide=True, hint="每行一套，例如：3栋1单元1102"),
)


def picked_units(session: Session, project_id: int, form: Mapping[str, Any]) -> list[Unit]:
    """The units of the project that the form means, by id. Raises RuleError when none or an unknown one is named."""
    names = [line.strip() for line in (form.get("names") or "").splitlines() if line.strip()]
    units = [*_by_names(session, project_id, names), *_by_place(session, project_id, form)]
    if not units:
        raise RuleError("没有选中任何房源，请填写楼栋或房源全名", field="building")
    return sorted({unit.id: unit for unit in units}.values(), key=lambda unit: unit.id)


def _by_names(session: Session, project_id: int, names: list[str]) -> list[Unit]:
    if not names:
        return []
    found = list(session.scalars(select(Unit).where(Unit.project_id == project_id, Unit.full_name.in_(names))))
    missing = [name for name in names if name not in {unit.full_name for unit in found}]
    if missing:
        raise RuleError("没有找到这些房源：{names}", field="names", names="、".join(missing))
    return found


def _by_place(session: Session, project_id: int, form: Mapping[str, Any]) -> list[Unit]:
    if not form.get("building"):
        return []
    query = select(Building.id).where(Building.project_id == project_id, Building.name == form["building"])
    building_id = session.scalar(query)
    if building_id is None:
        raise RuleError("没有楼栋「{name}」", field="building", name=form["building"])
    units = select(Unit).where(Unit.building_id == building_id)
    if form.get("section"):
        units = units.where(Unit.section == str(form["section"]).removesuffix("单元"))
    if form.get("first_floor") is not None:
        units = units.where(Unit.floor >= form["first_floor"])
    if form.get("last_floor") is not None:
        units = units.where(Unit.floor <= form["last_floor"])
    return list(session.scalars(units))
