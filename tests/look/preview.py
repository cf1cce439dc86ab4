"""A small site that draws every template with invented records: `python -m tests.look.preview`. For eyes and tests only."""

from __future__ import annotations

import secrets
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, flash, g, jsonify, make_response, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import PasswordField, StringField

from app.kernel.menu import MenuEntry
from app.kernel.menu_icons import icon_of
from app.kernel.screens import drawing, refill, speaking
from app.kernel.shell import itself
from tests.look import (
    board_samples,
    doc_samples,
    form_samples,
    home_samples,
    import_samples,
    list_samples,
    report_samples,
    shell_samples,
)

ROOT = Path(__file__).resolve().parents[2] / "app"
VIEWS = {  # address → template, context
    "": ("home.html", {"page": home_samples.HOME}),
    "list": ("doc/list.html", {"page": list_samples.CUSTOMERS}),
    "empty": ("doc/list.html", {"page": list_samples.NO_CUSTOMERS}),
    "detail": ("doc/detail.html", {"page": doc_samples.RESERVATION}),
    "form": ("doc/form.html", {"page": form_samples.FORM}),
    "decide": ("approval/decide.html", {"page": form_samples.DECISION}),
    "password": ("auth/password.html", {"page": form_samples.PASSWORD, "rules": ("至少 12 位", "不与近期用过的相同")}),
    "stale": ("errors/page.html", {"page": form_samples.STALE}),
    "login/lost": ("errors/page.html", {"page": form_samples.LOST}),
    "wide": ("board.html", {"page": board_samples.PARKING}),
    "inbox": ("inbox.html", {"page": list_samples.INBOX}),
    "search": ("search.html", {"page": list_samples.SEARCH}),
    "notices": ("notices.html", {"page": list_samples.NOTICES}),
    "upload": ("import/upload.html", {"page": import_samples.UPLOAD}),
    "mapping": ("import/mapping.html", {"page": import_samples.MAPPING}),
    "preview": ("import/preview.html", {"page": import_samples.PREVIEW}),
    "report": ("report.html", {"page": report_samples.MONTH}),
    "board": ("board.html", {"page": board_samples.BOARD}),
}
MENU = (
    ("Home", "工作台", "home", "/", ()),
    ("Board", "销控表", "grid", "/board", ()),
    ("Inbox", "待我审批", "check", "/inbox", ()),
    ("客户", "客户", "", "", (("客户列表", "/list"), ("来电来访", "/empty"), ("导入", "/upload"))),
    ("交易", "交易", "", "", (("认购书", "/detail"), ("新增认购书", "/form"), ("审批", "/decide"))),
    ("收款", "收款", "", "", (("应收计划", "/x1"), ("收款登记", "/x2"))),
    ("Security", "设置", "fa-cogs", "", (("修改密码", "/password"),)),
)

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class LoginForm(FlaskForm):
    username = StringField()
    password = PasswordField()


def _entry(name: str, label: str, icon: str, url: str, children: tuple[Any, ...] = ()) -> MenuEntry:
    kids = tuple(_entry(u, t, "", u) for t, u in children)
    return MenuEntry(name, label, icon_of(name, icon, group=bool(kids)), url, childs=kids)


def _builder() -> SimpleNamespace:
    return SimpleNamespace(
        languages={"zh": SimpleNamespace(name="中文"), "en": SimpleNamespace(name="English")},
        get_url_for_index="/",
        get_url_for_userinfo="/me",
        get_url_for_logout="/logout",
        get_url_for_locale=lambda code: f"/lang/{code}",
    )


def create_preview() -> Flask:
    """The preview site: strict CSP as in production, no database, no login."""
    app = Flask("preview", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(SECRET_KEY="for-the-preview-only", BABEL_DEFAULT_LOCALE="zh")
    Babel(app)
    CSRFProtect(app)
    speaking.install(app)
    drawing.install(app)
    app.jinja_env.filters["itself"] = itself
    items, builder = tuple(_entry(*m) for m in MENU), _builder()

    @app.before_request
    def fresh_nonce() -> None:
        g.nonce = secrets.token_urlsafe(12)

    @app.context_processor
    def around() -> dict[str, Any]:
        shell = None if request.path.startswith("/login") else shell_samples.SHELL
        return {
            "shell": shell,
            "appbuilder": builder,
            "menu": lambda: items,
            "csp_nonce": lambda: g.nonce,
            "current_user": SimpleNamespace(is_anonymous=True),
            **refill.context(),
            "given_back": lambda: None,
            "form_mark": ("_by", lambda: "whose-form-it-is"),
        }

    @app.after_request
    def policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=g.nonce)
        return response

    _routes(app)
    return app


def _routes(app: Flask) -> None:
    for name, (template, context) in VIEWS.items():
        app.add_url_rule(f"/{name}", name or "home", lambda t=template, c=context: render_template(t, **c))
    state = {"n": 1}

    @app.get("/login")
    def login() -> str:
        if "bad" in request.args:
            flash("账号或密码不对，还可再试 4 次。", "warning")
        return render_template("auth/login.html", form=LoginForm())

    @app.get("/flash")
    def flashes() -> str:
        for tone, text in (
            ("success", "认购书 RG-2026-0318 已审核通过。"),
            ("info", "正在导出 12,480 行。"),
            ("danger", "3栋1单元1301 已由何涛 14:14 销控。"),
        ):
            flash(text, tone)
        return render_template("home.html", page=home_samples.HOME)

    @app.get("/board/unit/<int:unit>")
    def drawer(unit: int) -> str:
        return render_template("board/drawer.html", drawer=board_samples.DRAWER)

    @app.get("/board/change")
    def change() -> str:
        state["n"] += 1
        return str(state["n"])

    @app.get("/board/cells")
    def cells() -> Response:
        version = f"v{state['n']}"
        if request.headers.get("If-None-Match") == f'"{version}"':
            return Response(status=304)
        fresh = [board_samples.cell(1, 17, 1, 7)]
        return make_response(
            render_template(
                "board/cells.html",
                version=version,
                clock="14:32:09",
                facts="推出 128 套　已售 63 套",
                legend=board_samples.LEGEND,
                cells=fresh,
            )
        )

    @app.get("/find")
    def find() -> Response:
        rows = [
            {"id": n, "text": t, "note": "林晓"}
            for n, t in ((1, "张丽华"), (2, "刘建国"), (3, "刘美玲"))
            if request.args["q"] in t
        ]
        return jsonify(results=rows)

    @app.get("/pane")
    def pane() -> str:
        return render_template("doc/pane.html", card=doc_samples.HISTORY)


if __name__ == "__main__":
    create_preview().run(port=5055)
