"""Who is it: name and password in, the account or one and the same refusal out (04 S5); making and changing accounts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash, generate_password_hash

from app.kernel import accounts, audit
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.passwords import LONGEST, require_good_password
from app.kernel.transactions import write

REFUSED = "账号或密码不对。连续 5 次不对，该账号会锁定 15 分钟。"
LOCKED = "连续 5 次不对，该账号已锁定，请 15 分钟后再试。"


def hash_method() -> str:
    """How passwords are hashed: scrypt; a cheaper one in tests."""
    return str(current_app.config.get("FAB_PASSWORD_HASH_METHOD", "scrypt"))


@lru_cache(maxsize=4)
def _nobodys_hash(method: str) -> str:
    """The hash of nobody, as dear to check as anybody's: the time of an answer tells nothing."""
    return generate_password_hash("nobody has this password", method=method)


def find_user(session: Session, username: str) -> User | None:
    """The account of this name, small and capital letters alike."""
    wanted = username.strip().lower()
    return session.scalars(
        select(User).where(func.lower(User.username) == wanted), execution_options={"unscoped": True}
    ).first()


def authenticate(session: Any, username: str, password: str, device: str) -> User:
    """The active account with this name and password; login numbers are counted in the same transaction.

    device: digest of the browser's device ticket, «» for a stranger. Raises RuleError with the same sentence for an
    unknown name, a disabled account and a wrong password, and with another for a locked name whether it exists or not.
    """
    username = username.strip()[:128]
    if accounts.locked_until(session, username, device):
        raise RuleError(LOCKED, field="password")
    user, nobody = find_user(session, username), _nobodys_hash(hash_method())
    stored = user.password if user is not None and user.active and user.password else nobody
    fits = check_password_hash(stored, password[: LONGEST + 1]) and stored is not nobody
    if not write(session, lambda: _book(session, username, device, fits and "\x00" not in password)):
        raise RuleError(REFUSED, field="password")
    found = find_user(session, username)
    if found is None:
        raise RuleError(REFUSED, field="password")
    return found


def _book(session: Session, username: str, device: str, fits: bool) -> bool:
    """Write down the outcome. Locked meanwhile by tries beside this one: even the right password comes too late."""
    user = find_user(session, username)
    if accounts.locked_until(session, username, device) or not fits or user is None:
        locks, about = accounts.count_failure(session, username, device), user.id if user else None
        if user is not None:
            user.fail_login_count = (user.fail_login_count or 0) + 1
        session.add(audit.entry("login_failed", subject="ab_user", subject_id=about))
        if locks:
            session.add(audit.entry("account_locked", subject="ab_user", subject_id=about))
        return False
    accounts.forget_failures(session, username, device)
    user.login_count, user.fail_login_count, user.last_login = (user.login_count or 0) + 1, 0, now()
    return True


def create_account(
    session: Session, username: str, family: str, given: str, password: str, *, must_change: bool = True, email: str = "",
    exempt: bool = False,
) -> User:  # fmt: skip
    """A new account (inside a write transaction). exempt: demo accounts, whose password is public on purpose.

    Raises RuleError for a taken name or a weak password.
    """
    username = username.strip()
    if not username:
        raise RuleError("请填写账号", field="username")
    if find_user(session, username) is not None:
        raise RuleError("账号 {username} 已存在", field="username", username=username)
    if not exempt:
        require_good_password(password, username, (family + given,))
    user = User(
        username=username,
        last_name=family,
        first_name=given,
        email=email.strip() or f"{username}@account.invalid",
        active=True,
        password=generate_password_hash(password, method=hash_method()),
    )
    session.add(user)
    session.flush()
    accounts.security_of(session, user.id).must_change = must_change
    session.add(audit.entry("account_created", subject="ab_user", subject_id=user.id, username=username))
    session.flush()
    return user


def set_password(
    session: Session, user: User, password: str, *, must_change: bool = False, keep: int | None = None
) -> None:
    """Give an account a new password and end its sessions (inside a write transaction); keep = id of the one that goes on.

    Raises RuleError for a weak password or the present one.
    """
    require_good_password(password, user.username, (f"{user.last_name}{user.first_name}",))
    if user.password and check_password_hash(user.password, password):
        raise RuleError("新密码不能和现在的一样", field="password")
    user.password = generate_password_hash(password, method=hash_method())
    accounts.end_all_sessions(session, user.id, but=keep)
    row = accounts.security_of(session, user.id)
    row.must_change, row.changed_at = must_change, now()
    accounts.forget_failures(session, user.username)
    session.add(audit.entry("password_changed", subject="ab_user", subject_id=user.id))
    session.flush()


def change_own_password(session: Any, user_id: int, old: str, new: str, *, keep: int | None) -> None:
    """The person's own change: the present password is asked, the other sessions end. Raises RuleError naming the field."""

    def work() -> None:
        user = session.get(User, user_id)
        if user is None or not check_password_hash(user.password or "", old[: LONGEST + 1]):
            raise RuleError("现在的密码不对", field="old")
        set_password(session, user, new, keep=keep)

    write(session, work)


def set_active(session: Session, user: User, active: bool) -> None:
    """Disable or enable an account; disabling ends its sessions (inside a write transaction)."""
    user.active = active
    if not active:
        accounts.end_all_sessions(session, user.id)
    session.add(audit.entry("account_enabled" if active else "account_disabled", subject="ab_user", subject_id=user.id))
    session.flush()
