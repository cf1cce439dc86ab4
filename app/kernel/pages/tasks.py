"""我的任务: large exports and imports that run in the background — how far they are, what came of them, the file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from flask import jsonify, send_file
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from app.kernel import audit
from app.kernel.base import now
from app.kernel.entrance import database, me
from app.kernel.errors import NotFound
from app.kernel.file_tab import file_size
from app.kernel.grants import Grants
from app.kernel.posts import ALL_POSTS
from app.kernel.screens.display import moment, tag_html
from app.kernel.screens.page import Cell, Column, Html, Link, Row, Table
from app.kernel.sessions import quiet
from app.kernel.tasks.records import Task, TaskState
from app.kernel.tasks.results import KEPT_DAYS, path_of, progress_of
from app.kernel.transactions import write

SHOWN = 50
SLOW = timedelta(minutes=2)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TasksView(BaseView):
    """/tasks. A task is its person's alone."""

    route_base = "/tasks"
    default_view = "mine"
    posts: ClassVar[Grants] = {"mine": ALL_POSTS, "progress": ALL_POSTS, "file": ALL_POSTS}

    @expose("")
    @has_access
    def mine(self) -> Any:
        """The last fifty, newest first."""
        tasks = _mine()
        waiting = any(task.state is TaskState.QUEUED and task.queued_at < now() - SLOW for task in tasks)
        return self.render_template(
            "tasks.html", title=_("我的任务"), table=_table(tasks), running=any(task.open for task in tasks), slow=waiting,
            days=KEPT_DAYS,
        )  # fmt: skip

    @expose("/progress")
    @has_access
    def progress(self) -> Any:
        """For the page that shows them: id, whether it is over, how far it is."""
        return jsonify(tasks=[_told(task) for task in _mine()])

    @expose("/<int:task_id>/file")
    @has_access
    def file(self, task_id: int) -> Any:
        """What the task made; only for the one who asked, seven days long. Logged."""
        session, task = database(), _one(task_id)
        if not task.stored_as:
            raise NotFound("task file")
        path, name = path_of(task.stored_as), task.file_name
        about: dict[str, Any] = {"subject": "task", "subject_id": task.id, "project_id": task.project_id}
        write(session, lambda: session.add(audit.entry("download", **about, name=name)))
        answer = send_file(path, mimetype=XLSX, as_attachment=True, download_name=name, conditional=False, etag=False)
        answer.headers["Cache-Control"] = "no-store"
        return answer


quiet("TasksView.progress")


def _mine() -> list[Task]:
    query = select(Task).where(Task.person_id == me().person_id).order_by(Task.id.desc()).limit(SHOWN)
    return list(database().scalars(query))


def _one(task_id: int) -> Task:
    task = database().get(Task, task_id)
    if task is None or task.person_id != me().person_id:
        raise NotFound("task")
    return task


def _told(task: Task) -> dict[str, Any]:
    done, total = progress_of(task.id) if task.state is TaskState.RUNNING else (task.done, task.total)
    return {
        "id": task.id, "open": task.open, "state": task.state.value, "done": done, "total": total,
        "text": _how_far(task, done, total),
    }  # fmt: skip


def _how_far(task: Task, done: int, total: int) -> str:
    if task.state is TaskState.QUEUED:
        return _("等待处理")
    if not task.open:
        return task.message
    return _("已处理 %(done)s / %(total)s", done=f"{done:,}", total=f"{total:,}") if total else _("正在读取")


def _table(tasks: list[Task]) -> Table:
    columns = (
        Column("title", _("任务"), phone="hd"), Column("state", _("状态"), phone="badge"), Column("how", _("进度和结果")),
        Column("asked", _("提交")), Column("took", _("完成"), phone="lo"),
    )  # fmt: skip
    rows = tuple(
        Row(
            str(task.id), task.url, task.title,
            (
                Cell(task.title, sub=_("编号 %(n)s", n=task.id)), Cell(tag_html(task.state)), Cell(_progress(task)),
                Cell(moment(task.queued_at)), Cell(moment(task.finished_at) if task.finished_at else ""),
            ),
            ops=_acts(task),
        )
        for task in tasks
    )  # fmt: skip
    return Table(columns, rows, empty=_("还没有后台任务。超过 5,000 行的导出和较大的导入会在这里排队处理。"))


def _progress(task: Task) -> Html:
    told = _told(task)
    bar = Markup('<progress class="bar" max="{}" value="{}"></progress> ').format(max(told["total"], 1), told["done"])
    text = Markup('<span data-task="{}">{}</span>').format(task.id, told["text"])
    return bar + text if task.open else text


def _acts(task: Task) -> tuple[Link, ...]:
    acts = []
    if task.stored_as and _kept(task):
        label = _("下载（%(size)s）", size=file_size(task.file_size))
        acts.append(Link(label, f"/tasks/{task.id}/file", icon="download"))
    if task.url:
        acts.append(Link(_("查看结果"), task.url))
    return tuple(acts)


def _kept(task: Task) -> bool:
    try:
        return path_of(task.stored_as).is_file()
    except NotFound:
        return False
