"""What a command says on the terminal, and the site that it works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError

from app.kernel.errors import RuleError


def say(text: str) -> None:
    """One line of progress, shown at once."""
    click.echo(text)


@contextmanager
def site() -> Iterator[Flask]:
    """The app inside its context; a database that does not work is told in one sentence (RuleError)."""
    from app import create_app

    app = create_app()
    with app.app_context(), database_trouble(app.config["SQLALCHEMY_DATABASE_URI"]):
        yield app


@contextmanager
def database_trouble(url: str) -> Iterator[None]:
    """Turns the driver's error into one Chinese sentence; the original stays its cause."""
    try:
        yield
    except DatabaseError as error:
        place = url.rsplit("@", maxsplit=1)[-1].removeprefix("sqlite:///")
        raise RuleError("数据库 {place} 无法使用：{why}", place=place, why=_reason(error)) from error


def _reason(error: DatabaseError) -> str:
    text = str(error.orig)
    known = {
        "file is not a database": "文件已损坏或不是 SQLite 数据库，请从备份恢复；演示数据可用 ./anchang demo --reset 重建。",
        "malformed": "文件已损坏，请从备份恢复；演示数据可用 ./anchang demo --reset 重建。",
        "unable to open": "打不开文件，请检查目录是否存在、是否可写。",
        "readonly": "文件只读，请检查目录和文件的权限。",
        "disk is full": "磁盘已满，请清理后重试。",
        "locked": "正被另一个进程占用，请稍后重试。",
        "no such table": "缺少数据表，请先运行 ./anchang migrate。",
        "does not exist": "缺少数据表或数据库，请先建库并运行 ./anchang migrate。",
        "onnection": "连接不上，请检查地址、账号和服务是否启动。",
    }
    return next((sentence for part, sentence in known.items() if part in text), text.splitlines()[0])
