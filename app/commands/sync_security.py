"""./anchang sync-security: writes the grants declared in code to the database; run once after each deploy."""

from __future__ import annotations

import click

from app.commands.console import say, site
from app.kernel.security import sync_security


@click.command("sync-security")
def sync_security_command() -> None:
    """把代码中声明的岗位与权限写入数据库。"""
    with site():
        sync_security()
        say("岗位与权限已同步。")
