"""资料 from a table: the list of old papers that the desk keeps comes in as papers on file, each household found by its home."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import select

from app.features.archive.folders.models import Folder, FolderState, PaperKind
from app.features.archive.models import PaperState
from app.features.archive.papers.models import Paper
from app.kernel.errors import RuleError
from app.kernel.home_texts import home_key
from app.kernel.imports.by_form import add, try_form
from app.kernel.imports.declared import Desk, Import, ImportColumn, Values
from app.kernel.imports.lookups import chunks
from app.kernel.screens.forms import apply
from app.kernel.workflow import fire


def folders_named(desk: Desk, texts: set[str]) -> dict[str, list[int]]:
    """Households by 档号, by the number of their order, or by their home: the one that runs where a home had several."""
    query = select(Folder).where(Folder.project_id == desk.project_id, Folder.state != FolderState.ENDED)
    numbers: dict[str, list[int]] = {}
    homes: dict[str, list[int]] = {}
    for folder in desk.session.scalars(query):
        homes.setdefault(home_key(folder.unit_name), []).append(folder.id)
        for number in filter(None, (folder.number, folder.order_number)):
            numbers.setdefault(number, []).append(folder.id)
    found = {text: numbers.get(text) or homes.get(home_key(text)) for text in texts}
    return {text: ids for text, ids in found.items() if ids}


def papers_known(desk: Desk, rows: list[Values]) -> list[Any]:
    """For each row the paper with its 档号, else the same paper of the same household received on the same day."""
    numbered = _papers(desk, Paper.number, {row["number"] for row in rows if row.get("number")})
    by_number = {paper.number: paper for paper in numbered}
    alike: dict[tuple[Any, ...], Paper] = {}
    for paper in _papers(desk, Paper.folder_id, {row["folder_id"] for row in rows}):
        if paper.state not in (PaperState.EXPECTED, PaperState.VOID):
            for day in (paper.received_on, None):
                alike.setdefault((paper.folder_id, paper.kind_id, paper.title, paper.medium, day), paper)
    kinds = dict(desk.session.execute(select(PaperKind.id, PaperKind.name)).all())
    medium = Paper.__table__.c.medium.default.arg
    found = []
    for row in rows:
        title = row.get("title") or kinds.get(row["kind_id"], "")
        key = (row["folder_id"], row["kind_id"], title, row.get("medium") or medium, row.get("received_on"))
        found.append(by_number.get(row["number"]) if row.get("number") else alike.get(key))
    return found


def _papers(desk: Desk, column: Any, values: set[Any]) -> list[Paper]:
    found: list[Paper] = []
    for some in chunks(sorted(values)):
        found += desk.session.scalars(select(Paper).where(column.in_(some)))
    return found


def check_paper(desk: Desk, values: Values) -> None:
    """As the form refuses; a number of the product's own pattern is given by the product, in its order."""
    try_form(desk, {name: value for name, value in values.items() if name != "number"})
    folder = desk.session.get_one(Folder, values["folder_id"])
    if (values.get("number") or "").startswith(f"{folder.number}-"):
        raise RuleError("“{no}”是系统的档号样式，由系统按顺序编；请留空", field="number", no=values["number"])


def file_paper(desk: Desk, values: Values) -> None:
    """On file with the 档号 that it has; one that the product awaits is this paper, and no second one is made."""
    awaited = _awaited(desk, values)
    if awaited is None:
        add(desk, values)
        return
    given = {name: value for name, value in values.items() if value not in (None, "")}
    apply(awaited, given)
    desk.view.check(awaited, desk.actor)
    desk.session.flush()
    fire(desk.session, awaited, "file", desk.actor, internal=True)


def _awaited(desk: Desk, values: Values) -> Paper | None:
    query = select(Paper).where(
        Paper.folder_id == values["folder_id"], Paper.kind_id == values["kind_id"], Paper.state == PaperState.EXPECTED
    )
    if values.get("title"):
        query = query.where(Paper.title == values["title"])
    return desk.session.scalars(query.order_by(Paper.id)).first()


PAPERS_IN = Import(
    columns=(
        ImportColumn("number", L("原档号"), kind="text", limit=40, aliases=("档号", "档案号", "档案编号", "编号"), hint=L("没有就留空，由系统编")),
        ImportColumn(
            "folder_id", L("户"), look_up=folders_named, required=True, compared=False,
            aliases=("户档", "房号", "房源", "房间", "房间号", "单元房号", "户档号", "认购书编号"), hint=L("写房号、户档的档号或认购书编号"),
        ),
        ImportColumn("kind_id", aliases=("类别", "种类", "资料类别", "资料类型", "资料")),
        ImportColumn("title", aliases=("标题", "名称", "资料标题", "文件名称", "题名")),
        ImportColumn("medium", aliases=("原件或复印件", "形式", "介质"), words={"原": "原件", "复印": "复印件", "扫描件": "电子件"}),
        ImportColumn("copies", aliases=("数量",)),
        ImportColumn("pages", aliases=("张数",)),
        ImportColumn("received_on", aliases=("归档日期", "收件日期", "接收日期", "日期")),
        ImportColumn("received_from", aliases=("交来人", "移交人", "来源")),
        ImportColumn("box", aliases=("盒", "档案盒", "档案盒号")),
        ImportColumn("shelf", aliases=("柜号", "存放位置", "位置", "柜")),
        ImportColumn("note", aliases=("说明",)),
    ),
    key=("number",), known=papers_known, check=check_paper, create=file_paper,
    notes=(
        L("按房号、户档的档号或认购书编号找到户档；导入后即「在库」。系统里「待归档」的同种资料直接归档，不重复登记。"),
        L("同一户、同一种类、同名、同一收到日期的资料算同一份，再次导入不会重复。"),
    ),
)  # fmt: skip
