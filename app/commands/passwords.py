"""The password rule on the command line, the same as on the screens."""

from __future__ import annotations

from flask import current_app
from flask_appbuilder.exceptions import PasswordComplexityValidationError
from flask_appbuilder.validators import default_password_complexity

from app.kernel.errors import RuleError


def require_good_password(password: str, username: str) -> None:
    """Raises RuleError when the site's password rule refuses it, or when it contains the login (04 S5)."""
    if username.lower() in password.lower():
        raise RuleError("密码不能包含账号名。")
    rule = current_app.config.get("FAB_PASSWORD_COMPLEXITY_VALIDATOR") or default_password_complexity
    try:
        rule(password)
    except PasswordComplexityValidationError as error:
        raise RuleError("密码太弱：{why}", why=str(error)) from error
