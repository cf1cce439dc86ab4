"""The list as .xlsx: the same rows, filters and columns as on the screen, with a reason where people are named, always logged.

Up to 5,000 rows come at once; more is a task with progress (02 §2.5.11, §2.5.12, 07 §7.1 «Export», 04 F6).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, redirect, render_template, request
from flask import session as cookie
from flask_babel import gettext as _

from app.extensions import db
from app.kernel.actors import Actor
from app.kernel.base import model_of
from app.kernel.errors import Forbidden, RuleError
from app.kernel.parameters import site_parameter
from app.kernel.screens.export_rows import Extract, extract, filter_words
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.listing import sum_word
from app.kernel.screens.once import body_digest, once
from app.kernel.screens.parts import Crumb
from app.kernel.screens.sheet_answer import XLSX, Sheet, answer_sheet, log_export, write_sheet
from app.kernel.tasks.asking import ask_for
from app.kernel.tasks.page import as_on_page
from app.kernel.tasks.records import Outcome
from app.kernel.tasks.results import new_file
from app.kernel.tasks.running import Run, task_kind
from app.kernel.transactions import write
from app.kernel.words import in_chinese, shown

__all__ = ["AT_ONCE", "XLSX", "export"]
AT_ONCE = 5_000
TOLD_EVERY = 500
SHORTEST_REASON = 4
PHRASES = ("报甲方核对", "内部统计", "安排回访", "通知客户签约", "通知客户交楼")


def export(view: Any) -> Any:
    """GET answers a small sheet without people in it at once; else it asks, and POST answers or starts the task."""
    session, actor = db.session(), view.actor()
    found = extract(view, actor)
    total = _allowed_count(found, session)
    if request.method == "GET" and not found.personal and total <= AT_ONCE:
        return _at_once(found, total, "")
    needed = bool(found.personal) and total > site_parameter(session, view.current_project(), "export_reason_persons")
    if request.method == "GET":
        return render_template("doc/form.html", page=_page(found, total, needed, ""))
    reason = " ".join(request.form.get("reason", "").split())[:200]
    if needed and len(reason) < SHORTEST_REASON:
        refused = _("请写明导出原因（至少 %(n)s 个字）", n=SHORTEST_REASON)
        return render_template("doc/form.html", page=_page(found, total, needed, refused)), 422
    return _at_once(found, total, reason) if total <= AT_ONCE else _as_task(found, total, reason)


def _allowed_count(found: Extract, session: Any) -> int:
    """How many rows. Raises RuleError beyond what the site allows in one file."""
    key = "export_personal_rows" if found.personal else "export_rows"
    most = site_parameter(session, found.view.current_project(), key)
    total = found.count(session, most)
    if total > most:
        what = "含个人信息的导出" if found.personal else "导出"
        raise RuleError("符合条件的超过 {n} 条，{what}一次最多这么多，请先缩小筛选范围", n=f"{most:,}", what=what)
    return total


def _sheet(found: Extract, session: Any, rows: Iterator[Sequence[object]]) -> Sheet:
    return Sheet(
        report=str(found.view.title), project_id=found.view.current_project(), columns=found.sheet_columns(), rows=rows,
        totals=bool(found.view.summed), conditions=_words(found, session), sums=found.sums(session),
        total=sum_word(found.view),
    )  # fmt: skip


def _words(found: Extract, session: Any) -> list[str]:
    """What narrows the list: «等级：A»."""
    return [
        _("%(label)s：%(value)s", label=shown(label), value=shown(value))
        for label, value in filter_words(found, session)
    ]


def _at_once(found: Extract, total: int, reason: str) -> Any:
    target = tempfile.TemporaryFile()  # noqa: SIM115 - send_file closes it
    sheet = _sheet(found, db.session(), found.rows(db.session()))
    name = write_sheet(db.session(), found.actor, sheet, target)
    _log(found, total, reason, name, request.path)
    return answer_sheet(target, name)


def _log(found: Extract, total: int, reason: str, name: str, route: str) -> None:
    with in_chinese():
        conditions = _words(found, db.session())
    log_export(
        db.session, found.view.model.__tablename__, found.view.current_project(), rows=total,
        filters="；".join(conditions), columns="、".join(found.columns), personal="、".join(found.personal), reason=reason,
        file=name, route=route,
    )  # fmt: skip


def _as_task(found: Extract, total: int, reason: str) -> Any:
    view, actor = found.view, found.actor
    arguments = {
        "table": view.model.__tablename__, "query": request.query_string.decode(), "reason": reason, "rows": total,
        "locale": cookie.get("locale", ""),
    }  # fmt: skip

    def work() -> str:
        title = _("导出%(what)s", what=view.title)
        ask_for(db.session, actor, "export", title, arguments, project_id=view.current_project())
        return "/tasks"

    digest = body_digest([*request.form.items(multi=True), ("query", arguments["query"])])
    location = once(db.session, actor.person_id, request.form.get("_key", ""), digest, work)
    flash(_("共 %(n)s 行，正在后台生成，完成后会通知你", n=f"{total:,}"), "info")
    return redirect(location)


@task_kind("export")
def run_export(run: Run) -> Outcome:
    """The list of that address as the person's page would show it now, into a file of the results folder."""
    from app.kernel.screens.view import view_of

    view, given = view_of(model_of(run.arguments["table"])), run.arguments
    if view is None or not _may_export(view, run.actor, run.project_id):
        raise Forbidden("导出")
    with as_on_page(f"{view.list_url()}export?{given['query']}", run.project_id, given["locale"]):
        found = extract(view, run.actor)
        total = _allowed_count(found, run.session)
        sheet = _sheet(found, run.session, _told(found.rows(db.session()), run, total))
        with new_file() as (target, kept):
            name = write_sheet(db.session(), run.actor, sheet, target)
            size = target.tell()
        message = _("共 %(n)s 行", n=f"{total:,}")
        outcome = Outcome(message, file_name=name, stored_as=kept[0], file_size=size, done=total)

        def work() -> None:
            _log(found, total, given["reason"], name, f"task {run.task_id}")
            run.finish(outcome)

        write(db.session, work)
    return outcome


