"""Accounts beside the framework's user table: sign-ins, their end, failed tries, first passwords (04 S5).

A sign-in is a row and a random ticket in the signed cookie. The row serves the kill (退出, 改密, 停用, 岗位变动), the cookie the idle
clock, so that reading pages writes nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, String, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.base import Record, now
from app.kernel.columns import blind
from app.kernel.transactions import write

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
KEEP_TRIES = timedelta(days=1)
STRANGER = ""  # the device of whoever never signed in here with this name


class AccountSecurity(Record):
    """What the framework's user row lacks; a user without a row has the defaults. `epoch` counts kills of all sessions."""

    __tablename__ = "account_security"
    __label__ = "账号安全"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False, unique=True)
    epoch: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    must_change: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    changed_at: Mapped[datetime | None] = mapped_column(DateTime)
    language: Mapped[str | None] = mapped_column(String(5))  # None: never chosen, the site's own


class LoginSession(Record):
    """One sign-in on one device, until it ends."""

    __tablename__ = "login_session"
    __label__ = "登录会话"
    __unaudited__ = True  # signing in and out leave their own lines

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False, index=True)
    epoch: Mapped[int] = mapped_column(Integer, nullable=False)
    token_digest: Mapped[str] = mapped_column(String(64), nullable=False, unique=True)
    started_at: Mapped[datetime] = mapped_column(DateTime, nullable=False)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime)
    address: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    agent: Mapped[str] = mapped_column(String(200), nullable=False, default="")


class LoginTry(Record):
    """Failed tries for a name, whether it exists or not: the answer must not tell. Known devices count apart, so that a
    stranger's tries never shut out the person himself."""

    __tablename__ = "login_try"
    __label__ = "登录尝试"
    __unaudited__ = True
    __table_args__ = (UniqueConstraint("name_digest", "device", name="uq_login_try_name"),)

    name_digest: Mapped[str] = mapped_column(String(64), nullable=False)
    device: Mapped[str] = mapped_column(String(64), nullable=False, default=STRANGER)
    failed: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(DateTime)
    last_at: Mapped[datetime] = mapped_column(DateTime, nullable=False)


def digest(token: str) -> str:
    """SHA-256 of a random token: what the database keeps of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _locked_row(session: Session, query: Any, fresh: Callable[[], Record]) -> Any:
    """The row of a query, locked; made when it is missing, also when somebody else makes it at this moment."""
    query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).first()
    if row is None:
        try:
            with session.begin_nested():
                session.add(fresh())
        except IntegrityError:
            pass  # the other one's row is as good, and it is read next
        row = session.scalars(query).one()
    return row


def security_of(session: Session, user_id: int) -> AccountSecurity:
    """The row of a user, made when it is missing (inside a write transaction)."""
    query = select(AccountSecurity).where(AccountSecurity.user_id == user_id)
    found: AccountSecurity = _locked_row(
        session, query, lambda: AccountSecurity(user_id=user_id, epoch=0, must_change=False)
    )
    return found


def language_of(session: Session, user_id: int) -> str | None:
    """The language that the person chose, None when never."""
    return session.scalar(select(AccountSecurity.language).where(AccountSecurity.user_id == user_id))


def end_all_sessions(session: Session, user_id: int, *, but: int | None = None) -> None:
    """Kill every session of an account on its next request (停用, 岗位变动, 改密); `but` = id of the one that goes on."""
    row = security_of(session, user_id)
    row.epoch += 1
    session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None), LoginSession.id != (but or 0))
        .values(ended_at=now())
    )
    if but is not None:
        session.execute(update(LoginSession).where(LoginSession.id == but).values(epoch=row.epoch))
    session.flush()


def start_session(session: Session, user_id: int, address: str, agent: str) -> tuple[LoginSession, str]:
    """A new sign-in: its row and the ticket for the cookie (inside a write transaction)."""
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        user_id=user_id,
        epoch=security_of(session, user_id).epoch,
        token_digest=digest(token),
        started_at=now(),
        address=address[:64],
        agent=agent[:200],
    )
    session.add(row)
    session.flush()
    return row, token


def end_session(session: Any, session_id: int) -> None:
    """End one sign-in for good."""

    def work() -> None:
        session.execute(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
            .values(ended_at=now())
        )

    write(session, work)


def open_sessions(session: Session, user_id: int) -> list[LoginSession]:
    """The sign-ins of an account that may still be used, newest first."""
    query = (
        select(LoginSession)
        .outerjoin(AccountSecurity, AccountSecurity.user_id == LoginSession.user_id)
        .where(
            LoginSession.user_id == user_id,
            LoginSession.ended_at.is_(None),
            LoginSession.started_at > now() - LONGEST_SESSION,
            (AccountSecurity.id.is_(None)) | (AccountSecurity.epoch == LoginSession.epoch),
        )
        .order_by(LoginSession.id.desc())
    )
    return list(session.scalars(query))


def name_digest(username: str) -> str:
    """The key under which tries for a name are counted; the name itself is not kept (people type passwords there)."""
    return blind("login:" + username.strip().lower())


def _tries(username: str, device: str) -> Any:
    return select(LoginTry).where(LoginTry.name_digest == name_digest(username), LoginTry.device == device)


def locked_until(session: Session, username: str, device: str) -> datetime | None:
    """Until when tries for this name from this device are refused; None when they are heard."""
    until = session.scalar(_tries(username, device).with_only_columns(LoginTry.locked_until))
    return until if until is not None and until > now() else None


def count_failure(session: Session, username: str, device: str) -> bool:
    """One more failed try; the fifth in a row locks for 15 minutes (inside a write transaction). Whether this one locked."""
    fresh = LoginTry(name_digest=name_digest(username), device=device, failed=0, last_at=now())
    row: LoginTry = _locked_row(session, _tries(username, device), lambda: fresh)
    if row.locked_until is not None and row.locked_until <= now():
        row.failed, row.locked_until = 0, None
    row.failed, row.last_at = row.failed + 1, now()
    locks = row.failed >= FAILURES and row.locked_until is None
    if row.failed >= FAILURES:
        row.locked_until = now() + LOCKED_FOR
    session.flush()
    return locks


def forget_failures(session: Session, username: str, device: str | None = None) -> None:
    """A success, or the administrator (device None = all devices), clears the tries of a name."""
    query = select(LoginTry).where(LoginTry.name_digest == name_digest(username))
    for row in session.scalars(query if device is None else query.where(LoginTry.device == device)):
        session.delete(row)
    session.flush()


def purge_tries(session: Session) -> int:
    """Forget tries of yesterday and before; returns how many rows went (a periodic job)."""
    old = list(session.scalars(select(LoginTry).where(LoginTry.last_at < now() - KEEP_TRIES)))
    for row in old:
        session.delete(row)
    session.flush()
    return len(old)
