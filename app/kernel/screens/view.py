"""DocumentView: list, form, detail, steps, bulk, export of a document from a handful of declarations (03 §3.2).

It is a Flask-AppBuilder ModelView by registration, menu and permission names; the handlers are ours because the stock ones
fail in the ways of 05 (shared filters, unscoped actions, lost input, last write wins). Every handler reads through the scoped session.
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, render_template, request
from flask_appbuilder import ModelView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.extensions import db
from app.kernel import audit
from app.kernel.actors import Actor
from app.kernel.approval.inbox import granted
from app.kernel.base import Numbered
from app.kernel.errors import Forbidden, NotFound
from app.kernel.file_checks import FORM_BYTES
from app.kernel.large_bodies import allow
from app.kernel.quick_start import PlainInterface, methods_of
from app.kernel.readership import declare_readers, may_read
from app.kernel.registries import add_search
from app.kernel.screens import bulk_steps, export, saving, stepping
from app.kernel.screens.detail import detail_page
from app.kernel.screens.fields import Field, fields_of
from app.kernel.screens.hooks import Hooks
from app.kernel.screens.lines import line_fields
from app.kernel.screens.list_indexes import index_list
from app.kernel.screens.listing import list_page
from app.kernel.screens.ordering import check_order
from app.kernel.screens.parts import Html
from app.kernel.screens.picking import pick_answer
from app.kernel.search_words import index_columns
from app.kernel.transactions import write
from app.kernel.words import several_later


class DocumentView(Hooks, ModelView):
    """The screens of one document; see Declarations for what may be declared."""

    exclude_route_methods: ClassVar[set[str]] = {"action", "action_post", "download", "show", "delete", "edit"}

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "model" not in cls.__dict__:
            return
        check_order(cls)
        cls.title = cls.list_title = several_later(cls.title or cls.label)
        cls.category = several_later(cls.category) if cls.category else ""
        cls.datamodel = PlainInterface(cls.model)
        cls.route_base = cls.__dict__.get("route_base") or "/" + cls.model.__tablename__.replace("_", "-")
        cls.search_columns = cls.label_columns_order = []
        cls.list_columns = [fields_of(cls.model)[n].name for n in fields_of(cls.model)][:1]
        cls.show_columns = cls.add_columns = cls.edit_columns = cls.list_columns
        cls.add_form = cls.edit_form = cls.search_form = FlaskForm
        cls.base_permissions = ["can_list", "can_show", "can_add", "can_edit", "can_delete", "can_export"]

    __dir__ = methods_of

    # ── related things ──────────────────────────────────────
    def linked(self, record: Any, found: Field, html: Html, actor: Actor) -> Html:
        """A related record as link, when its page is open to the actor."""
        related = getattr(record, found.shows, None) if found.kind == "record" else None
        view, project_id = view_of(type(related)) if related is not None else None, getattr(record, "project_id", None)
        if related is None or view is None or not actor.holds(view.posts["can_list"], project_id):
            return html
        return Markup('<a href="{}">{}</a>').format(view.show_url(related.id), html)

    def reveal_url(self, record: Any, found: Field, actor: Actor) -> str:
        """Where «查看» of a masked value posts to."""
        return f"/reveal/{record.__tablename__}/{record.id}/{found.name}"

    def file_tabs(self, session: Any, record: Any, actor: Actor) -> list[Any]:
        """The tab of attachments; filled by kernel/file_tab."""
        from app.kernel.file_tab import files_tab

        return [files_tab(session, record, actor)] if self.files else []

    def find(self, pk: int) -> Any:
        """The record within the actor's rows, or by the grant of an open approval; else 404."""
        record = db.session.scalars(select(self.model).where(self.model.id == pk)).first() if 0 < pk < 2**31 else None
        if record is not None and not may_read(self.actor(), record):
            record = None
        if record is None and 0 < pk < 2**31 and granted(db.session(), self.actor(), self.model.__tablename__, pk):
            query = select(self.model).where(self.model.id == pk)
            record = db.session.scalars(query, execution_options={"unscoped": True}).first()
        if record is None:
            raise NotFound(self.model.__name__)
        return record

    # ── routes ──────────────────────────────────────────────
    @expose("/list/")
    @has_access
    @permission_name("list")
    def list(self) -> Any:
        """The list page."""
        return render_template("doc/list.html", page=list_page(self, db.session(), self.actor()), title=self.title)

    @expose("/show/<int:pk>")
    @has_access
    @permission_name("show")
    def show_page(self, pk: int) -> Any:
        """The page of one record."""
        record = self.find(pk)
        if self.logs_reading:
            write(db.session, lambda: self._log_reading(record))
            record = self.find(pk)
        return render_template(
            "doc/detail.html", page=detail_page(self, db.session(), record, self.actor()), title=str(record)
        )

    def _log_reading(self, record: Any) -> None:
        """In a short transaction of its own (03 §3.3.13)."""
        where = {"subject": record.__tablename__, "subject_id": record.id}
        db.session.add(audit.entry("read", **where, project_id=getattr(record, "project_id", None)))

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("add")
    def add(self) -> Any:
        """A new record."""
        return saving.add(self)

    @expose("/edit/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def edit_page(self, pk: int) -> Any:
        """Change a record that may still be changed."""
        record = self.find(pk)
        if not self.may_edit(record, self.actor()):
            raise Forbidden(_("修改"))
        return saving.edit(self, record)

    @expose("/delete/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("delete")
    def delete_page(self, pk: int) -> Response:
        """Delete one's own draft."""
        record = self.find(pk)
        if not self.may_delete(record, self.actor()):
            raise Forbidden(_("删除"))
        where = self.saved_url(record) if self.parent else self.list_url()  # a part leads back to its paper
        saving.delete(self, record)
        flash(_("已删除"), "success")
        return redirect(where)

    @expose("/step/<name>/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("show")
    def step(self, name: str, pk: int) -> Any:
        """Take a step of the flow; its own posts decide who may."""
        return stepping.step_page(self, self.find(pk), name)

    @expose("/bulk", methods=["POST"])
    @has_access
    @permission_name("list")
    def bulk(self) -> Any:
        """A step for the ticked rows, each in its own transaction; what was refused is named."""
        return bulk_steps.bulk(self, request.form.get("step", ""), request.form.getlist("ids"))

    @expose("/list/bulk", methods=["POST"])
    @has_access
    @permission_name("list")
    def list_bulk(self) -> Any:
        """The same under the list's address."""
        return bulk_steps.bulk(self, request.form.get("step", ""), request.form.getlist("ids"))

    @expose("/list/export", methods=["GET", "POST"])
    @has_access
    @permission_name("export")
    def export(self) -> Any:
        """The list as shown, as .xlsx; POST carries the reason, or starts the task of a large one."""
        return export.export(self)

    @expose("/pick/<name>")
    @has_access
    @permission_name("list")
    def pick(self, name: str) -> Response:
        """Type-ahead for a related record, within scope."""
        known = fields_of(self.model) | ({f.name: f for f in line_fields(self)} if self.lines is not None else {})
        return pick_answer(self, known.get(name))


VIEWS: dict[type[Any], DocumentView] = {}


def view_of(model: type[Any]) -> DocumentView | None:
    """The registered view of a model."""
    return VIEWS.get(model)


def add_document(appbuilder: Any, view: type[DocumentView], *, menu: bool = True) -> DocumentView:
    """Register a document's screens: routes, menu entry, permissions."""
    if menu:
        made = appbuilder.add_view(
            view, view.__name__, label=view.title, icon=view.icon, category=str(view.category) or "", category_label=view.category,
        )  # fmt: skip
    else:
        made = appbuilder.add_view_no_menu(view)
    if view.takes_files:
        allow(f"{made.endpoint}.add", FORM_BYTES)
    VIEWS[view.model] = made
    _found_by_number(made)
    index_columns(view.model, made.search_names)
    index_list(made)
    declare_readers(view.model, made.posts["can_list"])
    return made


def _found_by_number(view: DocumentView) -> None:
    """Every numbered paper is found by its number in the global search (03 §3.3.9)."""
    if issubclass(view.model, Numbered):
        add_search(
            view.model, str(view.label), title=str, text=lambda paper: paper.number or "",
            url=lambda paper: view.show_url(paper.id),
        )  # fmt: skip
