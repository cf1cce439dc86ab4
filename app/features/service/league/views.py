"""服务排名: as page and as .xlsx; a consultant sees his own line and his rank."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.organisation.parameters import parameter
from app.features.service.league.reading import latest_day, own_standing, standings
from app.features.service.league.rules import Standing
from app.features.service.people import EXPORTERS, READERS
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.months import Opened, beside, opened
from app.kernel.posts import Post
from app.kernel.screens.display import DASH, lookup_names
from app.kernel.screens.group_text import report_text
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Row, Table
from app.kernel.screens.report_page import Kpi, ReportPage, ReportPart, opened_note
from app.kernel.screens.sheet_answer import Sheet, answer_sheet, log_export, write_sheet
from app.kernel.words import in_chinese
from app.kernel.workbook_out import OutColumn

BASE = "/service-league/"
LEADERS = EXPORTERS | {Post.AUDITOR}


class ServiceLeagueView(BaseView):
    """/service-league/?month=2026-11."""

    route_base = "/service-league"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "sheet": EXPORTERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """The standings of a month."""
        project_id, shown = _asked()
        month = shown.month
        leads = me().holds(LEADERS, project_id)
        made = _whole(project_id, month) if leads else _own(project_id, month)
        made = replace(made, lead=opened_note(shown) + str(made.lead))
        if leads:
            text = report_text(made, me().project_names.get(project_id, ""), f"{BASE}?month={month}")
            made = replace(made, group_text=text)
        return self.render_template("report.html", page=made, title=made.title)

    @expose("/export")
    @has_access
    @permission_name("sheet")
    def sheet(self) -> Any:
        """The table as .xlsx."""
        project_id, shown = _asked()
        month = shown.month
        kinds = ("number", "number", "price", "number", "number", "number")
        heads = [OutColumn(_("置业顾问"), "text", 16)]
        heads += [OutColumn(word, kind, 14, summed=False) for word, kind in zip(_heads(), kinds, strict=True)]
        found = standings(db.session(), project_id, month)
        names = lookup_names("person", {s.person_id for s in found})
        rows = [[names.get(s.person_id, ""), s.rank, s.count, s.mean, s.check, s.mystery, s.complaints] for s in found]
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        sheet = Sheet(_("服务排名"), project_id, heads, rows, conditions=[month])
        name = write_sheet(db.session(), me(), sheet, target)
        with in_chinese():
            report = _("服务排名")
        log_export(db.session, "service_league", project_id, report=report, month=month)
        return answer_sheet(target, name)


def _asked() -> tuple[int, Opened]:
    project_id = current_project_id()
    if project_id is None:
        raise NotFound("project")
    return project_id, opened(
        request.args.get("month", ""), now().date(), lambda before: latest_day(db.session(), project_id, before)
    )


def _heads() -> tuple[str, ...]:
    return (_("名次"), _("评价份数"), _("平均星级"), _("检查得分率"), _("神秘客"), _("投诉件数"))


def _table(found: list[Standing], few: int, *, complaints: bool) -> Table:
    heads = _heads() if complaints else _heads()[:-1]
    columns = (
        Column("name", _("置业顾问"), phone="hd"),
        *(Column(f"c{n}", h, numeric=True) for n, h in enumerate(heads)),
    )
    names = lookup_names("person", {s.person_id for s in found})
    rows = []
    for s in found:
        rank = Cell(str(s.rank), numeric=True) if s.rank else Cell(DASH, numeric=True, sub=_("不足 %(n)s 份", n=few))
        values = (
            s.count,
            s.mean,
            None if s.check is None else f"{s.check} %",
            s.mystery,
            *((s.complaints,) if complaints else ()),
        )
        cells = (rank, *(Cell(DASH if value is None else str(value), numeric=True) for value in values))
        name = names.get(s.person_id, "")
        url = f"/service-rating/list/?owner_id={s.person_id}"
        rows.append(Row(str(s.person_id), url, name, (Cell(name), *cells)))
    return Table(columns, tuple(rows), empty=_("这个月还没有评价和检查"))


def _acts(project_id: int, month: str) -> tuple[Link, ...]:
    acts = [Link(_("上月"), f"{BASE}?month={beside(month, -1)}")]
    if month < f"{now():%Y-%m}":
        acts.append(Link(_("下月"), f"{BASE}?month={beside(month, 1)}"))
    if me().holds(EXPORTERS, project_id):
        acts.append(Link(_("导出"), f"{BASE}export?month={month}", icon="download"))
    return tuple(acts)


def _page(project_id: int, month: str, kpis: tuple[Kpi, ...], part: ReportPart, lead: str) -> ReportPage:
    return ReportPage(
        title=_("服务排名 %(m)s", m=month), crumbs=(Crumb(_("服务质量")), Crumb(_("服务排名"), f"{BASE}?month={month}")),
        acts=_acts(project_id, month), lead=lead, kpis=kpis, parts=(part,),
    )  # fmt: skip


def _whole(project_id: int, month: str) -> ReportPage:
    found, few = standings(db.session(), project_id, month), int(parameter(db.session(), project_id, "rating_few"))
    count = sum(s.count for s in found)
    stars = [s.mean * s.count for s in found if s.mean is not None]
    mean = f"{sum(stars) / count:.2f}" if count else DASH
    kpis = (
        Kpi(_("评价份数"), str(count)),
        Kpi(_("平均星级"), mean, _("星") if count else ""),
        Kpi(_("参加排名"), str(sum(s.rank is not None for s in found)), _("人")),
    )
    lead = _(
        "平均星级是接待、讲解、环境三项的平均，没有单独打的按总体算；少于 %(n)s 份的不排名。投诉件数按你能看到的算。",
        n=few,
    )
    return _page(project_id, month, kpis, ReportPart(_("按置业顾问"), table=_table(found, few, complaints=True)), lead)


def _own(project_id: int, month: str) -> ReportPage:
    few = int(parameter(db.session(), project_id, "rating_few"))
    mine, among = own_standing(db.session(), project_id, month, me().person_id)
    rank = mine[0].rank if mine else None
    kpis = (
        Kpi(_("我的名次"), str(rank) if rank else DASH, left=_("共 %(n)s 人参加排名", n=among)),
        Kpi(_("我的平均星级"), str(mine[0].mean) if mine and mine[0].mean is not None else DASH, _("星")),
        Kpi(_("我收到的评价"), str(mine[0].count if mine else 0)),
    )
    lead = _(
        "平均星级是接待、讲解、环境三项的平均，没有单独打的按总体算；少于 %(n)s 份的不排名。只显示你自己的数字。", n=few
    )
    return _page(project_id, month, kpis, ReportPart(_("我的情况"), table=_table(mine, few, complaints=False)), lead)
