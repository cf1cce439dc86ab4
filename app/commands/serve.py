"""./anchang serve: the production start; refuses whatever would make it unsafe (04 S14)."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import Flask
from werkzeug.security import check_password_hash

from app.commands.console import say, site
from app.commands.standing import OTHER_PROGRAM, standing
from app.commands.web_server import require_free_port, run_server
from app.demo.accounts import ACCOUNTS, PASSWORD
from app.extensions import appbuilder, db
from app.kernel.errors import RuleError
from app.startup import database_refusals, settings_refusals
from config import SECRETS_FILE


def account_refusals() -> list[str]:
    """Accounts of the demo world must not exist on a real site: everybody knows their password."""
    known = [appbuilder.sm.find_user(username=account.username) for account in ACCOUNTS]
    found = [user.username for user in known if user and check_password_hash(user.password or "", PASSWORD)]
    return [f"存在演示账号（{'、'.join(found)}），请停用并改掉密码，或换一个空的数据库。"] if found else []


def refusals(app: Flask, *, tls: bool) -> list[str]:
    """Everything that is wrong, all at once. Needs the app's context."""
    stored = (Path(app.config["DATA_DIR"]) / SECRETS_FILE).exists()
    found = settings_refusals(app.config, tls=tls, stored_secrets=stored)
    stands = standing()
    if stands != "current":
        return [
            *found,
            OTHER_PROGRAM if stands == "unknown" else "数据库结构不是最新，请先备份，再运行 ./anchang migrate。",
        ]
    return [*found, *database_refusals(db.engine), *account_refusals()]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口")
@click.option("--workers", default=2 * (os.cpu_count() or 1) + 1, show_default=True, type=click.IntRange(1, 64))
@click.option("--behind-proxy", is_flag=True, help="前面有一个负责加密的反向代理")
@click.option("--certfile", type=click.Path(exists=True, dir_okay=False), help="TLS 证书")
@click.option("--keyfile", type=click.Path(exists=True, dir_okay=False), help="TLS 私钥")
def serve(host: str, port: int, workers: int, *, behind_proxy: bool, certfile: str | None, keyfile: str | None) -> None:
    """正式运行（多进程，每进程一个线程）。"""
    os.environ["ANCHANG_PRODUCTION"] = "1"
    if behind_proxy:
        os.environ["ANCHANG_BEHIND_PROXY"] = "1"
    require_free_port(host, port)
    with site() as app:
        found = refusals(app, tls=bool(certfile and keyfile))
    if found:
        raise RuleError("不能启动：\n{reasons}", reasons="\n".join(f"  · {reason}" for reason in found))
    say(f"案场管家正在启动：{host}:{port}，{workers} 个进程。")
    run_server(app, host, port, workers, accesslog="-", certfile=certfile, keyfile=keyfile)
