"""./anchang sync-security: writes the grants declared in code to the database; run once after each deploy."""

from __future__ import annotations

import click
from flask_appbuilder.security.manager import BaseSecurityManager

from app.commands.console import say, site
from app.extensions import appbuilder


def sync_security() -> None:
    """Roles, permissions and grants as declared; running it twice changes nothing. Needs an app context."""
    BaseSecurityManager.create_db(appbuilder.sm)
    appbuilder.add_permissions(update_perms=True)


@click.command("sync-security")
def sync_security_command() -> None:
    """把代码中声明的岗位与权限写入数据库。"""
    with site():
        sync_security()
        say("岗位与权限已同步。")
