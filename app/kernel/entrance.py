"""The door of every request: nobody passes unknown. Sets the actor and the audit source, and puts both away afterwards."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, g, jsonify, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812
from flask_login import current_user
from werkzeug.wrappers import Response

from app.kernel import audit
from app.kernel.actors import Actor, current_actor, directory, set_actor
from app.kernel.base import now
from app.kernel.kept_forms import keep_for_later
from app.kernel.large_bodies import admit
from app.kernel.sessions import PROJECT, touch
from app.kernel.words import shown

LARGEST_ID = 2**31
KEPT = L("登录已过期，重新登录后继续，刚才填写的内容会保留。")
STATIC = frozenset({"static", "appbuilder.static"})
OPEN = {"AuthView.login", "health.healthz", "LocaleView.index"}  # for everybody, with what open_to_all adds
ALWAYS = frozenset(
    {"AuthView.logout", "PasswordView.change"}
)  # also before the first password is changed, and without a post


def open_to_all(*endpoints: str) -> None:
    """Pages of a room that need no account; such a page says itself what whoever comes may see."""
    OPEN.update(endpoints)


def arrive() -> Response | None:
    """Before each request (the security manager hands it to the framework)."""
    set_actor(None)
    audit.source.set({"address": request.remote_addr or "", "route": f"{request.method} {request.path}"[:200]})
    g.user = current_user
    if request.endpoint in STATIC:
        return None
    if any(isinstance(value, int) and not 0 <= value < LARGEST_ID for value in (request.view_args or {}).values()):
        abort(404)  # a number that no database column holds would be an error of the driver
    if not current_user.is_authenticated:
        return None if request.endpoint in OPEN or request.endpoint is None else _to_login()
    touch()
    actor = directory().actor_for_user(current_user.id, now())
    set_actor(actor)
    if request.endpoint in OPEN | ALWAYS:
        return None
    if g.get("must_change"):
        return redirect(url_for("PasswordView.change"))
    if actor is None or not actor.postings:
        abort(403, description=_("你的账号还没有安排岗位，请联系系统管理员。"))
    admit()
    return None


def leave(_error: BaseException | None = None) -> None:
    """After each request: the next one on this worker starts without an actor."""
    set_actor(None)
    audit.source.set({})


def wants_json() -> bool:
    """Whether a script asks (fetch with Accept: application/json) instead of a person opening a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def referring_path() -> str:
    """The page of ours that led here, with its query; empty when the browser names none."""
    here = request.referrer or ""
    return here.removeprefix(request.host_url.rstrip("/")) if here.startswith(request.host_url) else ""


def _to_login() -> Response:
    why = g.get("signed_out", "")
    if wants_json():
        answer = jsonify(message=shown(str(why)) or _("请先登录"))
        answer.status_code = 401
        return answer
    if request.method == "GET":
        back = request.full_path.rstrip("?")
    else:
        again = keep_for_later(database(), referring_path())
        back = again or referring_path()
        why = KEPT if again else why or _("登录已失效，刚才的内容没有保存，请登录后再填一次。")
    if why:
        flash(shown(str(why)), "info")
    return redirect(url_for("AuthView.login", next=back or None))


def me() -> Actor:
    """The person of this request. Raises 401 for anonymous requests, which the door has turned away before."""
    actor = current_actor()
    if actor is None:
        abort(401)
    return actor


def current_project_id() -> int | None:
    """The project that the person works in now: the chosen one while it is his, else his first; None without projects."""
    mine = me().projects
    chosen: Any = cookie.get(PROJECT)
    return chosen if chosen in mine else min(mine, default=None)


def choose_project(project_id: int) -> bool:
    """Switch; False for a project that is not his."""
    if project_id not in me().projects:
        return False
    cookie[PROJECT] = project_id
    return True


def database() -> Any:
    """The session of this request."""
    return current_app.appbuilder.session  # type: ignore[attr-defined]
