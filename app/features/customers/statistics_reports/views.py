"""潜客统计上报: the list, the page with its figures, the sheet, what waits on the home page."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from typing import Any, ClassVar

from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select, select

from app.extensions import db
from app.features.customers.statistics.rules import Period, week_of
from app.features.customers.statistics_reports import tables
from app.features.customers.statistics_reports.effects import count_figures, set_period
from app.features.customers.statistics_reports.models import MAKERS, ReportKind, ReportState, StatisticsReport
from app.features.customers.statistics_reports.prints import declare_papers
from app.features.customers.statistics_reports.rules import Figures, moved, read_kept
from app.features.customers.views.documents import CATEGORY, HEADS
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.gathering import Asking, how_many
from app.kernel.posts import Post
from app.kernel.scope import reach
from app.kernel.screens.home_page import FeedItem
from app.kernel.screens.parts import Html, Link, Table
from app.kernel.screens.sheet_answer import Sheet, answer_sheet, log_export, write_sheet
from app.kernel.screens.view import DocumentView, add_document

S = ReportState
OPEN = (S.DRAFT, S.RETURNED)
EXPORTERS = HEADS | {Post.DEVELOPER_MARKETING}


def _waiting(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(StatisticsReport.state == S.SUBMITTED)


def _returned(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(StatisticsReport.state == S.RETURNED)


def compiles(actor: Actor, project_id: int | None) -> bool:
    """Whether he reports for the whole site: a supervisor of one team sees his team's figures only, and reports none."""
    whole = reach(actor, StatisticsReport.audience).drafts
    return project_id is not None and actor.holds(MAKERS, project_id) and project_id in whole


class StatisticsReportView(DocumentView):
    """潜客统计上报 (S3.5, S3.19)."""

    model = StatisticsReport
    label = L("潜客统计上报")
    category = CATEGORY
    icon = "chart"
    creators = MAKERS
    exporters = EXPORTERS
    editable_states = OPEN
    listed = ("number", "kind", "period", "customers", "calls", "visits", "reserved", "signed", "submitted_at", "state")
    filters = ("kind", "state")
    search = ("number", "conclusion")
    order = ("-first_on",)
    sortable = ("first_on", "submitted_at")
    chips = (("waiting", L("待审阅"), _waiting), ("returned", L("退回"), _returned))
    search_hint = L("编号、结论")
    empty_hint = L("每周、每月末把潜客统计汇总上报：选期间、写结论，数字由系统算好。")
    form = ("kind", "day", "conclusion", "advice")
    fact_groups = (
        (L("要点"), ("kind", "period", "customers", "calls", "visits", "reserved", "signed", "lost", "conclusion", "advice",
                    "submitted_by", "submitted_at")),
        (L("审阅"), ("read_at", "opinion")),
    )  # fmt: skip

    def may_add(self, actor: Actor) -> bool:
        """Not for a supervisor of one team."""
        return compiles(actor, self.current_project())

    def check(self, record: Any, actor: Actor) -> None:
        """The period follows from kind and day; until it is submitted the numbers are those of now."""
        period = set_period(record)
        if record.state in (None, *OPEN):
            for name, number in count_figures(db.session(), record.project_id, period).headlines.items():
                setattr(record, name, number)

    def note(self, record: Any, actor: Actor) -> Html:
        """Whether the numbers still move."""
        if record.state in OPEN:
            return _("下面各表是现在的数字，点「上报」时定稿。")
        return (
            _("数字是 %(t)s 上报时的，以后补录、更正不改动。", t=f"{record.submitted_at:%Y-%m-%d %H:%M}")
            if record.submitted_at
            else ""
        )

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """The figures as .xlsx."""
        if record.state is S.VOID or not actor.holds(EXPORTERS, record.project_id):
            return []
        return [Link(_("导出数据表"), f"/statistics-report-sheet/{record.id}", icon="download")]


