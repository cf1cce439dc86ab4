"""The browser's side of a sign-in: ticket, idle clock and device in signed cookies; who the request belongs to."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Response, current_app, g, request
from flask import session as cookie
from flask_appbuilder.security.sqla.models import User
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.kernel.accounts import IDLE, LONGEST_SESSION, STRANGER, AccountSecurity, LoginSession, digest
from app.kernel.base import now

TICKET, SEEN, PROJECT = "ticket", "seen", "project_id"
LANGUAGE = "locale"  # the framework reads it under this name
DEVICE_COOKIE = "anchang-device"
DEVICE_AGE = timedelta(days=180)
REFRESH_SECONDS = 60  # the cookie is written anew at most once a minute
QUIET: set[str] = set()  # endpoints that a page asks by itself: they do not count as being there


def quiet(endpoint: str) -> None:
    """Declare an endpoint that pages poll: it does not refresh the idle clock (04 F4)."""
    QUIET.add(endpoint)


def clock() -> float:
    """Seconds of the idle clock; tests move it."""
    return time.time()


def owner_of_cookie(session: Session, user_id: int) -> User | None:
    """The account that this request's cookie belongs to; None when the sign-in ended, whatever the reason (g.signed_out tells it).

    One statement; what else the request needs of the sign-in stays in g.login_session and g.must_change.
    """
    token = cookie.get(TICKET)
    if not token:
        return None
    if clock() - float(cookie.get(SEEN, 0)) > IDLE.total_seconds():
        g.signed_out = "离开超过 30 分钟，请重新登录。"
        return None
    values = {"user": user_id, "token": digest(token)}
    found = session.execute(_sign_in(), values, execution_options={"unscoped": True}).first()
    if found is None:
        return None
    user, row, security = found
    if row.ended_at is not None or row.epoch != (security.epoch if security else 0) or not user.active:
        g.signed_out = "登录已失效，请重新登录。"
        return None
    if row.started_at <= now() - LONGEST_SESSION:
        g.signed_out = "登录已满 12 小时，请重新登录。"
        return None
    g.login_session, g.must_change = row, bool(security and security.must_change)
    return user


@lru_cache
def _sign_in() -> Select[*tuple[Any, ...]]:
    """The account `user` with the sign-in of this `token`; made once, because every request asks it."""
    return (
        select(User, LoginSession, AccountSecurity)
        .join(LoginSession, LoginSession.user_id == User.id)
        .outerjoin(AccountSecurity, AccountSecurity.user_id == User.id)
        .where(User.id == bindparam("user"), LoginSession.token_digest == bindparam("token"))
    )


def touch() -> None:
    """The person is there: move the idle clock on (not for polling)."""
    if request.endpoint not in QUIET and clock() - float(cookie.get(SEEN, 0)) > REFRESH_SECONDS:
        cookie[SEEN] = int(clock())


def open_cookie(token: str, chosen: str | None = None) -> None:
    """A new sign-in: nothing of the cookie before it is kept (no session fixation) but the language.

    chosen: the person's own language, which wins over that of the browser.
    """
    language = chosen or cookie.get(LANGUAGE)
    cookie.clear()
    cookie[TICKET], cookie[SEEN] = token, int(clock())
    cookie.permanent = True
    if language:
        cookie[LANGUAGE] = language


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="anchang-device")


def device_of(username: str) -> str:
    """The digest under which this browser's tries for a name are counted; «» when it never signed in with this name."""
    try:
        told: Any = _signer().loads(request.cookies.get(DEVICE_COOKIE, ""))
        names = {str(name): str(token) for name, token in dict(told).items()}
    except (BadSignature, TypeError, ValueError):
        return STRANGER
    token = names.get(username.strip().lower())
    return digest(token) if token else STRANGER


def remember_device(response: Response, username: str, make: Callable[[], str]) -> Response:
    """This browser signed in with this name: its later tries are its own affair. Up to five names a browser."""
    try:
        names = dict(_signer().loads(request.cookies.get(DEVICE_COOKIE, "")))
    except (BadSignature, TypeError, ValueError):
        names = {}
    key = username.strip().lower()
    if key not in names:
        names = {**dict(list(names.items())[-4:]), key: make()}
    response.set_cookie(
        DEVICE_COOKIE,
        _signer().dumps(names),
        max_age=DEVICE_AGE,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response
