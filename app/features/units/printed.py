"""What printed papers say of a flat. Texts here stand on paper: Chinese for every reader."""

from __future__ import annotations

from app.features.units.models import Unit
from app.kernel.papers.definition import Values
from app.kernel.papers.kinds import told


def unit_values(unit: Unit) -> Values:
    """房源, 楼栋, 房号, 面积, 产品类型, 户型, 预售证号."""
    kind, permit = unit.unit_type, unit.permit or unit.building.permit
    return {
        "房源": unit.full_name, "楼栋": unit.building.name, "房号": unit.room, "楼层": f"{unit.floor} 层",
        "产品类型": unit.product.label, "户型": told(f"{kind.name} {kind.layout}".strip() if kind is not None else None),
        "建筑面积": f"{unit.building_area}", "套内面积": f"{unit.inner_area}", "装修标准": told(unit.finish),
        "预售证号": told(permit.number if permit is not None else None),
    }  # fmt: skip
