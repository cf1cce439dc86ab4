"""./anchang create-admin: the first account of a real site."""

from __future__ import annotations

import click

from app.commands.console import say, site
from app.extensions import db
from app.features.organisation.effects import found_site
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.posts import POSTS, Post


@click.command("create-admin")
@click.argument("username")
@click.option("--name", prompt="姓名", help="姓名")
@click.option("--company", prompt="代理公司名称", help="所属代理公司；没有就新建")
@click.option("--password", prompt="密码", hide_input=True, confirmation_prompt="再输一次", help="密码")
def create_admin(username: str, name: str, company: str, password: str) -> None:
    """建立系统管理员账号。"""
    with site(), acting_as(SYSTEM):
        found_site(db.session(), company.strip(), name.strip(), username, password)
        say(f"已建立账号 {username}（{POSTS[Post.ADMIN].label}）。")
