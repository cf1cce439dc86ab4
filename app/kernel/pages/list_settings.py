"""Saving filters and columns of a list: /list-settings/SCREEN/filter, /columns; one's own filters: /ID/rename, /ID/delete."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext as _

from app.kernel.base import model_of
from app.kernel.entrance import current_project_id, database, me
from app.kernel.errors import Forbidden, NotFound
from app.kernel.grants import Grants
from app.kernel.list_settings import ListSetting, forget, keep_columns, keep_filter, rename
from app.kernel.posts import ALL_POSTS, Post
from app.kernel.screens.view import view_of

MOST_COLUMNS = 60


class ListSettingsView(BaseView):
    """What a person keeps of the lists that he may open."""

    route_base = "/list-settings"
    default_view = "save_filter"
    posts: ClassVar[Grants] = dict.fromkeys(("save_filter", "columns", "rename", "delete"), ALL_POSTS)

    @expose("/<screen>/filter", methods=["POST"])
    @has_access
    def save_filter(self, screen: str) -> Any:
        """Keep the present search, filters, order and columns under a name, for oneself or for posts of the project."""
        view = _list_of(screen)
        query = _known_part(view, request.form.get("query", ""))
        posts = [
            Post(code) for code in request.form.getlist("posts") if code in {p.value for p in view.posts["can_list"]}
        ]
        row = keep_filter(
            database(), me(), screen, request.form.get("name", ""), query, _columns(view), current_project_id(), posts
        )
        flash(_("筛选「%(name)s」已保存", name=row.name), "success")
        return redirect(_address(view, row))

    @expose("/<screen>/columns", methods=["POST"])
    @has_access
    def columns(self, screen: str) -> Any:
        """Keep which columns one sees and in which order; `reset` = as declared again."""
        view = _list_of(screen)
        chosen = [] if request.form.get("reset") else _columns(view)
        keep_columns(database(), me(), screen, chosen)
        flash(_("列已保存") if chosen else _("已恢复默认的列"), "success")
        query = _known_part(view, request.form.get("query", ""))
        return redirect(view.list_url() + ("?" + query if query else ""))

    @expose("/<int:pk>/rename", methods=["POST"])
    @has_access
    def rename(self, pk: int) -> Any:
        """Another name for one's own filter."""
        row = rename(database(), me(), pk, request.form.get("name", ""))
        flash(_("已改名为「%(name)s」", name=row.name), "success")
        return redirect(_address(_list_of(row.screen), row))

    @expose("/<int:pk>/delete", methods=["POST"])
    @has_access
    def delete(self, pk: int) -> Any:
        """Delete one's own filter."""
        view = _list_of(forget(database(), me(), pk))
        flash(_("筛选已删除"), "success")
        return redirect(view.list_url())


def _list_of(screen: str) -> Any:
    """The list of a table. Raises NotFound for what is no list, Forbidden for one that the person may not open."""
    try:
        view = view_of(model_of(screen))
    except KeyError:
        view = None
    if view is None:
        raise NotFound(screen)
    if not me().holds(view.posts["can_list"]):
        raise Forbidden(str(view.title))
    return view


def _columns(view: Any) -> list[str]:
    """The chosen columns in their order, as far as the person may see them."""
    allowed = set(view.column_choices(me()))
    return [name for name in dict.fromkeys(request.form.getlist("columns")[:MOST_COLUMNS]) if name in allowed]


def _known_part(view: Any, query: str) -> str:
    """Of an address, what narrows or orders this list."""
    known = {
        "q",
        "order",
        "size",
        "chip",
        *view.filters,
        *view.more_filters,
        *(f"{n}.{end}" for n in (*view.filters, *view.more_filters) for end in ("from", "to")),
    }
    return urlencode([(name, value) for name, value in parse_qsl(query) if name in known])


def _address(view: Any, row: ListSetting) -> str:
    return f"{view.list_url()}?{row.query}{'&' if row.query else ''}saved={row.id}"
