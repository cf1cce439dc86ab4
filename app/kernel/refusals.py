"""Every refusal as a page in plain Chinese: what happened, that nothing was saved, what was typed, two ways on (look/tokens.md §3).

Scripts get the same sentence as JSON {"message": …}. No SQL, version or trace reaches the answer (04 S14).
"""

from __future__ import annotations

import errno
import logging
from typing import Any

from flask import Flask, current_app, g, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as L  # noqa: N812 - the house's name of lazy texts
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from app.kernel.entrance import referring_path, wants_json
from app.kernel.errors import Forbidden, NotFound, RuleError
from app.kernel.kept import typed
from app.kernel.kept_forms import keep_for_later, marked_for_me
from app.kernel.large_bodies import take_in
from app.kernel.refused_acts import note_refusal
from app.kernel.screens.page import ErrorPage, Link
from app.kernel.words import refusal, shown

log = logging.getLogger(__name__)
SENTENCES: dict[int, tuple[Any, Any]] = {
    400: (L("这个请求不完整"), L("页面发来的内容不完整，没有保存任何内容。请回到原页面刷新后再试。")),
    401: (L("请先登录"), L("登录已失效，请重新登录。")),
    403: (L("没有这个权限"), L("你的岗位不能打开这个页面或做这件事，没有保存任何内容。需要的话请联系系统管理员。")),
    404: (L("没有找到"), L("要找的内容不存在，或不在你的范围内。")),
    405: (L("不能这样打开"), L("这个地址只接受页面上的按钮提交，没有保存任何内容。")),
    409: (L("刚被别人改过"), L("内容在你打开页面之后有了变化，你的这次操作没有保存。")),
    413: (L("文件太大"), L("每件不超过 20 MB，一次上传合计不超过 100 MB，没有保存任何内容。请压缩或分几次再传。")),
    415: (L("不支持这种文件"), L("这种文件不能上传，没有保存任何内容。")),
    422: (L("这一步现在不能做"), L("没有保存任何内容。")),
    429: (L("太频繁了"), L("短时间内试得太多，请过一会儿再试。")),
    500: (L("系统出错了"), L("这次操作没有保存。错误已记录，请稍后再试，仍不行请联系系统管理员。")),
    503: (L("系统暂时不能用"), L("数据库暂时连不上，这次操作没有保存。请稍后再试。")),
    507: (L("磁盘已满"), L("服务器磁盘已满，这次操作没有保存。请联系系统管理员清理后再试。")),
}
FULL = {errno.ENOSPC, errno.EDQUOT}
BROKEN = {errno.EROFS, errno.EIO, errno.EMFILE}
EXPIRED = L("页面打开太久，安全校验已过期，没有保存任何内容。请返回重新打开页面，再填写一次；下面是你刚才填写的内容。")


def install(app: Flask) -> None:
    """Registers the answers."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(RuleError, _rule)
    app.register_error_handler(NotFound, lambda _error: _turned_away(404))
    app.register_error_handler(Forbidden, lambda _error: _turned_away(403))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(InterfaceError, _database)
    app.register_error_handler(OSError, _system)


def answer(code: int, sentence: Any = None, *, bare: bool = False) -> Any:
    """The page (or JSON) of a refusal. bare: without menu and person, for when the database cannot be asked."""
    title, usual = SENTENCES.get(code, SENTENCES[500 if code >= 500 else 400])
    text = str(shown(str(sentence or usual)))
    if wants_json():
        reply = jsonify(message=text)
        reply.status_code = code
        return reply
    if bare:
        g.bare, g._login_user = True, AnonymousUserMixin()
    kept = typed() if request.method == "POST" and code != 413 else ()  # a body too large is never read
    page = ErrorPage(code=code, title=str(title), sentence=text, kept=kept, links=_ways_on(stale=code == 409))
    return render_template("errors/page.html", page=page), code


def _expired(_error: CSRFError) -> Any:
    """The token is of an earlier sign-in of this browser: whoever was shown the form gets it again as he filled it in.

    The mark of the form is signed, so nobody else's page can bring a form here; nothing is saved without his button.
    """
    if wants_json() or not marked_for_me():
        return answer(400, EXPIRED)
    again = keep_for_later(current_app.appbuilder.session, referring_path())  # type: ignore[attr-defined]
    return redirect(again) if again else answer(400, EXPIRED)


def _ways_on(*, stale: bool) -> tuple[Link, ...]:
    back, home = referring_path(), Link(_("回到工作台"), "/", tone="primary")
    if stale and back:  # the same page again shows what has become of it
        return Link(_("看最新的内容"), back, tone="primary"), home
    return (Link(_("返回上一页"), back), home) if back and back != request.full_path.rstrip("?") else (home,)


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    if isinstance(error, SecurityError):  # a foreign Host header: no address of ours can be built from it
        return current_app.response_class(str(SENTENCES[400][0]), 400, mimetype="text/plain")
    own = error.description if code == 403 and error.description != type(error).description else None
    if code >= 500 and code not in (503, 507):
        _undo()
        return answer(code, bare=True)
    if code == 403:
        _note(code)
    if code == 413:
        take_in()
    reply = answer(code, own)
    if code == 429:
        page = current_app.make_response(reply)
        page.headers["Retry-After"] = "20"
        return page
    return reply


def _turned_away(code: int) -> Any:
    """Not for this post, or not among this person's rows: the trail knows of it."""
    _note(code)
    return answer(code)


def _note(code: int) -> None:
    """The attempt as a line of the trail; a database that takes nothing now does not make another answer of the refusal."""
    _undo()
    try:
        note_refusal(current_app.appbuilder.session, code)  # type: ignore[attr-defined]
    except (DBAPIError, RuleError, OSError) as error:
        log.warning("a refused attempt was not noted: %s", type(error).__name__)
        _undo()


def _rule(error: RuleError) -> Any:
    """A rule refused: its sentence, with the names filled in after the translation."""
    _undo()
    return answer(error.status, refusal(error))


def _database(error: DBAPIError) -> Any:
    """The database is gone, full, read-only or busy. Anything else of it is a fault of ours."""
    words = str(error.orig).lower()
    _undo()
    if "is full" in words or "no space left" in words:
        log.error("database: disk full (%s)", type(error.orig).__name__)
        return answer(507, bare=True)
    if any(sign in words for sign in ("no such", "syntax", "does not exist", "undefined")):
        raise error
    log.error("database: %s", words)
    return answer(503, bare=True)


def _system(error: OSError) -> Any:
    """The disk under the uploads is full or gone."""
    if error.errno not in FULL | BROKEN:
        raise error
    _undo()
    log.error("storage: %s", error)
    if error.errno in FULL:
        return answer(507, bare=True)
    return answer(
        503, L("存放附件的磁盘暂时读写不了，这次操作没有保存。请稍后再试，仍不行请联系系统管理员。"), bare=True
    )


def _undo() -> None:
    """End the broken transaction, so that drawing the page starts a clean one; a database that is gone may refuse even that."""
    try:
        current_app.appbuilder.session.rollback()  # type: ignore[attr-defined]
    except DBAPIError as error:
        log.warning("rollback failed: %s", type(error).__name__)
