"""导入: for every paper whose view says what may come in — upload, columns, check, all or nothing, what came of it (02 §2.5.12)."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from flask import flash, redirect, request, send_file
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _

from app.kernel.entrance import database
from app.kernel.errors import NotFound, RuleError
from app.kernel.grants import Grants
from app.kernel.imports import uploads
from app.kernel.imports.declared import Desk, columns_of
from app.kernel.imports.heads import SheetHeads, propose, require_needed, told
from app.kernel.imports.left_aside import left_aside, told_of_hidden, told_of_laid_down
from app.kernel.imports.lookups import names_offered
from app.kernel.imports.memory import earlier_runs, remember, same_file, senders
from app.kernel.imports.plan import Plan
from app.kernel.imports.records import ImportRun
from app.kernel.imports.template import write_template
from app.kernel.imports.uploads import Upload
from app.kernel.imports.writing import AT_ONCE
from app.kernel.pages import import_parts as parts
from app.kernel.pages.import_flow import (
    as_picked,
    chosen_of,
    crumbs_of,
    desk_of,
    folder,
    plan_of,
    proposal_of,
    sheets_of,
    title_of,
    waiting,
    whose_rows,
    why_not,
    write_later,
    write_now,
)
from app.kernel.posts import ALL_POSTS
from app.kernel.screens.display import moment
from app.kernel.screens.page import (
    Card,
    DetailPage,
    Fact,
    ImportMapping,
    ImportPreview,
    ImportUpload,
    Link,
)
from app.kernel.screens.saving import new_key
from app.kernel.screens.sheet_answer import XLSX
from app.kernel.spreadsheets import Sheet
from app.kernel.transactions import write
from app.kernel.workbook_out import OutColumn, write_table

ACCEPT = ".xlsx,.xls,.csv"


class ImportsView(BaseView):
    """/import/PAPER. Who may bring a paper in is said by its view."""

    route_base = "/import"
    default_view = "upload"
    posts: ClassVar[Grants] = {"bring": ALL_POSTS}

    @expose("/<paper>", methods=["GET", "POST"])
    @has_access
    @permission_name("bring")
    def upload(self, paper: str) -> Any:
        """Choose the file and say whose table it is."""
        desk = desk_of(paper)
        if request.method == "GET":
            return self._upload_page(paper, desk, "")
        given = request.files.get("file")
        data = given.read() if given is not None else b""
        name = (given.filename or "") if given is not None else ""
        source = " ".join(request.form.get("source", "").split())[:64]
        try:
            if not data:
                raise RuleError("请选择一个有内容的文件", field="file")
            sheets = sheets_of(desk, data, name)
            if not propose(sheets, columns_of(desk.view), {}):
                raise RuleError("没有找到表头：表里没有一行像列名。请在第一行写上列名，或下载模板填写", field="file")
        except RuleError as error:
            return self._upload_page(paper, desk, str(error)), 422
        kept = uploads.keep(folder(), desk.actor.person_id, desk.project_id, name, data, paper=paper, source=source)
        return redirect(f"/import/{paper}/{kept.token}/columns")

    def _upload_page(self, paper: str, desk: Desk, refused: str) -> str:
        source = parts.source_field(senders(desk.session, desk.project_id, paper))
        runs = parts.runs_card(earlier_runs(desk.session, desk.project_id, paper))
        notes = (
            _("支持 .xlsx、.xls 和 CSV；表头可以是你们自己的叫法，下一步再对应。"),
            _("先核对全部行，一次列出所有问题；有一处错误就一行也不导入。"),
            *(str(note) for note in desk.view.importable.notes),
        )
        page = ImportUpload(
            title=title_of(desk.view), crumbs=crumbs_of(desk.view), template_url=f"/import/{paper}/template",
            back_url=desk.view.list_url(), lead=whose_rows(desk), errors=(refused,) if refused else (), notes=notes, accept=ACCEPT, fields=(source,),
            side=(runs,) if runs else (),
        )  # fmt: skip
        return self.render_template("import/upload.html", page=page, title=page.title)

    @expose("/<paper>/template")
    @has_access
    @permission_name("bring")
    def template(self, paper: str) -> Any:
        """An empty table with the heads that are understood."""
        desk = desk_of(paper)
        target = tempfile.TemporaryFile()  # noqa: SIM115 - send_file closes it
        title = _("%(what)s导入模板", what=desk.view.title)
        columns, notes = columns_of(desk.view), [str(note) for note in desk.view.importable.notes]
        write_template(target, title, columns, notes, names_offered(desk, columns))
        target.seek(0)
        return send_file(target, mimetype=XLSX, as_attachment=True, download_name=f"{title}.xlsx")

    @expose("/<paper>/<token>/columns", methods=["GET", "POST"])
    @has_access
    @permission_name("bring")
    def columns(self, paper: str, token: str) -> Any:
        """Which column fills which field."""
        desk, kept, sheets = waiting(paper, token)
        proposal = proposal_of(desk, kept, sheets)
        if request.method == "GET":
            return self._columns_page(desk, kept, sheets, proposal, "")
        picked = parts.picked_of(proposal, request.form)
        try:
            heads = chosen_of(desk, proposal, picked)
            require_needed(heads, columns_of(desk.view))
        except RuleError as error:
            return self._columns_page(desk, kept, sheets, as_picked(proposal, picked), str(error)), 422
        uploads.remember(folder(), kept, columns=picked, skip_hidden=bool(request.form.get("skip_hidden")))
        where = (desk.project_id, paper, kept.source)
        write(desk.session, lambda: remember(desk.session, *where, told(heads)))
        return redirect(f"/import/{paper}/{token}/preview")

    def _columns_page(
        self, desk: Desk, kept: Upload, sheets: list[Sheet], heads: list[SheetHeads], refused: str
    ) -> str:
        by_name = {sheet.name: sheet for sheet in sheets}
        rows = sum(max(0, len(by_name[one.sheet].rows) - one.last - 1) for one in heads)
        page = ImportMapping(
            title=_("%(what)s：对应列", what=title_of(desk.view)), crumbs=crumbs_of(desk.view), file_name=kept.name,
            columns=parts.heads_of_file(heads, sheets, columns_of(desk.view)), back_url=f"/import/{kept.paper}",
            errors=(refused,) if refused else (), rows_text=_("共 %(n)s 行", n=f"{rows:,}"),
            notes=(*left_aside(sheets, read := {one.sheet for one in heads}), *told_of_laid_down(sheets, read)),
            choices=parts.hidden_choice(sheets, heads, bool(request.form.get("skip_hidden")) if refused else kept.skip_hidden),
        )  # fmt: skip
        return self.render_template("import/mapping.html", page=page, title=page.title)

    @expose("/<paper>/<token>/preview", methods=["GET", "POST"])
    @has_access
    @permission_name("bring")
    def preview(self, paper: str, token: str) -> Any:
        """All errors, the sums compared; the post writes all or nothing."""
        desk, kept, sheets = waiting(paper, token)
        plan = plan_of(desk, kept, sheets)
        if request.method == "GET":
            return self._preview_page(desk, kept, plan, sheets)
        if plan.faults or plan.declared.compare or not plan.writes:
            return self._preview_page(desk, kept, plan, sheets), 422
        try:
            location = write_later(desk, kept) if plan.writes > AT_ONCE else write_now(desk, kept, plan)
        except RuleError as error:
            flash(str(error), "danger")
            return redirect(f"/import/{paper}/{token}/preview")
        return redirect(location)

    def _preview_page(self, desk: Desk, kept: Upload, plan: Plan, sheets: list[Sheet]) -> str:
        may = not plan.faults and plan.writes > 0 and not plan.declared.compare
        report = plan.faults or plan.absent or any(line.differences for line in plan.lines)
        page = ImportPreview(
            title=_("%(what)s：核对", what=title_of(desk.view)), crumbs=crumbs_of(desk.view), file_name=kept.name,
            good=len(plan.lines) if plan.faults else plan.writes, bad=plan.bad_rows, sums=parts.sum_checks(plan),
            errors=parts.faults_on_page(plan), errors_total=len(plan.faults), sample=parts.sample_table(plan),
            back_url=f"/import/{kept.paper}", may_confirm=may, why_not=why_not(plan),
            columns_url=f"/import/{kept.paper}/{kept.token}/columns", lead=f"{kept.name}　{parts.summary(plan)}　{whose_rows(desk)}", notes=self._notes(desk, kept, plan, sheets),
            errors_url=f"/import/{kept.paper}/{kept.token}/report" if report else "",
            confirm_label=_("导入 %(n)s 行（后台处理）", n=plan.writes) if plan.writes > AT_ONCE else "",
            differences=parts.differences_table(plan), key=new_key(),
        )  # fmt: skip
        return self.render_template("import/preview.html", page=page, title=page.title)

    def _notes(self, desk: Desk, kept: Upload, plan: Plan, sheets: list[Sheet]) -> tuple[str, ...]:
        before = same_file(desk.session, desk.project_id, kept.paper, kept.digest)
        hidden = told_of_hidden(sheets, plan.sheets, skipped=kept.skip_hidden)
        laid = told_of_laid_down(sheets, plan.sheets)
        return (*parts.notes_of(plan, before), *laid, *left_aside(sheets, plan.sheets), *hidden)

    @expose("/<paper>/<token>/report")
    @has_access
    @permission_name("bring")
    def report(self, paper: str, token: str) -> Any:
        """Every error and every difference as a table to take along."""
        desk, kept, sheets = waiting(paper, token)
        plan = plan_of(desk, kept, sheets)
        rows = [(_("错误"), f"{f.sheet}·第 {f.line} 行", f.column, f.value, f.sentence) for f in plan.faults]
        rows += [(kind, what, "", "", how) for kind, what, how in parts.differing(plan)]
        heads = (
            OutColumn(_("结果")), OutColumn(_("位置"), width=28), OutColumn(_("列"), width=16),
            OutColumn(_("读到的内容"), width=24), OutColumn(_("说明"), width=70),
        )  # fmt: skip
        target = tempfile.TemporaryFile()  # noqa: SIM115 - send_file closes it
        title = _("核对报告")
        write_table(target, title=f"{kept.name} {title}", columns=heads, rows=rows)
        target.seek(0)
        return send_file(
            target, mimetype=XLSX, as_attachment=True, download_name=f"{Path(kept.name).stem}-{title}.xlsx"
        )

    @expose("/<paper>/done/<int:run_id>")
    @has_access
    @permission_name("bring")
    def done(self, paper: str, run_id: int) -> Any:
        """What came of it."""
        desk, run = desk_of(paper), database().get(ImportRun, run_id)
        if run is None or run.subject != paper or run.project_id != desk.project_id:
            raise NotFound("import_run")
        facts = (
            Fact(_("文件"), run.file_name, wide=True), Fact(_("谁给的表"), run.source), Fact(_("导入人"), run.person_name),
            Fact(_("时间"), moment(run.at)), Fact(_("新增"), f"{run.new:,}"), Fact(_("更新"), f"{run.changed:,}"),
            Fact(_("已存在且一致"), f"{run.same:,}"), Fact(_("保持原值"), f"{run.kept:,}"),
            *(Fact(label, f"{Decimal(value):,.2f}") for label, value in run.sums.items()),
        )  # fmt: skip
        acts = (
            Link(_("查看%(what)s", what=desk.view.title), desk.view.list_url(), tone="primary"),
            Link(_("再导入一个"), f"/import/{paper}"),
        )
        page = DetailPage(
            title=_("导入完成"), crumbs=crumbs_of(desk.view), acts=acts, main=(Card(_("结果"), facts=facts),)
        )  # fmt: skip
        return self.render_template("doc/detail.html", page=page, title=page.title)
