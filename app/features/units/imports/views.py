"""导入房源 on the web: upload → columns → check and confirm; nothing is written before the last click (04 R10)."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from flask import current_app, flash, make_response, redirect, render_template, request, send_file
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.features.organisation.parameters import parameter
from app.features.units.entries.effects import EDITORS
from app.features.units.imports import pages
from app.features.units.imports.effects import ImportFile, commit, plan
from app.features.units.imports.rules import ImportPlan, read_expected
from app.features.units.price_fields import FIELDS, SheetMapping, propose
from app.features.units.price_mapping import chosen_mappings, picked, proposed, told
from app.kernel.actors import Actor
from app.kernel.csv_text import quoted_for_csv
from app.kernel.entrance import current_project_id, me
from app.kernel.errors import Forbidden, RuleError
from app.kernel.imports import uploads
from app.kernel.imports.memory import remember, remembered, senders
from app.kernel.imports.uploads import Upload
from app.kernel.pages.import_parts import source_field
from app.kernel.screens.export import XLSX
from app.kernel.screens.import_page import ImportUpload
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.saving import new_key
from app.kernel.spreadsheets import Sheet, read_workbook
from app.kernel.transactions import write
from app.kernel.workbook_out import OutColumn, write_table

ACCEPT = ".xlsx,.xls,.csv"


class UnitImportView(BaseView):
    """The three pages of an import into the chosen project, for CLK and HQ."""

    route_base = "/unit-import"
    default_view = "upload"
    posts: ClassVar = {"add": EDITORS, "menu_access": EDITORS}

    @expose("", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def upload(self) -> Any:
        """Choose the file."""
        actor, project_id = me(), _project()
        if request.method == "GET":
            return _upload_page(())
        given = request.files.get("file")
        data = given.read() if given is not None else b""
        name = (given.filename or "") if given is not None else ""
        try:
            if not data:
                raise RuleError("请选择一个有内容的文件", field="file")
            sheets = read_workbook(data, name)
            if not propose(sheets).mappings:
                raise RuleError("没有找到房源表头（至少要有楼栋、房号、单价等列）", field="file")
        except RuleError as error:
            return _upload_page((str(error),)), 422
        source = " ".join(request.form.get("source", "").split())[:64]
        kept = uploads.keep(_folder(), actor.person_id, project_id, name, data, source=source)
        return redirect(f"/unit-import/{kept.token}/columns")

    @expose("/<token>/columns", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def columns(self, token: str) -> Any:
        """Which column fills which field."""
        kept, sheets, proposal = _waiting(token)
        if request.method == "GET":
            page = pages.mapping_page(kept.name, sheets, proposal, kept.expected, [], new_key())
            return render_template("import/mapping.html", page=page, title=page.title)
        typed = {field: request.form.get(field, "") for field, _label in pages.EXPECTED}
        columns, layouts = picked(proposal, request.form)
        chosen = uploads.remember(_folder(), kept, columns=columns, layouts=layouts, expected=typed)
        try:
            mappings = chosen_mappings(chosen, proposal)
            read_expected(typed)
        except RuleError as error:
            page = pages.mapping_page(kept.name, sheets, proposal, typed, [(error.field or "", str(error))], new_key())
            return render_template("import/mapping.html", page=page, title=page.title), 422
        where = (kept.project_id, kept.paper, kept.source)
        write(db.session, lambda: remember(db.session(), *where, told(mappings)))
        return redirect(f"/unit-import/{token}/preview")

    @expose("/<token>/preview", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def preview(self, token: str) -> Any:
        """All errors, the sums compared; the post writes all or nothing."""
        kept, sheets, _proposal = _waiting(token)
        if request.method == "GET":
            return _preview_page(kept, plan(db.session(), kept.project_id, sheets, _mappings(kept, sheets)))
        try:
            location = _commit(me(), kept, sheets)
        except RuleError as error:
            flash(str(error), "danger")
            return redirect(f"/unit-import/{token}/preview")
        uploads.drop(_folder(), token)
        return redirect(location)

    @expose("/<token>/errors")
    @has_access
    @permission_name("add")
    def errors(self, token: str) -> Response:
        """Every error as a table to take along."""
        kept, sheets, _proposal = _waiting(token)
        made = plan(db.session(), kept.project_id, sheets, _mappings(kept, sheets))
        target = io.StringIO()
        writer = csv.writer(target)
        writer.writerow([_("工作表"), _("行"), _("列"), _("读到的内容"), _("怎么改")])
        for problem in made.problems:
            cells = (problem.sheet, str(problem.line), problem.column, problem.value, str(problem.reason))
            writer.writerow([quoted_for_csv(cell) for cell in cells])
        answer = make_response("\ufeff" + target.getvalue())
        answer.headers["Content-Type"] = "text/csv; charset=utf-8"
        answer.headers["Content-Disposition"] = "attachment; filename=import-errors.csv"
        return answer

    @expose("/template")
    @has_access
    @permission_name("add")
    def template(self) -> Any:
        """An empty table with the heads that are understood."""
        target = tempfile.TemporaryFile()  # noqa: SIM115 - send_file closes it
        columns = [OutColumn(each.label + ("★" if each.required else "")) for each in FIELDS]
        write_table(target, title=_("房源导入模板"), columns=columns, rows=())
        target.seek(0)
        return send_file(target, mimetype=XLSX, as_attachment=True, download_name=_("房源导入模板") + ".xlsx")


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "imports"


def _project() -> int:
    project_id = current_project_id()
    if project_id is None or not me().holds(EDITORS, project_id):
        raise Forbidden(_("导入房源"))
    return project_id


def _upload_page(errors: tuple[str, ...]) -> str:
    notes = (
        _("支持 .xlsx、.xls 和 CSV；表头至少要有楼栋、房号、建筑面积、套内面积、单价。"),
        _("单价按备案价保存；表价由价目表版本审批后写入。"),
        _("房号写 701 或 01（另有楼层列）都可以。有一处错误就一套也不导入。"),
    )
    page = ImportUpload(
        title=_("导入房源"), crumbs=pages.crumbs(), template_url="/unit-import/template", back_url="/unit/list/", errors=errors,
        notes=notes, accept=ACCEPT, fields=(source_field(senders(db.session(), _project(), "unit")),),
    )  # fmt: skip
    return render_template("import/upload.html", page=page, title=page.title)


def _waiting(token: str) -> tuple[Upload, list[Sheet], tuple[SheetMapping, ...]]:
    kept, data = uploads.find(_folder(), token, me().person_id)
    if not me().holds(EDITORS, kept.project_id):
        raise Forbidden(_("导入房源"))
    sheets = read_workbook(data, kept.name)
    return kept, sheets, _proposal(kept, sheets)


def _mappings(kept: Upload, sheets: list[Sheet]) -> list[SheetMapping]:
    """The proposal with what the person chose. Raises RuleError for a wrong choice."""
    return chosen_mappings(kept, _proposal(kept, sheets))


def _proposal(kept: Upload, sheets: list[Sheet]) -> tuple[SheetMapping, ...]:
    return proposed(sheets, remembered(db.session(), kept.project_id, kept.paper, kept.source))


def _preview_page(kept: Upload, made: ImportPlan) -> str:
    rounding = parameter(db.session(), kept.project_id, "list_total_rounding")
    page = pages.preview_page(kept.name, kept.token, made, read_expected(kept.expected), new_key(), rounding)
    return render_template("import/preview.html", page=page, title=page.title)


def _commit(actor: Actor, kept: Upload, sheets: list[Sheet]) -> str:
    file = ImportFile(kept.name, kept.digest)

    def work() -> str:
        made, entry = commit(db.session, actor, kept.project_id, sheets, _mappings(kept, sheets), file)
        flash(made.summary, "success" if entry else "info")
        return f"/unit-entry/show/{entry.id}" if entry else "/unit/list/"

    return once(db.session, actor.person_id, request.form.get("_key", ""), body_digest([("token", kept.token)]), work)
