"""./anchang doctor: verifies the data of a site without changing it; exit code 1 when anything is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from app.commands.console import say, site
from app.extensions import db
from app.health import migrations_current
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.checkups import CHECKUPS, REMARKS, Checkup, faults_of
from app.kernel.errors import NotFound, RuleError
from app.kernel.file_texts import read_file, unread_files
from app.kernel.search_index import rebuild
from app.kernel.transactions import write
from app.startup import database_refusals
from config import SECRETS_FILE


def database_faults(session: Session) -> Iterable[str]:
    """The file itself, and every reference in it (SQLite; PostgreSQL enforces both)."""
    yield from database_refusals(db.engine)
    if db.engine.dialect.name == "sqlite":
        connection = session.connection()
        verdicts = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        yield from (f"数据库完整性：{verdict}" for verdict in verdicts if verdict != "ok")
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        yield from (f"表 {row[0]} 第 {row[1]} 行引用了不存在的 {row[2]}。" for row in broken[:20])
        if len(broken) > 20:
            yield f"另有 {len(broken) - 20} 处断开的引用。"


def schema_faults(_session: Session) -> Iterable[str]:
    """The database stands at the schema of this code."""
    if not migrations_current():
        yield "数据库结构不是最新，请运行 ./anchang migrate。"


def secret_faults(_session: Session) -> Iterable[str]:
    """The demo's secrets are readable by their owner only."""
    path = Path(current_app.config["DATA_DIR"]) / SECRETS_FILE
    if path.exists() and path.stat().st_mode & 0o077:
        yield f"密钥文件对其他用户开放，请执行 chmod 600 {path}。"


OWN = (Checkup("数据库", database_faults), Checkup("结构", schema_faults), Checkup("密钥", secret_faults))


def _read_files() -> int:
    """Files whose text nobody has read yet; those whose content is gone are named by the verification."""
    done = 0
    for file_id in unread_files(db.session):
        try:
            read_file(db.session, file_id)
            done += 1
        except NotFound:
            db.session.rollback()
    return done


@click.command("doctor")
@click.option("--rebuild-search", is_flag=True, help="先读取还没有读过的附件文字，再重建搜索索引")
def doctor(*, rebuild_search: bool) -> None:
    """核验数据库、结构、账目与文件，只读。"""
    if rebuild_search:
        with site(), acting_as(SYSTEM):
            say(f"· 附件文字已读取 {_read_files():,} 件")
            say(f"· 搜索索引已重建，共 {write(db.session, lambda: rebuild(db.session())):,} 条")
    wrong = 0
    with site(), acting_as(SYSTEM):
        for checkup in (*OWN, *CHECKUPS):
            faults = faults_of(checkup, db.session())
            wrong += len(faults)
            say(f"{'✗' if faults else '✓'} {checkup.label}")
            for fault in faults:
                say(f"    {fault}")
        for remark in REMARKS:
            say(f"· {remark(db.session())}")
        db.session.rollback()
    if wrong:
        raise RuleError("发现 {wrong} 处问题。", wrong=wrong)
