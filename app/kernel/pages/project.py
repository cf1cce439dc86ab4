"""Switching the project that one works in."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import redirect, request
from flask_appbuilder import BaseView, expose, has_access

from app.kernel.addresses import own_path
from app.kernel.entrance import choose_project
from app.kernel.errors import NotFound
from app.kernel.grants import Grants
from app.kernel.posts import ALL_POSTS


class ProjectView(BaseView):
    """POST /project with project=ID and next=PATH."""

    route_base = "/project"
    default_view = "choose"
    posts: ClassVar[Grants] = {"choose": ALL_POSTS}

    @expose("", methods=["POST"])
    @has_access
    def choose(self) -> Any:
        """Keep the choice in the session. Raises NotFound for a project that is not the person's."""
        wanted = request.form.get("project", "")
        if not (wanted.isascii() and wanted.isdigit() and choose_project(int(wanted))):
            raise NotFound("project")
        return redirect(own_path(request.form.get("next")))
