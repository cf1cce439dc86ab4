"""Signing in and out."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, g, redirect, request
from flask import session as cookie
from flask_appbuilder import expose
from flask_appbuilder.security.forms import LoginForm_db
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.security.views import AuthDBView
from flask_babel import gettext as _
from flask_login import current_user, login_user

from app.kernel import audit
from app.kernel.accounts import end_session, language_of, start_session
from app.kernel.actors import directory
from app.kernel.addresses import own_path
from app.kernel.base import now
from app.kernel.credentials import authenticate
from app.kernel.entrance import database
from app.kernel.errors import RuleError
from app.kernel.screens.page import FormPage
from app.kernel.sessions import LANGUAGE, device_of, open_cookie, remember_device
from app.kernel.transactions import write
from app.kernel.words import refusal as refused


class AuthView(AuthDBView):
    """登录 and 退出. Both only by POST; a GET shows the page that posts."""

    login_template = "auth/login.html"

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Any:
        """The login page; ?next= is followed when it is a path of ours."""
        after = own_path(request.args.get("next"))
        if current_user.is_authenticated:
            return redirect(after)
        form = LoginForm_db()
        if not form.validate_on_submit():
            return self._page(form, 200)
        try:
            user = authenticate(database(), form.username.data, form.password.data, device_of(form.username.data))
        except RuleError as refusal:
            flash(refused(refusal), "warning")
            return self._page(form, 401)
        self._open(user)
        return remember_device(redirect(after), user.username, lambda: secrets.token_urlsafe(16))  # type: ignore[arg-type]

    def _page(self, form: Any, status: int) -> Any:
        page = self.render_template(self.login_template, title=_("登录"), form=form)
        return page, status

    def _open(self, user: User) -> None:
        session = database()

        def work() -> str:
            _row, token = start_session(session, user.id, request.remote_addr or "", request.user_agent.string)
            session.add(_line("login", user.id))
            return token

        user_id = user.id
        open_cookie(write(session, work), language_of(session, user_id))
        login_user(session.get(User, user_id))

    @expose("/logout/", methods=["GET", "POST"])
    def logout(self) -> Any:
        """POST ends the sign-in on this device; GET asks first, so that no link signs anybody out."""
        if request.method == "GET":
            page = FormPage(
                title=_("退出登录"),
                sections=(),
                submit_label=_("退出登录"),
                back_url="/",
                lead=_("退出后，本机需要重新登录。"),
            )
            return self.render_template("doc/form.html", page=page)
        row, session = g.get("login_session"), database()
        if row is not None:
            session_id, user_id = row.id, row.user_id
            end_session(session, session_id)
            write(session, lambda: session.add(_line("logout", user_id)))
        language = cookie.get(LANGUAGE)
        cookie.clear()
        if language:
            cookie[LANGUAGE] = language
        flash(_("已退出登录。"), "info")
        return redirect("/login/")


def _line(act: str, user_id: int) -> audit.AuditEntry:
    """A line of the trail with the name of the person who signs in or out."""
    return audit.entry(act, subject="ab_user", subject_id=user_id, whose=directory().actor_for_user(user_id, now()))
