"""./anchang reset-password: a way back in when nobody can sign in."""

from __future__ import annotations

import click

from app.commands.console import say, site
from app.extensions import appbuilder
from app.kernel.errors import RuleError


@click.command("reset-password")
@click.argument("username")
@click.option("--password", prompt="新密码", hide_input=True, confirmation_prompt="再输一次", help="新密码")
def reset_password(username: str, password: str) -> None:
    """重设一个账号的密码。"""
    with site():
        user = appbuilder.sm.find_user(username=username)
        if user is None:
            raise RuleError("没有账号 {username}。", username=username)
        appbuilder.sm.reset_password(user.id, password)
        say(f"账号 {username} 的密码已重设，下次登录时须换成自己的密码。")
