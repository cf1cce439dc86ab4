"""凭证导出: a month, a program, its table; the same figures as the book."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.extensions import db
from app.features.payments.models import LedgerPosting
from app.features.payments.views.accounts import BOOKS
from app.features.payments.vouchers.reading import account_codes, latest_day, voucher_lines
from app.features.payments.vouchers.rules import LAYOUTS, VoucherLine, balances, rows
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.money import format_amount
from app.kernel.months import Opened, beside, opened
from app.kernel.posts import Post
from app.kernel.screens.parts import Cell, Column, Crumb, Link, Row, Table
from app.kernel.screens.report_page import Kpi, ReportPage, ReportPart, opened_note
from app.kernel.screens.sheet_answer import Sheet, answer_sheet, log_export, write_sheet
from app.kernel.workbook_out import OutColumn

READERS = LedgerPosting.audience.posts
TAKERS = frozenset({Post.FINANCE, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD})
SHOWN = 200


class VoucherView(BaseView):
    """/voucher-export/?month=2026-11."""

    route_base = "/voucher-export"
    default_view = "page"
    posts: ClassVar = {"menu_access": READERS, "page": READERS, "sheet": TAKERS}

    @expose("/")
    @has_access
    @permission_name("page")
    def page(self) -> Any:
        """The lines of the month before they are taken away."""
        project_id, shown = _asked()
        page = _page(project_id, shown.month)
        page = replace(page, lead=opened_note(shown) + str(page.lead))
        return self.render_template("report.html", page=page, title=page.title)

    @expose("/sheet")
    @has_access
    @permission_name("sheet")
    def sheet(self) -> Any:
        """?program=kingdee|yonyou."""
        project_id, shown = _asked()
        month = shown.month
        program = request.args.get("program", "")
        if program not in LAYOUTS:
            raise NotFound("program")
        layout = LAYOUTS[program]
        codes, word = account_codes(db.session(), project_id)
        lines = rows(program, voucher_lines(db.session(), project_id, month), codes, word)
        columns = [OutColumn(head, kind, width, summed=kind == "money") for head, kind, width in layout.heads]
        sheet = Sheet(
            _("%(program)s凭证 %(month)s", program=layout.label, month=month), project_id, columns, lines, totals=True
        )
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_sheet(db.session(), me(), sheet, target)
        log_export(db.session, "vouchers", project_id, report=sheet.report, month=month)
        return answer_sheet(target, name)


def _asked() -> tuple[int, Opened]:
    project_id = current_project_id()
    if project_id is None:
        raise NotFound("project")
    return project_id, opened(
        request.args.get("month", ""), now().date(), lambda before: latest_day(db.session(), project_id, before)
    )


def _page(project_id: int, month: str) -> ReportPage:
    lines = voucher_lines(db.session(), project_id, month)
    debit, credit = balances(lines)
    note = _("这里只列前 %(n)s 行，导出是全部。", n=SHOWN) if len(lines) > SHOWN else ""
    return ReportPage(
        title=_("%(month)s 月凭证", month=month),
        crumbs=(Crumb(str(BOOKS)), Crumb(_("凭证导出"), "/voucher-export/")),
        acts=_acts(project_id, month),
        lead=_("按总账逐张生成；科目代码和凭证字在项目参数里填写。") + note,
        kpis=(
            Kpi(_("凭证"), str(max((line.number for line in lines), default=0)), _("张")),
            Kpi(_("借方合计"), format_amount(debit), _("元")),
            Kpi(_("贷方合计"), format_amount(credit), _("元"), tone="ok" if debit == credit else "warn"),
        ),
        parts=(ReportPart(_("分录"), table=_table(project_id, lines)),),
    )


def _acts(project_id: int, month: str) -> tuple[Link, ...]:
    """The months beside, and the tables for whoever may take them away."""
    acts = [Link(_("上月"), f"/voucher-export/?month={beside(month, -1)}")]
    if month < f"{now():%Y-%m}":
        acts.append(Link(_("下月"), f"/voucher-export/?month={beside(month, 1)}"))
    if me().holds(TAKERS, project_id):
        acts += [
            Link(
                _("导出%(program)s格式", program=layout.label),
                f"/voucher-export/sheet?program={key}&month={month}",
                icon="download",
            )
            for key, layout in LAYOUTS.items()
        ]
    return tuple(acts)


def _table(project_id: int, lines: list[VoucherLine]) -> Table:
    codes, word = account_codes(db.session(), project_id)
    columns = (
        Column("number", _("凭证号"), phone="hd"), Column("day", _("日期")), Column("memo", _("摘要")), Column("code", _("科目")),
        Column("debit", _("借方"), numeric=True), Column("credit", _("贷方"), numeric=True),
    )  # fmt: skip
    rows_shown = tuple(
        Row(f"{line.number}-{line.line}", "", line.memo, (
            Cell(f"{word}-{line.number}"), Cell(str(line.day)), Cell(line.memo), Cell(line.code.label, sub=codes[line.code]),
            Cell(format_amount(line.debit) if line.debit is not None else "", numeric=True),
            Cell(format_amount(line.credit) if line.credit is not None else "", numeric=True),
        ))
        for line in lines[:SHOWN]
    )  # fmt: skip
    sums = (Cell(format_amount(side), numeric=True) for side in balances(lines))
    totals = (Cell(_("合计")), Cell(), Cell(), Cell(), *sums)
    return Table(columns, rows_shown, totals if rows_shown else (), empty=_("这个月没有凭证"))
