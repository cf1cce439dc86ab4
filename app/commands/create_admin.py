"""./anchang create-admin: the first account of a real site."""

from __future__ import annotations

import click

from app.commands.console import say, site
from app.extensions import appbuilder
from app.kernel.errors import RuleError
from app.kernel.passwords import require_good_password
from app.kernel.posts import POSTS, Post

POST = POSTS[Post.ADMIN].label


@click.command("create-admin")
@click.argument("username")
@click.option("--family", prompt="姓", help="姓")
@click.option("--given", prompt="名", help="名")
@click.option("--email", prompt="邮箱", help="邮箱")
@click.option("--password", prompt="密码", hide_input=True, confirmation_prompt="再输一次", help="密码")
def create_admin(username: str, family: str, given: str, email: str, password: str) -> None:
    """建立系统管理员账号。"""
    with site():
        sm = appbuilder.sm
        require_good_password(password, username, (family + given,))
        if sm.find_user(username=username):
            raise RuleError("账号 {username} 已存在，忘记密码请用 ./anchang reset-password。", username=username)
        role = sm.find_role(POST)
        if role is None:
            raise RuleError("岗位「{post}」还不存在，请先运行 ./anchang sync-security。", post=POST)
        if not sm.add_user(username, given, family, email, role, password=password):
            raise RuleError("账号 {username} 没有建立，邮箱 {email} 可能已被使用。", username=username, email=email)
        say(f"已建立账号 {username}（{POST}）。")
