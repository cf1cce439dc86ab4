"""快递单号 from the post office's table: what was sent to which flat."""

from __future__ import annotations

from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.handover.handings.models import SERVICE, Handover, HandoverState
from app.features.units.home_lookup import units_named
from app.kernel.imports.declared import Import, ImportColumn

NOTICES_IN = Import(
    columns=(
        ImportColumn("unit_id", L("房号"), look_up=units_named, required=True, aliases=("房源", "房间", "单元房号", "房号全称")),
        ImportColumn("express_no", kind="identity", aliases=("运单号", "快递号", "EMS单号", "挂号信编号")),
        ImportColumn("due_on", aliases=("收楼日期", "应收楼日期", "交付日期")),
    ),
    key=("unit_id",), by=SERVICE, updates=True, among=lambda query: query.where(Handover.state != HandoverState.VOID),
    notes=(L("先发布交楼批次，再按房号导入快递单号；只改动「待通知」的交楼单。"),),
)  # fmt: skip
