"""修改密码: the person's own, with the present one; forced after the first login."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, g, redirect, request
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.kernel.credentials import change_own_password
from app.kernel.entrance import database
from app.kernel.errors import RuleError
from app.kernel.grants import Grants
from app.kernel.passwords import RULES
from app.kernel.posts import ALL_POSTS
from app.kernel.screens.page import FormField, FormPage, FormSection

AUTOCOMPLETE = {"old": "current-password", "password": "new-password", "again": "new-password"}


class PasswordView(BaseView):
    """/password. Open before everything else: whoever must change his password comes here first, post or not."""

    route_base = "/password"
    default_view = "change"
    posts: ClassVar[Grants] = {"change": ALL_POSTS}

    @expose("", methods=["GET", "POST"])
    def change(self) -> Any:
        """The form, and the change; the door lets only signed-in people in."""
        if request.method == "GET":
            return self._page({})
        old, new, again = (request.form.get(name, "") for name in ("old", "password", "again"))
        try:
            if new != again:
                raise RuleError("两次输入的新密码不一样", field="again")
            change_own_password(database(), current_user.id, old, new, keep=g.login_session.id)
        except RuleError as refusal:
            return self._page({refusal.field or "password": _(str(refusal))}), 422
        flash(_("密码已修改，其他设备已退出登录。"), "success")
        return redirect("/")

    def _page(self, errors: dict[str, str]) -> str:
        labels = {"old": _("现在的密码"), "password": _("新密码"), "again": _("再输一次新密码")}
        fields = tuple(
            FormField(
                name, label, "password", required=True, errors=(errors[name],) if name in errors else (),
                attrs=(("autocomplete", AUTOCOMPLETE[name]),),
            )
            for name, label in labels.items()
        )  # fmt: skip
        first = bool(g.get("must_change"))
        page = FormPage(
            title=_("修改密码"),
            sections=(FormSection("", fields),),
            submit_label=_("修改密码"),
            back_url="/logout/" if first else "/profile",
            back_label=_("退出登录") if first else "",
            warning=_("这是你第一次登录，请先换成自己的密码。") if first else "",
        )
        return self.render_template("auth/password.html", page=page, rules=[_(rule) for rule in RULES])
