"""./anchang demo: an empty machine to a lively demo site in one command; a second start only serves."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click
from flask import Flask

from app.commands.console import say, site
from app.commands.demo_secrets import ensure_demo_secrets
from app.commands.migrate import upgrade_database
from app.commands.standing import OtherProgram
from app.commands.web_server import require_free_port, run_server
from app.commands.worker import start_beside
from app.demo import load_all
from app.demo.accounts import ACCOUNTS, PASSWORD
from app.demo.masses import load_customers
from app.extensions import appbuilder, db
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.posts import POSTS
from app.kernel.schema import refresh_statistics
from app.kernel.security import sync_security
from app.kernel.transactions import write
from config import ROOT, SECRETS_FILE

HOST = "127.0.0.1"
WORKERS = 2
LOADED = "demo-loaded"  # marker file: the world is complete
DEMO_FILES = ("anchang.db*", "queue.db*", "tasks/*", "imports/*", LOADED, SECRETS_FILE, "*.lock")
OTHER_DEMO = "这个数据目录来自另一个版本的程序：{data}。请用 ./anchang demo --reset 重建演示数据，或用 --data 换一个目录；原数据没有动。"
FIRST_STEPS = (
    "supervisor（销售主管）：看首页的提醒和「待我审批」，打开销控表点一套房源",
    "consultant1（置业顾问）：登记来访客户，锁定房源，提交认购书",
    "developer_finance（甲方财务）：确认一笔收款",
    "other_lead（另一项目的甲方）：确认看不到本项目的任何数据",
)


def reset(data: Path) -> None:
    """Deletes the demo database of a data folder. Raises RuleError when the folder does not hold a demo."""
    if not data.exists() or not any(data.iterdir()):
        return
    if not (data / SECRETS_FILE).exists():
        raise RuleError("{data} 里不是演示数据（没有 {file}），不会删除。", data=data, file=SECRETS_FILE)
    for pattern in DEMO_FILES:
        for path in data.glob(pattern):
            path.unlink()


def prepare(data: Path) -> Flask:
    """Secrets, schema, grants and the world, each only when missing; says what it does. Returns the app."""
    ensure_demo_secrets(data)
    marker = data / LOADED
    with site() as app:
        say("· 检查数据库结构")
        try:
            fresh = upgrade_database()
        except OtherProgram as refusal:
            raise RuleError(OTHER_DEMO, data=data) from refusal
        if marker.exists() and not fresh:
            return app
        say("· 同步岗位与权限")
        sync_security()
        if marker.exists():
            return app
        if appbuilder.sm.count_users():
            raise RuleError("数据库里已有账号，但演示数据没有装完，请用 ./anchang demo --reset 重建。")
        say("· 装入演示数据（约一分钟）")
        load_all(db.session, now().date(), lambda words: say(f"  · {words}"))
        write(db.session, lambda: refresh_statistics(db.session.connection()))
        marker.write_text(f"{date.today()}\n", "utf-8")
    return app


def fill(app: Flask, customers: int, *, follow_ups: bool) -> None:
    """Mass data for measuring: customers until there are so many."""
    with app.app_context():
        say(f"· 补充批量客户到 {customers:,} 位")
        made = load_customers(
            db.session, customers, date.today(), follow_ups=follow_ups, progress=lambda words: say(f"  · {words}")
        )
        say(f"  · 新增 {made:,} 位" if made else "  · 已经有这么多，不再增加")


def announce(port: int) -> None:
    """Address, accounts and what to try first."""
    say(f"\n案场管家已就绪：http://{HOST}:{port}\n")
    say(f"演示账号（密码都是 {PASSWORD}）：")
    for account in ACCOUNTS:
        say(f"  {account.username:<24}{POSTS[account.post].label}")
    say("\n先试试：")
    for number, step in enumerate(FIRST_STEPS, 1):
        say(f"  {number}. {step}")
    say("\n按 Ctrl+C 停止。")


@click.command("demo")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="数据目录，默认 instance/")
@click.option("--reset", "start_over", is_flag=True, help="删除演示数据，重新开始")
@click.option("--no-serve", is_flag=True, help="只准备，不启动")
@click.option(
    "--customers", type=click.IntRange(0, 5_000_000), default=0, help="再造批量客户，直到共有这么多位（测速用）"
)
@click.option("--followups", is_flag=True, help="批量客户每位带 3 条跟进记录")
def demo(port: int, data: Path | None, *, start_over: bool, no_serve: bool, customers: int, followups: bool) -> None:
    """准备演示数据并启动。"""
    data = (data or Path(os.environ.get("ANCHANG_DATA") or ROOT / "instance")).resolve()
    os.environ["ANCHANG_DATA"] = str(data)
    os.environ.setdefault("ANCHANG_SITE_URL", f"http://{HOST}:{port}")  # links of mails and group messages lead here
    if not no_serve:
        require_free_port(HOST, port)
    if start_over:
        reset(data)
    app = prepare(data)
    if customers:
        fill(app, customers, follow_ups=followups)
    announce(port)
    if not no_serve:
        start_beside(app)
        run_server(app, HOST, port, WORKERS)
