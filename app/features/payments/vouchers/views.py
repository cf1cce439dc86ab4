"""凭证导出: a month, its lines, its files for 金蝶 and 用友; who has taken it away before, and whether it is closed."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name

from app.extensions import db
from app.features.payments.closing.guard import is_closed
from app.features.payments.models import LedgerPosting
from app.features.payments.vouchers.files import PROGRAMS, write_file
from app.features.payments.vouchers.page import page_of
from app.features.payments.vouchers.reading import SUBJECT, books_of, latest_day, voucher_lines
from app.features.payments.vouchers.rules import balances, faults
from app.kernel.base import now
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import NotFound
from app.kernel.months import Opened, opened
from app.kernel.posts import Post
from app.kernel.screens.report_page import ReportPage, opened_note
from app.kernel.screens.sheet_answer import answer_sheet, log_export

READERS = LedgerPosting.audience.posts
TAKERS = frozenset({Post.FINANCE, Post.DEVELOPER_FINANCE, Post.DEVELOPER_LEAD})


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
        page = page_of(project_id, shown.month, me().holds(TAKERS, project_id))
        return self._drawn(replace(page, lead=opened_note(shown) + str(page.lead)))

    @expose("/sheet")
    @has_access
    @permission_name("sheet")
    def sheet(self) -> Any:
        """?program=kingdee|yonyou|people&month=2026-11&first=1: the vouchers from number `first` on, as a file."""
        project_id, shown = _asked()
        program = PROGRAMS.get(request.args.get("program", ""))
        if program is None:
            raise NotFound("program")
        session, first = db.session(), _first()
        lines = [line for line in voucher_lines(session, project_id, shown.month) if line.number >= first]
        books = books_of(session, project_id, me().name)
        wrong = faults(lines, books, program.codes) if program.codes is not None else []
        if wrong or not lines:
            return self._drawn(page_of(project_id, shown.month, True, wrong, program)), 422
        target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        name = write_file(session, me(), program, project_id, shown.month, lines, books, target)
        log_export(
            db.session, SUBJECT, project_id, report=program.label, program=program.key, month=shown.month, first=lines[0].number,
            last=lines[-1].number, rows=len(lines), debit=str(balances(lines)[0]),
            closed=is_closed(session, project_id, shown.month), file=name,
        )  # fmt: skip
        return answer_sheet(target, name, program.mimetype)

    def _drawn(self, page: ReportPage) -> Any:
        return self.render_template("report.html", page=page, title=page.title)


def _asked() -> tuple[int, Opened]:
    project_id = current_project_id()
    if project_id is None:
        raise NotFound("project")
    return project_id, opened(
        request.args.get("month", ""), now().date(), lambda before: latest_day(db.session(), project_id, before)
    )


def _first() -> int:
    text = request.args.get("first", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