def figures_of(report: StatisticsReport) -> Figures:
    """As reported; of a draft as they are now."""
    if report.state in OPEN or not report.figures:
        return count_figures(db.session(), report.project_id, Period(report.first_on, report.last_on))
    return read_kept(report.figures)


def _tab(draw: Any) -> Any:
    return lambda report, _actor: draw(figures_of(report)) if report.state is not S.VOID or report.figures else None


def moved_tab(report: StatisticsReport, _actor: Actor) -> Table | None:
    """What was entered or corrected since (02 §2.5.4: adjustments beside the report, never in it)."""
    if report.state not in (S.SUBMITTED, S.READ):
        return None
    today = count_figures(db.session(), report.project_id, Period(report.first_on, report.last_on))
    return tables.moved_table(moved(read_kept(report.figures), today))


class StatisticsSheetView(BaseView):
    """/statistics-report-sheet/7: the figures of one report as .xlsx."""

    route_base = "/statistics-report-sheet"
    default_view = "sheet"
    posts: ClassVar = {"menu_access": EXPORTERS, "sheet": EXPORTERS}

    @expose("/<int:pk>")
    @has_access
    @permission_name("sheet")
    def sheet(self, pk: int) -> Any:
        """As reported; of a draft as they are now, and it says so."""
        report = db.session.scalars(select(StatisticsReport).where(StatisticsReport.id == pk)).first()
        if report is None or report.state is S.VOID:
            raise NotFound("statistics_report")
        columns, rows = tables.sheet_lines(figures_of(report))
        conditions = [_("期间：%(d)s", d=report.period), _(report.state.label)]
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        sheet = Sheet(_("潜客统计"), report.project_id, columns, rows, conditions=conditions)
        name = write_sheet(db.session(), me(), sheet, target)
        log_export(
            db.session, "statistics_report", report.project_id, record=report.id, period=report.period, rows=len(rows)
        )
        return answer_sheet(target, name)


def reminders(actor: Actor) -> Asking[list[FeedItem]]:
    """Whoever compiles hears that last week, or last month, was not reported yet, and what came back to him."""
    project_id = current_project_id()
    if not compiles(actor, project_id):
        return []
    today = now().date()
    last_week = week_of(today - timedelta(days=7))
    mine = select(StatisticsReport.id).where(StatisticsReport.project_id == project_id)
    (reported,), (returned,) = yield [
        how_many(mine.where(
            StatisticsReport.kind == ReportKind.WEEK, StatisticsReport.first_on == last_week.first,
            StatisticsReport.state.in_((S.SUBMITTED, S.READ)),
        )),
        how_many(mine.where(StatisticsReport.state == S.RETURNED)),
    ]  # fmt: skip
    lines = []
    if not reported:
        lines.append(FeedItem(_("上周的潜客统计还没有上报"), "/statistics-report/add", icon="chart"))
    if returned:
        lines.append(
            FeedItem(_("%(n)s 份潜客统计被退回", n=returned), "/statistics-report/list/?chip=returned", icon="chart")
        )
    return lines


def register(appbuilder: Any) -> None:
    """Screens, tabs, papers, reminders."""
    from app.kernel import registries

    add_document(appbuilder, StatisticsReportView)
    appbuilder.add_view_no_menu(StatisticsSheetView)
    registries.add_tab(StatisticsReport, "ways", "来电来访和成交", _tab(tables.ways_table))
    registries.add_tab(StatisticsReport, "profile", "潜客画像", _tab(tables.profile_table))
    registries.add_tab(StatisticsReport, "cohorts", "漏斗与批次", _tab(tables.cohort_table))
    registries.add_tab(StatisticsReport, "rivals", "竞品提及", _tab(tables.named_table))
    registries.add_tab(StatisticsReport, "moved", "上报后的变化", moved_tab, HEADS)
    registries.add_reminder(reminders)
    declare_papers()
