"""费用月报: spent against budget by subject and month, and what the store gave out; as page and as .xlsx."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.office.expenses.books import AGENCY, DEVELOPER, Book
from app.features.office.posts import EXPORTERS
from app.features.office.trend import tables
from app.features.office.trend.chart import bars
from app.features.office.trend.reading import expenses_of_year, supplies_of_year
from app.features.office.trend.rules import month_budget, months_of
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import Forbidden, NotFound
from app.kernel.money import format_amount
from app.kernel.posts import AGENCY_POSTS, Post
from app.kernel.screens.group_text import report_text
from app.kernel.screens.parts import Crumb, Link
from app.kernel.screens.report_page import Figure, Kpi, ReportPage, ReportPart, views_of
from app.kernel.screens.sheet_answer import answer_sheet, log_export, write_sheet
from app.kernel.words import in_chinese

READERS = {
    "agency": AGENCY.expense.audience.whole,
    "developer": DEVELOPER.expense.audience.whole,
    "supplies": AGENCY_POSTS | {Post.AUDITOR},
}
SHEETS = {
    "agency": AGENCY.expense.audience.whole - {Post.AUDITOR},
    "developer": DEVELOPER.expense.audience.whole - {Post.AUDITOR},
    "supplies": EXPORTERS,
}
EVERYBODY = READERS["agency"] | READERS["developer"] | READERS["supplies"]
BOOK_OF = {"agency": AGENCY, "developer": DEVELOPER}


class TrendView(BaseView):
    """/office-trend — every part for whoever reads its rows."""

    route_base = "/office-trend"
    default_view = "page"
    posts: ClassVar = {
        "menu_access": EVERYBODY,
        "page": EVERYBODY,
        "sheet": SHEETS["agency"] | SHEETS["developer"] | SHEETS["supplies"],
    }

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """?part=agency|developer|supplies&year=2026."""
        actor, project_id, part, year = _asked(READERS)
        page = _supplies(actor, project_id, year) if part == "supplies" else _expenses(actor, part, project_id, year)
        here = f"/office-trend/?part={part}&year={year}"
        page = replace(page, group_text=report_text(page, actor.project_names.get(project_id, ""), here))
        return self.render_template("report.html", page=page, title=page.title)

    @expose("/export")
    @has_access
    @permission_name("sheet")
    def sheet(self) -> Any:
        """The table of the part as .xlsx."""
        actor, project_id, part, year = _asked(SHEETS)
        if part == "supplies":
            sheet = tables.supplies_sheet(project_id, year, supplies_of_year(db.session(), project_id, year)[0])
        else:
            found = expenses_of_year(db.session(), BOOK_OF[part], project_id, year)
            sheet = tables.expenses_sheet(project_id, year, BOOK_OF[part].label, found)
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_sheet(db.session(), actor, sheet, target)
        with in_chinese():
            supplies = part == "supplies"
            report = tables.supplies_title(year) if supplies else tables.expenses_title(BOOK_OF[part].label, year)
        log_export(db.session, "office_trend", project_id, report=report, year=year)
        return answer_sheet(target, name)


def _asked(readers: dict[str, frozenset[Post]]) -> tuple[Actor, int, str, int]:
    """Who asks for which part of which year. Raises Forbidden when no part is his."""
    actor, project_id = me(), current_project_id()
    if project_id is None:
        raise NotFound("project")
    mine = [part for part in readers if actor.holds(readers[part], project_id)]
    if not mine:
        raise Forbidden(_("费用月报"))
    part, text = request.args.get("part", ""), request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) > 2000 else now().year
    return actor, project_id, part if part in mine else mine[0], year


def _acts(actor: Actor, project_id: int, part: str, year: int) -> tuple[Link, ...]:
    """The years beside, the budget, the sheet."""
    years = [year - 1, *([year + 1] if year < now().year else [])]
    acts = [Link(_("%(y)s 年", y=y), f"/office-trend/?part={part}&year={y}") for y in years]
    if part in BOOK_OF and actor.holds(READERS[part], project_id):
        table = BOOK_OF[part].budget.__tablename__.replace("_", "-")
        acts.append(Link(_("预算"), f"/{table}/list/"))
        acts.append(Link(_("科目"), "/expense-subject/list/"))
    if actor.holds(SHEETS[part], project_id):
        acts.append(Link(_("导出"), f"/office-trend/export?part={part}&year={year}", icon="download"))
    return tuple(acts)


def _views(actor: Actor, project_id: int, part: str, year: int) -> tuple[Link, ...]:
    words = {"agency": _("代理费用"), "developer": _("甲方费用"), "supplies": _("用品领用")}
    mine = {other: words[other] for other in READERS if actor.holds(READERS[other], project_id)}
    return views_of(mine, part, lambda other: f"/office-trend/?part={other}&year={year}")


def _expenses(actor: Actor, part: str, project_id: int, year: int) -> ReportPage:
    book: Book = BOOK_OF[part]
    found = expenses_of_year(db.session(), book, project_id, year)
    months = [m for m in months_of(year) if m <= f"{now():%Y-%m}"] or months_of(year)
    pairs = [(_("%(n)s月", n=int(m[5:])), found.spent(m), month_budget(found.budgets, found.paths, m)) for m in months]
    here = pairs[-1]
    total = sum((spent for _w, spent, _b in pairs), Decimal(0))
    return ReportPage(
        title=_("%(book)s %(year)s 年月报", book=book.label, year=year),
        crumbs=(Crumb(_("办公")), Crumb(_("费用月报"))),
        acts=_acts(actor, project_id, part, year),
        views=_views(actor, project_id, part, year),
        lead=_("已批准的费用（待付款、已付款），按发生月份和科目对照预算。"),
        kpis=(
            Kpi(_("%(month)s费用", month=here[0]), format_amount(here[1]), _("元"), _percent(here[1], here[2]),
                "warn" if here[2] and here[1] > here[2] else "ok",
                _("预算 %(n)s 元", n=format_amount(here[2])) if here[2] else _("没有当月预算")),
            Kpi(_("全年累计"), format_amount(total), _("元")),
        ),
        figures=(
            Figure(_("各月费用"), bars(_("各月费用与预算，元"), pairs), _("元"), (("", _("费用")), ("k2", _("月预算")))),
        ),
        parts=(ReportPart(_("按科目和月份"), table=tables.expenses_table(found, months)),),
    )  # fmt: skip


def _percent(spent: Decimal, budget: Decimal) -> int | None:
    return int(spent * 100 / budget) if budget else None


def _supplies(actor: Actor, project_id: int, year: int) -> ReportPage:
    items, people, teams = supplies_of_year(db.session(), project_id, year)
    months = [m for m in months_of(year) if m <= f"{now():%Y-%m}"] or months_of(year)
    value = sum((use.value for use in items.values()), Decimal(0))
    return ReportPage(
        title=_("办公用品 %(year)s 年领用", year=year),
        crumbs=(Crumb(_("办公")), Crumb(_("费用月报"))),
        acts=_acts(actor, project_id, "supplies", year),
        views=_views(actor, project_id, "supplies", year),
        lead=_("已签收的领用减去退还；金额按最近一次入库单价估算。"),
        kpis=(Kpi(_("全年领用估值"), format_amount(value), _("元")),),
        parts=(
            ReportPart(_("按物品和月份"), table=tables.uses_table(_("物品"), list(items.values()), months)),
            ReportPart(
                _("按班组"), table=tables.uses_table(_("班组"), tables.named("team", teams, _("未分组")), months)
            ),
            ReportPart(
                _("按领用人"), table=tables.uses_table(_("领用人"), tables.named("person", people, "—"), months)
            ),
        ),
    )
