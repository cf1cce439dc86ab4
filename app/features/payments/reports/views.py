"""应收报表: 账龄 with its rows, 应收 · 实收 · 欠款 by building, consultant, kind, month; as page and as .xlsx."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.payments.models import OrderAccount
from app.features.payments.reports import tables
from app.features.payments.reports.reading import DIMENSIONS, debts, report
from app.features.payments.reports.rules import AGES, Debt
from app.features.payments.views.accounts import EXPORTERS
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.money import format_amount
from app.kernel.screens.display import lookup_names
from app.kernel.screens.parts import Crumb, Link
from app.kernel.screens.report_page import Kpi, ReportPage, ReportPart, views_of
from app.kernel.screens.sheet_answer import answer_sheet, log_export, write_sheet
from app.kernel.words import in_chinese, several

READERS = OrderAccount.audience.posts
ROWS_SHOWN = 300


class ReceivableReportView(BaseView):
    """/receivable-report/?part=ageing|debts|building|consultant|kind|month."""

    route_base = "/receivable-report"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "sheet": EXPORTERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """The part that is asked for."""
        project_id, part = _asked()
        made = _report(project_id, part) if part in DIMENSIONS else _ageing(project_id, part)
        return self.render_template("report.html", page=made, title=made.title)

    @expose("/export")
    @has_access
    @permission_name("sheet")
    def sheet(self) -> Any:
        """The table of the part as .xlsx."""
        project_id, part = _asked()
        session = db.session()
        if part in DIMENSIONS:
            sheet = tables.report_sheet(project_id, part, report(session, project_id, part))
        else:
            sheet = tables.ageing_sheet(project_id, debts(session, project_id))
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_sheet(session, me(), sheet, target)
        with in_chinese():
            name_kept = tables.title_of(part)
        log_export(db.session, "receivable_report", project_id, report=name_kept)
        return answer_sheet(target, name)


def _asked() -> tuple[int, str]:
    project_id = current_project_id()
    if project_id is None:
        raise NotFound("project")
    part = request.args.get("part", "")
    return project_id, part if part in (*DIMENSIONS, "debts") else "ageing"


def _number(name: str, most: int) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= most else None


def _acts(project_id: int, part: str) -> tuple[Link, ...]:
    """The sheet for whoever may take it away."""
    link = Link(_("导出"), f"{tables.BASE}export?part={part}", icon="download")
    return (link,) if me().holds(EXPORTERS, project_id) else ()


def _views(part: str) -> tuple[Link, ...]:
    words = {"ageing": _("账龄"), **{name: _("按%(what)s", what=tables.words_of(name)) for name in DIMENSIONS}}
    return views_of(words, part, lambda name: f"{tables.BASE}?part={name}")


def _ageing(project_id: int, part: str) -> ReportPage:
    owner, age = (_number("owner", 10**8), _number("age", len(AGES) - 1)) if part == "debts" else (None, None)
    found = debts(db.session(), project_id, owner, age)
    late = [debt for debt in found if debt.age]
    if part == "debts":
        who = lookup_names("person", {owner}).get(owner, _("未分配")) if owner is not None else _("全部")
        shown = ReportPart(_("未收款：%(who)s", who=who), table=tables.debts_table(found[:ROWS_SHOWN]))
    else:
        shown = ReportPart(_("按置业顾问"), table=tables.ageing_table(found))
    return ReportPage(
        title=_("应收账龄"),
        crumbs=(Crumb(several("收款")), Crumb(_("应收报表"), tables.BASE)),
        acts=_acts(project_id, part),
        views=_views(part),
        lead=_("从应收日（延期的从延期日）起算；点置业顾问一行看明细。"),
        kpis=(
            Kpi(_("逾期未收"), format_amount(_sum(late)), _("元"), tone="warn" if late else "ok", left=_("%(n)s 笔", n=len(late))),
            Kpi(_("90 天以上"), format_amount(_sum([d for d in late if d.age == len(AGES) - 1])), _("元")),
            Kpi(_("未收合计"), format_amount(_sum(found)), _("元"), left=_("含未到期")),
        ),
        parts=(shown,),
    )  # fmt: skip


def _sum(found: list[Debt]) -> Decimal:
    return sum((debt.open_amount for debt in found), Decimal(0))


def _report(project_id: int, part: str) -> ReportPage:
    found = report(db.session(), project_id, part)
    total = found.total
    share = int((total.due - total.arrears) * 100 / total.due) if total.due else None
    return ReportPage(
        title=_("应收实收欠款（按%(what)s）", what=tables.words_of(part)),
        crumbs=(Crumb(several("收款")), Crumb(_("应收报表"), tables.BASE)),
        acts=_acts(project_id, part),
        views=_views(part),
        lead=_("应收、欠款取自应收行；实收取自总账，只算甲方财务确认的收款，已减红冲、退款和结算。按月份时应收按应收日、实收按记账日。"),
        kpis=(
            Kpi(_("实收"), format_amount(total.booked), _("元"), left=_("预收未用 %(n)s 元", n=format_amount(total.prepaid))),
            Kpi(_("回款率"), f"{share} %" if share is not None else "—", percent=share, left=_("到期应收 %(n)s 元", n=format_amount(total.due))),
            Kpi(_("欠款"), format_amount(total.arrears), _("元"), tone="warn" if total.arrears else "ok"),
        ),
        parts=(ReportPart(tables.words_of(part), table=tables.report_table(part, found)),),
    )  # fmt: skip
