"""我的资料: name, posts, and where I am signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import current_app, flash, g, redirect
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from app.kernel.accounts import LoginSession, end_all_sessions, open_sessions
from app.kernel.actors import Posting
from app.kernel.entrance import database, me
from app.kernel.grants import Grants
from app.kernel.posts import ALL_POSTS, POSTS
from app.kernel.screens.page import Card, Cell, Column, DetailPage, Fact, Link, Row, Table
from app.kernel.transactions import write


class ProfileView(BaseView):
    """/profile."""

    route_base = "/profile"
    default_view = "show"
    posts: ClassVar[Grants] = {"show": ALL_POSTS, "others": ALL_POSTS}

    @expose("")
    @has_access
    def show(self) -> Any:
        """Who I am here."""
        actor = me()
        names = actor.project_names
        language = current_app.config["LANGUAGES"][get_locale().language]["name"]
        facts = (Fact(_("姓名"), actor.name), Fact(_("账号"), current_user.username), Fact(_("语言"), language))
        acts = (
            *_languages(),
            Link(_("修改密码"), "/password", tone="primary", icon="lock"),
            Link(
                _("退出其他设备"), "/profile/others", tone="risk", method="post",
                confirm=_("其他设备上的登录会立即失效，本机不受影响。"), confirm_title=_("退出其他设备的登录？"),
            ),
        )  # fmt: skip
        page = DetailPage(
            title=_("我的资料"),
            acts=acts,
            main=(
                Card(_("账号"), facts=facts),
                Card(_("岗位"), kind="table", table=_postings(actor.postings, names)),
                Card(_("登录中的设备"), kind="table", table=_sessions(open_sessions(database(), current_user.id))),
            ),
        )
        return self.render_template("doc/detail.html", page=page)

    @expose("/others", methods=["POST"])
    @has_access
    def others(self) -> Any:
        """Sign out everywhere else."""
        session, user_id, here = database(), current_user.id, g.login_session.id
        write(session, lambda: end_all_sessions(session, user_id, but=here))
        flash(_("其他设备已退出登录。"), "success")
        return redirect("/profile")


def _languages() -> tuple[Link, ...]:
    """The other languages of the site, each by its own name."""
    return tuple(
        Link(facts["name"], "/language", method="post", hidden=(("language", code), ("next", "/profile")))
        for code, facts in current_app.config["LANGUAGES"].items()
        if code != get_locale().language
    )


def _postings(postings: tuple[Posting, ...], names: Mapping[int, str]) -> Table:
    columns = (Column("post", _("岗位"), phone="hd"), Column("projects", _("项目")), Column("scope", _("范围")))
    rows = tuple(
        Row(
            str(number),
            "",
            POSTS[posting.post].label,
            (
                Cell(
                    POSTS[posting.post].label,
                    sub=_("代 %(name)s", name=posting.acting_for) if posting.acting_for else "",
                ),
                Cell("、".join(names[i] for i in sorted(posting.projects) if i in names)),
                Cell(_("本组") if posting.team_id else _("全部")),
            ),
        )
        for number, posting in enumerate(postings)
    )
    return Table(columns, rows)


def _sessions(open_now: list[LoginSession]) -> Table:
    columns = (Column("at", _("登录时间"), phone="hd"), Column("address", _("地址")), Column("agent", _("设备")))
    rows = tuple(
        Row(
            str(row.id),
            "",
            row.address,
            (
                Cell(f"{row.started_at:%Y-%m-%d %H:%M}", sub=_("本机") if row.id == g.login_session.id else ""),
                Cell(row.address),
                Cell(device_name(row.agent)),
            ),
        )
        for row in open_now
    )
    return Table(columns, rows)


def device_name(agent: str) -> str:
    """What a browser calls itself, in words: «Chrome · Windows»."""
    kinds = (
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for sign, name in table if sign in agent), "") for table in (kinds, systems)]
    return " · ".join(word for word in found if word) or _("其他设备")
