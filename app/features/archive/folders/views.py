"""户档 and 资料清单: what every household has on file, and what the site demands."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from sqlalchemy import Select
from werkzeug.wrappers import Response

from app.extensions import db
from app.features.archive.category import CATEGORY
from app.features.archive.folders.effects import ensure_kinds, recount_project
from app.features.archive.folders.models import Folder, FolderState, PaperKind
from app.features.archive.papers.models import FILERS
from app.features.archive.taking_over import file_form, file_it, source_file
from app.kernel.actors import Actor
from app.kernel.base import now
from app.kernel.errors import Forbidden
from app.kernel.posts import Post
from app.kernel.screens.parts import Html, Link
from app.kernel.screens.view import DocumentView
from app.kernel.transactions import write

EXPORTERS = frozenset(
    {Post.SUPERVISOR, Post.SITE_MANAGER, Post.PROJECT_MANAGER, Post.SALES_ADMIN, Post.GENERAL_MANAGER, Post.CLERK}
)


def _lacking(query: Select[Any], _actor: Actor) -> Select[Any]:
    return query.where(Folder.state == FolderState.OPEN, Folder.missing > 0)


def _late(query: Select[Any], actor: Actor) -> Select[Any]:
    return _lacking(query, actor).where(Folder.due_on < now().date())


class FolderView(DocumentView):
    """户档 (02 §2.5.8 一户一档)."""

    model = Folder
    label = L("户档")
    category = CATEGORY
    icon = "arch"
    editors = FILERS
    exporters = EXPORTERS
    editable_states = tuple(FolderState)
    form = ("note",)
    listed = (
        "number", "unit_name", "customer_name", "stage", "completeness", "missing_names", "due_on", "owner_id", "box", "state",
    )  # fmt: skip
    filters = ("stage", "owner_id", "payment", "state")
    search = ("number", "unit_name", "customer_name", "order_number")
    sortable = ("due_on", "number", "missing")
    search_hint = L("档号、房源、姓名、拼音、认购书编号")
    empty_hint = L("认购书生效后自动建立户档")
    chips = (("missing", L("缺件"), _lacking), ("late", L("逾期未齐"), _late))
    files = False
    deadlines: ClassVar = {"due_on": lambda folder: folder.state is FolderState.OPEN and folder.missing > 0}
    fact_groups = (
        (L("要点"), ("number", "unit_name", "customer_name", "order_number", "payment", "owner_id", "stage", "stage_on", "due_on",
                    "box", "shelf", "settled_on", "note")),
    )  # fmt: skip

    def note(self, record: Any, actor: Actor) -> Html:
        """What is late."""
        if record.state is not FolderState.OPEN or not record.missing or record.due_on >= now().date():
            return ""
        late = (now().date() - record.due_on).days
        return _(
            "资料应在 %(day)s 前归齐，已逾期 %(n)s 天，还缺 %(m)s 种。", day=record.due_on, n=late, m=record.missing
        )

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """«登记资料» for the desk."""
        if record.state is FolderState.ENDED or not actor.holds(FILERS, record.project_id):
            return []
        return [Link(_("登记资料"), f"/paper/add?folder_id={record.id}", icon="plus")]

    @expose("/take/<int:pk>/<int:file_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def take(self, pk: int, file_id: int) -> Any:
        """归档: a file of the order, the contract … becomes a paper of this household."""
        folder, actor = self.find(pk), self.actor()
        if not actor.holds(FILERS, folder.project_id):
            raise Forbidden(_("归档"))
        given = source_file(db.session(), actor, folder, file_id)
        if request.method == "GET":
            return render_template("doc/form.html", page=file_form(self, folder, given, None))
        return file_it(self, folder, given)


class PaperKindView(DocumentView):
    """资料清单: which papers a household needs, stage by stage; a change is counted at once in every open folder."""

    model = PaperKind
    label = L("资料种类")
    title = L("资料清单")
    category = CATEGORY
    icon = "check"
    creators = frozenset({Post.CLERK, Post.SALES_ADMIN})
    form = ("name", "stage", "applies_to", "required", "original", "retention", "position", "active")
    listed = ("name", "stage", "applies_to", "required", "original", "retention", "active", "position")
    filters = ("stage", "applies_to", "active")
    search = ("name",)
    order = ("position",)
    files = False
    empty_hint = L("点「载入通用清单」一次建好，再按本项目的要求增减")

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """A project that has no list yet starts with the usual one."""
        acts = super().list_acts(actor, query_text)
        if actor.holds(self.creators):
            acts.insert(0, Link(_("载入通用清单"), "/paper-kind/usual", method="post", icon="download"))
        return acts

    def after_save(self, record: Any, actor: Actor, new: bool) -> None:
        """The meters of the project follow the list."""
        recount_project(db.session(), record.project_id)

    @expose("/usual", methods=["POST"])
    @has_access
    @permission_name("add")
    def usual(self) -> Response:
        """The usual list, for a project that has none."""
        session, project_id = db.session(), self.current_project()
        made = write(session, lambda: ensure_kinds(session, project_id)) if project_id is not None else 0
        if made:
            flash(_("已载入 %(n)s 种资料", n=made), "success")
        else:
            flash(_("本项目已有资料清单，没有改动"), "info")
        return redirect(self.list_url())
