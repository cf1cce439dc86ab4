"""不动产权证号 from the registry's table, flat by flat; people still write 房产证 and 土地证."""

from __future__ import annotations

from flask_babel import lazy_gettext as L  # noqa: N812

from app.features.handover.deeds.models import OFFICERS, DeedState, TitleDeed
from app.features.units.home_lookup import units_named
from app.kernel.imports.declared import Import, ImportColumn

CERTIFICATES_IN = Import(
    columns=(
        ImportColumn("unit_id", L("房号"), look_up=units_named, required=True, aliases=("房源", "房间", "单元房号", "坐落", "房屋坐落")),
        ImportColumn("certificate_no", kind="identity", aliases=("产权证号", "房产证号", "房产证", "土地证号", "土地证", "不动产权证书号", "证书编号")),
    ),
    key=("unit_id",), by=OFFICERS, updates=True, among=lambda query: query.where(TitleDeed.state != DeedState.VOID),
    notes=(L("按房号填入不动产权证号；出证以前都可以导入，出证后不再改动。"),),
)  # fmt: skip
