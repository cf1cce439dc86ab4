"""查资料: one box and a few filters over everything on file (issue: ≤ 1 s at 200,000 papers)."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from flask import render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.archive.category import CATEGORY
from app.features.archive.folders.models import Folder, PaperKind
from app.features.archive.lookup.reading import MISSING, PAGE, REGISTERS, Found, Question, day_of, find
from app.features.archive.papers.models import Paper
from app.features.archive.site_files.models import SiteCategory, SiteFile
from app.kernel.chinese import fold, parse_date
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import RuleError
from app.kernel.grants import Grants
from app.kernel.pages.search import where_inside
from app.kernel.readership import may_read_kind
from app.kernel.screens.display import tag_html
from app.kernel.screens.list_page import FilterField, ListPage, Pager
from app.kernel.screens.parts import Cell, Column, Crumb, Option, Row
from app.kernel.search import PROPOSED

READERS = Paper.audience.posts | SiteFile.audience.posts
LAST_PAGE = 50
PLACES = (
    ("in", "在库"),
    ("lent", "借出"),
    ("awaited", "待归档"),
    ("handed", "已移交"),
    (MISSING, "缺件的户档"),
    ("gone", "已销毁、作废"),
)


class LookupView(BaseView):
    """/archive."""

    route_base = "/archive"
    default_view = "index"
    posts: ClassVar[Grants] = {"menu_access": READERS, "list": READERS}

    @expose("/")
    @has_access
    @permission_name("list")
    def index(self) -> Any:
        """The box, the filters, what was found."""
        question, refused = asked()
        found = find(db.session(), me(), question)
        return render_template("doc/list.html", page=_page(question, found, refused), title=_("查资料"))


def asked() -> tuple[Question, str]:
    """The question in the address, and what of it could not be read; everything odd counts as not asked."""
    args, refused, days = request.args, "", {}
    for name, part in (("since", "received.from"), ("until", "received.to")):
        try:
            days[name] = parse_date(args[part]) if args.get(part) else None
        except RuleError as error:
            days[name], refused = None, str(error)
    page = args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return Question(
        project_id=current_project_id(), words=fold(args.get("q", ""))[:60], unit=fold(args.get("unit", ""))[:40],
        kind=args.get("kind", "")[:20], where=args.get("where", "")[:10], page=min(max(1, number), LAST_PAGE), **days,
    ), refused  # fmt: skip


def _page(question: Question, found: Found, refused: str) -> ListPage:
    missing = question.where == MISSING
    return ListPage(
        title=_("查资料"),
        columns=_folder_columns() if missing else _paper_columns(),
        rows=tuple(_folder_row(r) if missing else _paper_row(r, _where(found, r, question)) for r in found.records),
        pager=_pager(question, found),
        crumbs=(Crumb(str(CATEGORY)), Crumb(_("查资料"))),
        search_value=question.words,
        search_placeholder=_("档号、名称、姓名、房源、附件里的字"),
        filters=_filters(question),
        reset_url="/archive/" if request.args else "",
        note=refused or (_("符合的资料很多，只列出最近的 %(n)s 份，请写得更具体。", n=PROPOSED) if found.cut else ""),
        empty_title=_("没有找到资料"),
        empty_hint=_("换个说法，或少选几个条件再查"),
    )


def _filters(question: Question) -> tuple[FilterField, ...]:
    query = select(PaperKind.id, PaperKind.name).order_by(PaperKind.position, PaperKind.id)
    if question.project_id is not None:
        query = query.where(PaperKind.project_id == question.project_id)
    kinds = (
        [Option(f"k{key}", name) for key, name in db.session.execute(query)] if me().holds(Paper.audience.posts) else []
    )
    if me().holds(SiteFile.audience.posts):
        kinds += [Option(f"c:{c.value}", _("现场文件：%(what)s", what=c.label)) for c in SiteCategory]
    kinds += [Option(f"r:{name}", _(m.__label__)) for name, m in REGISTERS.items() if may_read_kind(me(), m)]
    return (
        FilterField("unit", _("房源"), "text", value=question.unit),
        FilterField("kind", _("种类"), options=tuple(kinds), value=question.kind),
        FilterField("where", _("在哪里"), options=tuple(Option(k, _(w)) for k, w in PLACES), value=question.where),
        FilterField(
            "received", _("收到日期"), "period", value=str(question.since or ""), until=str(question.until or "")
        ),
    )


def _address(page: int) -> str:
    values = {name: value for name, value in request.args.items() if value and name != "page"}
    return "/archive/?" + urlencode({**values, "page": page})


def _pager(question: Question, found: Found) -> Pager:
    first = (question.page - 1) * PAGE + 1
    shown = _("第 %(a)s—%(b)s 条", a=first, b=first + len(found.records) - 1) if found.records else ""
    after = found.more and question.page < LAST_PAGE
    return Pager(
        shown, question.page, question.page + (1 if after else 0), PAGE,
        prev_url=_address(question.page - 1) if question.page > 1 else "", next_url=_address(question.page + 1) if after else "",
    )  # fmt: skip


def _columns(*heads: tuple[str, str]) -> tuple[Column, ...]:
    phones = {0: "hd", len(heads) - 1: "badge"}
    return tuple(Column(key, label, phone=phones.get(i, "shown")) for i, (key, label) in enumerate(heads))  # type: ignore[arg-type]


def _paper_columns() -> tuple[Column, ...]:
    return _columns(
        ("title", _("资料")), ("about", _("房源、客户")), ("kind", _("种类")), ("medium", _("原件/复印")), ("place", _("存放")),
        ("received", _("收到日期")), ("state", _("状态")),
    )  # fmt: skip


def _where(found: Found, record: Any, question: Question) -> str:
    """The place in a file of the record, for hits that its own words do not explain."""
    return where_inside(found.inside.get((record.__tablename__, record.id)), question.text)


def _register_row(record: Any, inside: str) -> Row:
    """A letter or a regulation: it lies in no box."""
    url = f"/{record.__tablename__.replace('_', '-')}/show/{record.id}"
    name = record.subject if hasattr(record, "subject") else str(record)
    about = getattr(record, "sender", "") or getattr(record, "recipient", "")
    cells = (Cell(name, sub=inside or record.number or ""), Cell(about), Cell(_(record.__label__)), Cell(), Cell(), Cell(str(day_of(record))),
             Cell(tag_html(record.state)))  # fmt: skip
    return Row(f"{record.__tablename__}-{record.id}", url, str(record), cells)


def _paper_row(paper: Any, inside: str) -> Row:
    if paper.__tablename__ in REGISTERS:
        return _register_row(paper, inside)
    household = isinstance(paper, Paper)
    url = f"/{'paper' if household else 'site-file'}/show/{paper.id}"
    about = f"{paper.unit_name} {paper.customer_name}".strip() if household else ""
    kind = (paper.kind.name if paper.kind else "") if household else _("现场文件：%(what)s", what=paper.category.label)
    place = " ".join(filter(None, (paper.box, paper.shelf)))
    medium = _("%(form)s %(n)s 份", form=paper.medium.label, n=paper.copies)
    cells = (Cell(paper.title, sub=inside or paper.number or ""), Cell(about), Cell(kind), Cell(medium), Cell(place), Cell(str(paper.received_on)),
             Cell(tag_html(paper.state)))  # fmt: skip
    return Row(f"{paper.__tablename__}-{paper.id}", url, str(paper), cells)


def _folder_columns() -> tuple[Column, ...]:
    return _columns(
        ("folder", _("户档")), ("about", _("房源、客户")), ("stage", _("阶段")), ("complete", _("齐全度")), ("missing", _("缺少的资料")),
        ("due", _("应齐日期")), ("state", _("状态")),
    )  # fmt: skip


def _folder_row(folder: Folder) -> Row:
    url = f"/folder/show/{folder.id}"
    cells = (Cell(folder.number or ""), Cell(f"{folder.unit_name} {folder.customer_name}"), Cell(folder.stage.label), Cell(folder.completeness),
             Cell(folder.missing_names), Cell(str(folder.due_on)), Cell(tag_html(folder.state)))  # fmt: skip
    return Row(str(folder.id), url, str(folder), cells)
