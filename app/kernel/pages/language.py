"""Switching the language: kept with the account, so that it is the same on every device."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import current_app, redirect, request
from flask import session as cookie
from flask_appbuilder import BaseView, expose, has_access
from flask_login import current_user

from app.kernel.accounts import security_of
from app.kernel.addresses import own_path
from app.kernel.entrance import database
from app.kernel.errors import NotFound
from app.kernel.grants import Grants
from app.kernel.posts import ALL_POSTS
from app.kernel.sessions import LANGUAGE
from app.kernel.transactions import write


class LanguageView(BaseView):
    """POST /language with language=CODE and next=PATH. Before a sign-in the framework's /lang/CODE keeps it in the cookie."""

    route_base = "/language"
    default_view = "choose"
    posts: ClassVar[Grants] = {"choose": ALL_POSTS}

    @expose("", methods=["POST"])
    @has_access
    def choose(self) -> Any:
        """Keep the choice. Raises NotFound for a language that the site does not speak."""
        wanted = request.form.get("language", "")
        if wanted not in current_app.config["LANGUAGES"]:
            raise NotFound("language")
        session, user_id = database(), current_user.id

        def work() -> None:
            security_of(session, user_id).language = wanted

        write(session, work)
        cookie[LANGUAGE] = wanted
        return redirect(own_path(request.form.get("next")))