def _may_export(view: Any, actor: Actor, project_id: int | None) -> bool:
    return actor.holds(view.exporters, project_id if hasattr(view.model, "project_id") else None)


def _told(rows: Iterator[Sequence[object]], run: Run, total: int) -> Iterator[Sequence[object]]:
    for number, row in enumerate(rows):
        if number % TOLD_EVERY == 0:
            run.progress(number, total)
        yield row


def _page(found: Extract, total: int, needed: bool, refused: str) -> FormPage:
    """The question before an export that names people or takes long."""
    view = found.view
    lead = _("共 %(n)s 行，%(m)s 列，与列表当前的筛选一致。", n=f"{total:,}", m=len(found.columns))
    if total > AT_ONCE:
        lead += _("超过 %(n)s 行，将在后台生成，完成后通知你到「我的任务」下载。", n=f"{AT_ONCE:,}")
    warning, fields = "", ()
    if found.personal:
        warning = _(
            "含个人信息：%(what)s。号码按规定打码；文件带你的姓名和时间水印，导出会记入审计。",
            what="、".join(found.personal),
        )
        reason = FormField(
            "reason", _("导出原因"), "textarea", required=needed, phrases=PHRASES, wide=True, rows=2,
            value=request.form.get("reason", ""), errors=(refused,) if refused else (),
        )  # fmt: skip
        fields = (reason,)  # type: ignore[assignment]
    title = _("导出%(what)s", what=view.title)
    return FormPage(
        title=title, sections=(FormSection("", fields),), submit_label=_("后台生成") if total > AT_ONCE else _("导出"),
        submit_icon="download", back_url=view.list_url(), action=request.full_path.rstrip("?"), lead=lead, warning=warning,
        crumbs=(Crumb(str(view.title), view.list_url()), Crumb(title)), key=request.form.get("_key") or _new_key(),
    )  # fmt: skip


def _new_key() -> str:
    from app.kernel.screens.saving import new_key

    return new_key()
