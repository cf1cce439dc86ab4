"""物品 from a table: the list that the site keeps in Excel. What lies there goes into a 盘点单: nothing but a paper moves stock."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.features.office.supplies.models import SupplyCheck, SupplyCheckLine, SupplyItem
from app.kernel.cells import as_int
from app.kernel.errors import RuleError
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks


def pieces(text: str) -> int | None:
    """Whole units that lie there. Raises RuleError below zero."""
    number = as_int(text)
    if number is not None and number < 0:
        raise RuleError("数量不能小于 0")
    return number


def count_sheet(desk: Desk, rows: list[Values]) -> str:
    """A draft of a count with every item of which the table says another number than the books; a sentence that says so."""
    told = {(row["name"], row.get("spec") or ""): row["counted"] for row in rows if row.get("counted") is not None}
    lines = []
    for some in chunks(sorted({name for name, _spec in told})):
        query = select(SupplyItem).where(SupplyItem.project_id == desk.project_id, SupplyItem.name.in_(some))
        for item in desk.session.scalars(query.order_by(SupplyItem.id)):
            counted = told.get((item.name, item.spec))
            if counted is not None and counted != item.counted:
                lines.append(SupplyCheckLine(project_id=desk.project_id, item_id=item.id, quantity=counted))
    if not lines:
        return ""
    paper = SupplyCheck(project_id=desk.project_id, note="按导入的表格", created_by=desk.actor.person_id, lines=lines)
    desk.session.add(paper)
    desk.session.flush()
    return _(
        "库存与账面不同的 %(n)s 种已列成盘点单草稿，请在「盘点报损」里核对后提交审批，批准后库存才变。", n=len(lines)
    )


ITEMS_IN = Import(
    columns=(
        ImportColumn("name", aliases=("物品", "物品名称", "品名", "用品名称", "用品")),
        ImportColumn("spec", aliases=("规格型号", "型号", "品牌规格")),
        ImportColumn("unit", aliases=("计量单位",)),
        ImportColumn("minimum", aliases=("安全库存", "最低库存", "库存下限", "最低存量")),
        ImportColumn("kept_at", aliases=("存放位置", "存放地点", "位置")),
        ImportColumn(
            "counted", L("库存"), kind="integer", parse=pieces, hint=L("实有数量；与账面不同的列成盘点单，批准后才变"),
            aliases=("实有数量", "现有数量", "库存数量", "现存数量", "结存", "结存数量", "期末库存", "数量"),
        ),
    ),
    key=("name", "spec"), updates=True, after=count_sheet,
    among=lambda query: query.options(selectinload(SupplyItem.check_lines).joinedload(SupplyCheckLine.check)),
    notes=(
        L("名称和规格都相同的算同一种物品，单位、安全量、存放处按表格更新。"),
        L("「库存」不直接写入：与账面不同的自动列成盘点单草稿，主管批准后入账。"),
    ),
)  # fmt: skip
