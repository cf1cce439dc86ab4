"""The way of a table through the pages of an import: found again between them, planned, written at once or by a task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app, flash, request
from flask import session as cookie
from flask_babel import gettext as _

from app.kernel.entrance import current_project_id, database, me
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.imports import uploads
from app.kernel.imports.across import laid_down
from app.kernel.imports.declared import Desk, columns_of, importers
from app.kernel.imports.heads import SheetHeads, confirmed, propose, require_needed
from app.kernel.imports.left_aside import without_hidden
from app.kernel.imports.making import make_plan
from app.kernel.imports.memory import remembered
from app.kernel.imports.plan import Plan
from app.kernel.imports.records import ImportRun
from app.kernel.imports.uploads import Upload
from app.kernel.imports.writing import commit
from app.kernel.pages import import_parts as parts
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.page import Crumb
from app.kernel.screens.view import VIEWS
from app.kernel.spreadsheets import Sheet, read_workbook
from app.kernel.tasks.asking import ask_for
from app.kernel.tasks.page import as_on_page
from app.kernel.tasks.records import Outcome
from app.kernel.tasks.running import Run, task_kind


def folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "imports"


def _view(paper: str) -> Any:
    view = next((v for v in VIEWS.values() if v.route_base == f"/{paper}" and v.importable is not None), None)
    if view is None:
        raise NotFound("import")
    return view


def desk_of(paper: str) -> Desk:
    view, actor, project_id = _view(paper), me(), current_project_id()
    if project_id is None or not actor.holds(importers(view), project_id):
        raise Forbidden(_("导入"))
    return Desk(database(), actor, project_id, view)


def sheets_of(desk: Desk, data: bytes, name: str) -> list[Sheet]:
    """The sheets of an upload, those that the paper takes across as lists. Raises RuleError for what is no table."""
    return laid_down(read_workbook(data, name), desk.view.importable.across, columns_of(desk.view))


def waiting(paper: str, token: str) -> tuple[Desk, Upload, list[Sheet]]:
    desk = desk_of(paper)
    kept, data = uploads.find(folder(), token, desk.actor.person_id)
    if kept.paper != paper:
        raise NotFound("upload")
    if kept.project_id != desk.project_id:
        raise RuleError("这个文件是为另一个项目上传的，请先在上方切换回那个项目")
    return desk, kept, sheets_of(desk, data, kept.name)


def proposal_of(desk: Desk, kept: Upload, sheets: list[Sheet]) -> list[SheetHeads]:
    memory = remembered(desk.session, desk.project_id, kept.paper, kept.source)
    return propose(sheets, columns_of(desk.view), memory)


def chosen_of(desk: Desk, proposal: list[SheetHeads], picked: dict[str, dict[str, str]]) -> list[SheetHeads]:
    columns = columns_of(desk.view)
    return [confirmed(one, {int(i): key for i, key in picked.get(one.sheet, {}).items()}, columns) for one in proposal]


def as_picked(proposal: list[SheetHeads], picked: dict[str, dict[str, str]]) -> list[SheetHeads]:
    """The form again as it was filled, whatever was wrong with it."""
    return [
        SheetHeads(one.sheet, one.first, one.last, one.heads, {int(i): k for i, k in picked[one.sheet].items() if k})
        for one in proposal
    ]


def plan_of(desk: Desk, kept: Upload, sheets: list[Sheet]) -> Plan:
    proposal = proposal_of(desk, kept, sheets)
    heads = chosen_of(desk, proposal, kept.columns) if kept.columns else proposal
    require_needed(heads, columns_of(desk.view))
    return make_plan(desk, without_hidden(sheets) if kept.skip_hidden else sheets, heads)


def write_now(desk: Desk, kept: Upload, plan: Plan) -> str:
    def work() -> str:
        run = commit(desk, plan, _about(kept))
        if plan.said:
            flash(plan.said, "info")
        return f"/import/{kept.paper}/done/{run.id}"

    digest = body_digest([("token", kept.token)])
    location = once(desk.session, desk.actor.person_id, request.form.get("_key", ""), digest, work)
    uploads.drop(folder(), kept.token)
    return location


def write_later(desk: Desk, kept: Upload) -> str:
    arguments = {"paper": kept.paper, "token": kept.token, "locale": cookie.get("locale", "")}
    title = _("导入%(what)s：%(file)s", what=desk.view.title, file=kept.name)
    ask_for(
        desk.session, desk.actor, "import", title, arguments, project_id=desk.project_id, key=f"import:{kept.token}"
    )
    flash(_("正在后台导入，完成后会通知你"), "info")
    return "/tasks"


@task_kind("import")
def run_import(run: Run) -> Outcome:
    """Read, check and write the waiting file; its end is in the transaction of the rows."""
    paper = run.arguments["paper"]
    with as_on_page(f"/import/{paper}", run.project_id, run.arguments["locale"]):
        desk, kept, sheets = waiting(paper, run.arguments["token"])
        plan = plan_of(desk, kept, sheets)
        if plan.faults:
            raise RuleError(
                "有 {n} 处错误，一行也没有导入。第一处：{first}", n=len(plan.faults), first=str(plan.faults[0])
            )
        outcomes: list[Outcome] = []

        def ended(done: ImportRun) -> None:
            message = "；".join(filter(None, (parts.summary(plan), plan.said)))
            outcomes[:] = [Outcome(message, url=f"/import/{paper}/done/{done.id}", done=plan.writes)]
            run.finish(outcomes[0])

        commit(desk, plan, _about(kept), told=run.progress, ended=ended)
        uploads.drop(folder(), kept.token)
    return outcomes[0]


def _about(kept: Upload) -> dict[str, str]:
    return {"subject": kept.paper, "file_name": kept.name, "digest": kept.digest, "source": kept.source}


def why_not(plan: Plan) -> str:
    if plan.faults:
        return _("有错时一行也不导入，请改好文件再传。")
    if plan.declared.compare:
        return parts.summary(plan)
    return "" if plan.writes else _("没有要写入的内容：%(what)s。", what=parts.summary(plan))


def whose_rows(desk: Desk) -> str:
    """Where the rows will stand, and under whose name: said before the file is chosen and before it is written."""
    if desk.view.importable.compare:
        return _("与「%(project)s」的记录核对，不写入", project=desk.actor.project_names.get(desk.project_id, ""))
    names = {"project": desk.actor.project_names.get(desk.project_id, ""), "who": desk.actor.name}
    return _("导入到「%(project)s」，登记人记为 %(who)s", **names)


def title_of(view: Any) -> str:
    return _("核对%(what)s", what=view.title) if view.importable.compare else _("导入%(what)s", what=view.title)


def crumbs_of(view: Any) -> tuple[Crumb, ...]:
    return (Crumb(str(view.title), view.list_url()), Crumb(title_of(view)))
