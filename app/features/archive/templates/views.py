"""文书模板: the versions of the site's Word templates, their upload and preview, the placeholders of every paper."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812

from app.extensions import db
from app.features.archive.category import CATEGORY
from app.features.archive.folders.views import EXPORTERS
from app.features.archive.templates import pages
from app.features.archive.templates.models import AUTHORS, PaperTemplate, TemplateState
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment, content_of
from app.kernel.errors import Forbidden, NotFound
from app.kernel.papers.kinds import PRINTED, kind_of
from app.kernel.papers.rendering import shipped_template
from app.kernel.papers.templates import SHIPPED, Template, template_for
from app.kernel.screens.parts import Html, Link
from app.kernel.screens.view import DocumentView


class PaperTemplateView(DocumentView):
    """文书模板 (S3.18)."""

    model = PaperTemplate
    label = L("文书模板")
    category = CATEGORY
    icon = "edit"
    creators = AUTHORS
    exporters = EXPORTERS
    form = ("changes",)
    listed = ("title", "revision", "file_name", "changes", "in_use_on", "updated_at", "state")
    filters = ("state",)
    search = ("title", "changes", "file_name")
    sortable = ("in_use_on",)
    search_hint = L("文书、修改说明、文件名")
    chips = (("in_use", L("使用中"), lambda query, actor: query.where(PaperTemplate.state == TemplateState.IN_USE)),)
    fact_groups = ((L("要点"), ("title", "revision", "file_name", "in_use_on", "ended_on", "created_by", "changes")),)
    empty_hint = L("还没有自己的模板，打印时用系统默认模板。")

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def add(self) -> Any:
        """Kind, explanation and file on one page: the file is checked before the draft is made."""
        return pages.add_page(self)

    @expose("/upload/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def upload_page(self, pk: int) -> Any:
        """Another file for a draft."""
        paper = self.find(pk)
        if not self.may_edit(paper, self.actor()):
            raise Forbidden(_("上传 Word 模板"))
        return pages.upload_page(self, paper)

    @expose("/preview/<int:pk>")
    @has_access
    @permission_name("list")
    def preview(self, pk: int) -> Any:
        """A sample paper made with this version."""
        paper = self.find(pk)
        file = db.session.get(Attachment, paper.file_id) if paper.file_id else None
        if file is None:
            raise NotFound("template")
        return pages.sample(kind_of(paper.paper_key), Template(_("第 %(n)s 版", n=paper.revision), content_of(file)))

    @expose("/kinds")
    @has_access
    @permission_name("list")
    def kinds(self) -> Any:
        """Every paper that the product prints: which template it uses, its placeholders."""
        page = pages.kinds_page(self, list(PRINTED.values()))
        return render_template("doc/detail.html", page=page, title=page.title)

    @expose("/words/<key>")
    @has_access
    @permission_name("list")
    def words(self, key: str) -> Any:
        """The placeholders of one paper."""
        page = pages.words_page(self, kind_of(key))
        return render_template("doc/detail.html", page=page, title=page.title)

    @expose("/shipped/<key>")
    @has_access
    @permission_name("list")
    def shipped(self, key: str) -> Any:
        """The template in use as Word file: what a site begins its own with."""
        kind = kind_of(key)
        return pages.word_answer(template_for(db.session(), self.current_project(), kind).data, f"{kind.label}.docx")

    @expose("/sample/<key>")
    @has_access
    @permission_name("list")
    def sample(self, key: str) -> Any:
        """A sample paper made with the shipped template."""
        kind = kind_of(key)
        return pages.sample(kind, Template(SHIPPED, shipped_template(kind)))

    def list_acts(self, actor: Actor, query_text: str = "") -> list[Link]:
        """The placeholders and shipped templates stand beside «新增»."""
        words = Link(_("占位词和默认模板"), f"{self.route_base}/kinds", icon="file")
        return [words, *super().list_acts(actor, query_text)]

    def record_acts(self, record: Any, actor: Actor) -> list[Link]:
        """Sample, placeholders, and another file while it is a draft."""
        acts = [Link(_("占位词表"), f"{self.route_base}/words/{record.paper_key}")]
        if record.file_id is not None:
            acts.append(Link(_("样张（PDF）"), f"{self.route_base}/preview/{record.id}", icon="download"))
        if self.may_edit(record, actor):
            acts.append(Link(_("上传 Word 模板"), f"{self.route_base}/upload/{record.id}", icon="upload"))
        return acts

    def note(self, record: Any, actor: Actor) -> Html:
        """What is printed meanwhile."""
        if record.state in (TemplateState.DRAFT, TemplateState.REVIEW):
            return _("审核通过前，打印仍用现在的模板。")
        return ""
