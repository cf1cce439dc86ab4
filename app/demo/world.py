"""Loading the demo world: accounts first, then each room's own chapter in the order of the registry."""

from __future__ import annotations

from datetime import date

from app.demo.accounts import ACCOUNTS, PASSWORD
from app.extensions import appbuilder
from app.kernel.errors import RuleError
from app.kernel.posts import POSTS
from app.registry import FEATURES


def make_accounts() -> None:
    """One login for each row of ACCOUNTS, with the role of its post. Raises RuleError when one is refused."""
    sm = appbuilder.sm
    for account in ACCOUNTS:
        role = sm.find_role(POSTS[account.post].label)
        address = f"{account.username}@example.com"
        if not sm.add_user(account.username, account.given, account.family, address, role, password=PASSWORD):
            raise RuleError("演示账号 {username} 无法建立。", username=account.username)


def build(today: date) -> None:
    """Fills an empty, migrated database; every date of it is relative to today. Needs an app context."""
    make_accounts()
    for feature in FEATURES:
        chapter = getattr(feature, "load_demo", None)
        if chapter:
            chapter(today)
