"""实测面积 from a table: the whole building at once — a 补差单 for every flat that was signed for, the area alone for the others."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.handover.areas.models import SERVICE, AreaSettlement, AreaState
from app.features.handover.areas.rules import error_of
from app.features.handover.household import sale_of
from app.features.units.home_lookup import units_named
from app.features.units.models import PricingBasis, Unit
from app.kernel.imports.by_form import add, try_form
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.workflow import as_step


def _settles(desk: Desk, unit_id: int) -> bool:
    """Somebody signed for it; a 车位 or 储藏间 that was sold by the piece has nothing to settle."""
    sale = sale_of(desk.session, unit_id)
    if sale is None or sale.line is None:
        return sale is not None
    return desk.session.get_one(Unit, unit_id).pricing_basis is not PricingBasis.WHOLE


def _check(desk: Desk, values: Values) -> None:
    if _settles(desk, values["unit_id"]):
        try_form(desk, values)
        return
    unit = desk.session.get_one(Unit, values["unit_id"])
    error_of(unit.building_area, values["surveyed_area"])


def _create(desk: Desk, values: Values) -> Any:
    if _settles(desk, values["unit_id"]):
        return add(desk, values)
    unit = desk.session.get_one(Unit, values["unit_id"])
    with as_step(desk.session):
        unit.surveyed_area = values["surveyed_area"]
        unit.surveyed_inner = values.get("surveyed_inner") or unit.surveyed_inner
        desk.session.flush()
    return unit


def _known(desk: Desk, rows: list[Values]) -> list[Any]:
    """The settlement of the flat's present order; a flat that nobody signed for is known when its area is on file already."""
    ids = [row["unit_id"] for row in rows if row.get("unit_id")]
    alive = AreaSettlement.state.not_in((AreaState.REFUSED, AreaState.VOID))
    found = {
        p.unit_id: p for p in desk.session.scalars(select(AreaSettlement).where(AreaSettlement.unit_id.in_(ids), alive))
    }
    return [found.get(row.get("unit_id") or 0) for row in rows]


SURVEY_IN = Import(
    columns=(
        ImportColumn("unit_id", L("房号"), look_up=units_named, required=True, aliases=("房源", "房间", "单元房号", "房号全称", "房屋坐落")),
        ImportColumn("surveyed_area", aliases=("实测建筑面积", "实测面积", "建筑面积", "登记面积", "产权面积")),
        ImportColumn("surveyed_inner", aliases=("实测套内面积", "套内面积", "专有面积")),
        ImportColumn("report_no", aliases=("测绘报告编号", "报告号")),
        ImportColumn("clause_direction"),
        ImportColumn("clause_amount"),
    ),
    key=("unit_id",), by=SERVICE, updates=True, check=_check, create=_create, known=_known,
    notes=(
        L("已签约的房源逐套生成补差单，核对后提交审批；未签约的只登记实测面积。"),
        L("已经提交审批的补差单不会被改动。"),
    ),
)  # fmt: skip
