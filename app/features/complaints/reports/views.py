"""投诉月报: figures of one month or of twelve, each with its rows; 整改 of the month; as page and as .xlsx."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.complaints.actions.models import CorrectiveAction
from app.features.complaints.incidents.models import Dispute, Incident
from app.features.complaints.internal.models import InternalComplaint
from app.features.complaints.people import EXPORTERS, HANDLERS
from app.features.complaints.reports import tables
from app.features.complaints.reports.reading import actions_of, cases_of, count_of, latest_day, rows_of
from app.features.complaints.reports.rules import CaseFacts, summed
from app.features.complaints.suggestions.models import Suggestion
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.months import Opened, beside, opened
from app.kernel.posts import Post
from app.kernel.screens.group_text import report_text
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Row, Table
from app.kernel.screens.related import table_of
from app.kernel.screens.report_page import Kpi, ReportPage, ReportPart, opened_note, views_of
from app.kernel.screens.sheet_answer import answer_sheet, log_export, write_sheet
from app.kernel.words import in_chinese

READERS = EXPORTERS | {Post.AUDITOR}
MONTHS = 12
OTHERS = (InternalComplaint, Suggestion, Incident, Dispute)
ACTION_COLUMNS = ("number", "kind", "problem", "measure", "responsible_id", "due_on", "done_on", "state")


class ComplaintReportView(BaseView):
    """/complaint-report/?month=2026-11&by=level|about|source|state|month&key=minor."""

    route_base = "/complaint-report"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "sheet": EXPORTERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """The report, or the rows behind one of its figures."""
        project_id, shown, by = _asked()
        made = _page(project_id, shown.month, by, request.args.get("key", ""))
        made = replace(made, lead=opened_note(shown) + str(made.lead))
        here = f"{tables.BASE}?month={shown.month}&by={by}"
        made = replace(made, group_text=report_text(made, me().project_names.get(project_id, ""), here))
        return self.render_template("report.html", page=made, title=made.title)

    @expose("/export")
    @has_access
    @permission_name("sheet")
    def sheet(self) -> Any:
        """The table as .xlsx."""
        project_id, shown, by = _asked()
        month = shown.month
        sheet = tables.report_sheet(project_id, _cases(project_id, month, by), by, month)
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_sheet(db.session(), me(), sheet, target)
        with in_chinese():
            report = tables.title_of(by)
        log_export(db.session, "complaint_report", project_id, report=report, month=month)
        return answer_sheet(target, name)


def _asked() -> tuple[int, Opened, str]:
    project_id, by = current_project_id(), request.args.get("by", "")
    if project_id is None:
        raise NotFound("project")
    shown = opened(
        request.args.get("month", ""), now().date(), lambda before: latest_day(db.session(), project_id, before)
    )
    return project_id, shown, by if by in tables.WAYS else "level"


def _cases(project_id: int, month: str, by: str) -> list[CaseFacts]:
    return cases_of(db.session(), project_id, month, MONTHS if by == "month" else 1)


def _acts(project_id: int, month: str, by: str) -> tuple[Link, ...]:
    acts = [Link(_("上月"), f"{tables.BASE}?month={beside(month, -1)}&by={by}")]
    if month < f"{now():%Y-%m}":
        acts.append(Link(_("下月"), f"{tables.BASE}?month={beside(month, 1)}&by={by}"))
    if me().holds(HANDLERS, project_id):
        acts.append(Link(_("新增整改单"), f"/corrective-action/add?month={month}", icon="plus"))
    if me().holds(EXPORTERS, project_id):
        acts.append(Link(_("导出"), f"{tables.BASE}export?month={month}&by={by}", icon="download"))
    return tuple(acts)


def _page(project_id: int, month: str, by: str, key: str) -> ReportPage:
    cases = _cases(project_id, month, by)
    if key:
        shown = tables.narrowed(cases, by, key)
        rows = rows_of(db.session(), [case.id for case in shown])
        parts: tuple[ReportPart, ...] = (ReportPart(_("明细"), table=tables.rows_table(rows, me())),)
    else:
        shown = cases
        parts = _parts(project_id, month, by, cases)
    return ReportPage(
        title=_("投诉月报 %(m)s（按%(what)s）", m=month, what=tables.words_of(by)),
        crumbs=(Crumb(_("投诉建议")), Crumb(_("投诉月报"), f"{tables.BASE}?month={month}&by={by}")),
        acts=_acts(project_id, month, by),
        views=views_of(
            {way: _("按%(what)s", what=tables.words_of(way)) for way in tables.WAYS},
            by,
            lambda way: f"{tables.BASE}?month={month}&by={way}",
        ),
        lead=_("按登记时间归入月份，作废的不算；只算你能看到的投诉。及时率：期限内完成的 ÷ 已完成或已超时的。"),
        kpis=_kpis(shown),
        parts=parts,
    )


def _kpis(cases: list[CaseFacts]) -> tuple[Kpi, ...]:
    whole = summed(cases)
    rates = (
        (_("首次回复及时率"), whole.reply_percent),
        (_("办结及时率"), whole.close_percent),
        (_("满意率"), whole.content_percent),
    )
    return (
        Kpi(
            _("客户投诉"),
            str(whole.count),
            _("件"),
            left=_("已关闭 %(n)s 件", n=whole.closed),
            right=_("重开 %(n)s 次", n=whole.reopened),
        ),
        *(Kpi(word, f"{rate} %" if rate is not None else "—", percent=rate) for word, rate in rates),
    )


def _parts(project_id: int, month: str, by: str, cases: list[CaseFacts]) -> tuple[ReportPart, ...]:
    main = ReportPart(_("客户投诉"), table=tables.report_table(cases, by, month))
    if by == "month":
        return (main,)
    actions = table_of(CorrectiveAction, ACTION_COLUMNS, actions_of(db.session(), project_id, month), me())
    return (
        main,
        ReportPart(_("纠正与预防（整改单）"), table=actions),
        ReportPart(_("其他单据"), table=_others(project_id, month)),
    )


def _others(project_id: int, month: str) -> Table:
    """How many internal complaints, suggestions, incidents and disputes, for whoever reads them."""
    rows = []
    for model in OTHERS:
        if me().holds(model.audience.whole, project_id):
            count, url = (
                count_of(db.session(), model, project_id, month),
                f"/{model.__tablename__.replace('_', '-')}/list/",
            )
            rows.append(
                Row(
                    model.__tablename__,
                    url,
                    model.__label__,
                    (Cell(_(model.__label__)), Cell(str(count), numeric=True)),
                )
            )
    return Table((Column("name", _("单据"), phone="hd"), Column("count", _("件数"), numeric=True)), tuple(rows))
