"""现场文件 from a table: the old list of what the site keeps, with the 档号 that each paper has."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.archive.models import PaperState
from app.features.archive.site_files.models import SiteFile
from app.features.organisation.models import Project
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.imports.by_form import add, try_form
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks


def files_known(desk: Desk, rows: list[Values]) -> list[Any]:
    """By 档号; without one the same title of the same category and year, received on the same day."""
    by_number: dict[str, SiteFile] = {}
    alike: dict[tuple[Any, ...], SiteFile] = {}
    query = select(SiteFile).where(SiteFile.project_id == desk.project_id, SiteFile.state != PaperState.VOID)
    for some in chunks(sorted({row["number"] for row in rows if row.get("number")})):
        by_number |= {
            paper.number or "": paper for paper in desk.session.scalars(query.where(SiteFile.number.in_(some)))
        }
    for some in chunks(sorted({row["title"] for row in rows})):
        for paper in desk.session.scalars(query.where(SiteFile.title.in_(some))):
            alike.setdefault((paper.category, paper.year, paper.title, paper.received_on), paper)
    today = now().date()
    return [
        by_number.get(row["number"]) if row.get("number")
        else alike.get((row["category"], row.get("year") or today.year, row["title"], row.get("received_on") or today))
        for row in rows
    ]  # fmt: skip


def check_file(desk: Desk, values: Values) -> None:
    """As the form refuses; a number of the product's own pattern is given by the product, in its order."""
    try_form(desk, {name: value for name, value in values.items() if name != "number"})
    code = desk.session.scalars(select(Project.code).where(Project.id == desk.project_id)).one()
    if (values.get("number") or "").startswith(f"{code}-{values['category'].label}-"):
        raise RuleError("“{no}”是系统的档号样式，由系统按顺序编；请留空", field="number", no=values["number"])


def enter_file(desk: Desk, values: Values) -> Any:
    """On file with the 档号 that it has."""
    return add(desk, values)


CATEGORY_WORDS = {
    "规章制度": "制度", "管理制度": "制度", "来文": "收发文", "发文": "收发文", "函件": "收发文", "日报": "日周月报", "周报": "日周月报",
    "月报": "日周月报", "报表": "日周月报", "会议纪要": "会议记录", "纪要": "会议记录", "市调": "调研", "市场调研": "调研",
    "宣传品": "宣传品样本", "物料": "宣传品样本", "合同": "对外合同", "协议": "对外合同",
}  # fmt: skip
FILES_IN = Import(
    columns=(
        ImportColumn(
            "number", L("原档号"), kind="text", limit=40, aliases=("档号", "档案号", "档案编号", "编号"), hint=L("没有就留空，由系统编")
        ),
        ImportColumn("category", aliases=("种类", "文件类别", "分类"), words=CATEGORY_WORDS),
        ImportColumn("year", aliases=("年份", "年")),
        ImportColumn("title", aliases=("标题", "名称", "文件名称", "题名")),
        ImportColumn("medium", aliases=("原件或复印件", "形式", "介质"), words={"原": "原件", "复印": "复印件", "扫描件": "电子件"}),
        ImportColumn("copies", aliases=("数量",)),
        ImportColumn("pages", aliases=("张数",)),
        ImportColumn("received_on", aliases=("归档日期", "收件日期", "接收日期", "日期")),
        ImportColumn("received_from", aliases=("交来人", "移交人", "来源")),
        ImportColumn("retention", aliases=("保存期限", "保管年限")),
        ImportColumn("box", aliases=("盒", "档案盒", "档案盒号")),
        ImportColumn("shelf", aliases=("柜号", "存放位置", "位置", "柜")),
        ImportColumn("note", aliases=("说明",)),
    ),
    key=("number",), known=files_known, check=check_file, create=enter_file,
    notes=(L("有原档号的保留原档号，没有的由系统编；同类别、同年度、同名、同一天收到的算同一份。"),),
)  # fmt: skip
