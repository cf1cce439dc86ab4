"""开通账号 and 重设密码: the first password is shown once, on this page only."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from flask import render_template, request
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name
from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.organisation.effects import open_account, reset_password
from app.features.organisation.models import Person
from app.features.organisation.views import CATEGORY
from app.kernel.errors import NotFound, RuleError
from app.kernel.posts import Post
from app.kernel.screens.form_page import FormField, FormPage, FormSection
from app.kernel.screens.parts import Crumb

LETTERS = "abcdefghjkmnpqrstuvwxyz"  # without i, l, o: people read it out to one another
DIGITS = "23456789"


def first_password() -> str:
    """Four random groups of three, letters and digits mixed; about 55 bits."""
    groups = ["".join(secrets.choice(LETTERS + DIGITS) for _place in range(3)) for _group in range(3)]
    return "-".join([*groups, secrets.choice(LETTERS) + secrets.choice(DIGITS) + secrets.choice(LETTERS)])


class AccountsView(BaseView):
    """/accounts: for the administrator, from a person's page."""

    route_base = "/accounts"
    default_view = "open"
    posts: ClassVar = {"edit": frozenset({Post.ADMIN})}

    @expose("/open/<int:pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def open(self, pk: int) -> Any:
        """Ask the login name, make the account, show the first password."""
        person = _person(pk)
        if request.method == "GET":
            return _form(person, "", ())
        login, password = request.form.get("login", "").strip(), first_password()
        try:
            open_account(db.session(), person, login, password)
        except RuleError as refusal:
            return _form(person, login, (_(str(refusal)),)), refusal.status
        return _shown(_person(pk), password)

    @expose("/reset/<int:pk>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def reset(self, pk: int) -> Any:
        """A new first password for somebody who forgot his."""
        password = first_password()
        reset_password(db.session(), _person(pk), password)
        return _shown(_person(pk), password)


def _person(pk: int) -> Person:
    found = db.session.scalars(select(Person).where(Person.id == pk)).first()
    if found is None:
        raise NotFound("person")
    return found


def _crumbs(person: Person, title: str) -> tuple[Crumb, ...]:
    home = Crumb(_("人员"), "/person/list/")
    return (Crumb(str(CATEGORY)), home, Crumb(person.name, f"/person/show/{person.id}"), Crumb(title))


def _form(person: Person, login: str, errors: tuple[str, ...]) -> str:
    field = FormField(
        "login", _("账号"), required=True, value=login, errors=errors, hint=_("3—32 位小写字母、数字、点或下划线"),
        attrs=(("autocomplete", "off"), ("maxlength", "32")),
    )  # fmt: skip
    page = FormPage(
        title=_("为 %(name)s 开通账号", name=person.name),
        sections=(FormSection("", (field,)),),
        submit_label=_("开通账号"),
        back_url=f"/person/show/{person.id}",
        crumbs=_crumbs(person, _("开通账号")),
        lead=_("系统生成首个密码，只显示一次；本人首次登录时必须修改。"),
    )
    return render_template("doc/form.html", page=page, title=page.title)


def _shown(person: Person, password: str) -> str:
    return render_template(
        "organisation/first_password.html",
        title=_("首个密码"),
        crumbs=_crumbs(person, _("首个密码")),
        person=person,
        password=password,
        back=f"/person/show/{person.id}",
    )
