"""What a production start refuses, each in one Chinese sentence (04 S14, 04 §2.1 «Start-up»)."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Engine, make_url

MIN_SECRET_LENGTH = 32
KNOWN_SECRETS = ("change", "secret", "anchang", "password", "default", "12345", "test")
OTHERS_MAY = stat.S_IRWXO


def settings_refusals(config: Mapping[str, Any], *, tls: bool, stored_secrets: bool) -> list[str]:
    """What is wrong with the settings; tls = certificate given, stored_secrets = they come from a demo's file."""
    found = []
    if stored_secrets:
        found.append("数据目录中有演示密钥文件 secrets.json，正式运行请用环境变量提供密钥并删除该文件。")
    for name in ("SECRET_KEY", "INDEX_KEY"):
        found += _weak(name, str(config.get(name) or ""))
    if not all(_is_field_key(key) for key in config.get("FIELD_KEYS") or [""]):
        found.append("密钥 ANCHANG_FIELD_KEYS 格式不对，请用 ./anchang new-keys 生成。")
    if config.get("DEBUG") or config.get("TESTING"):
        found.append("正式运行不能打开调试或测试模式。")
    if not tls and not config.get("BEHIND_PROXY"):
        found.append("正式运行必须加密传输：请给出 --certfile 和 --keyfile，或在反向代理之后用 --behind-proxy。")
    return found


def _weak(name: str, value: str) -> Iterable[str]:
    if len(value) < MIN_SECRET_LENGTH:
        yield f"密钥 ANCHANG_{name} 缺失或太短，至少 {MIN_SECRET_LENGTH} 个字符。"
    elif len(set(value)) < 12 or any(value.lower().startswith(word) for word in KNOWN_SECRETS):
        yield f"密钥 ANCHANG_{name} 是示例或容易猜到的值，请换成随机值。"


def _is_field_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def database_refusals(engine: Engine) -> list[str]:
    """What is wrong with the database file: open to others, on a network disk, damaged. PostgreSQL guards itself."""
    url = make_url(str(engine.url))
    if engine.dialect.name != "sqlite" or not url.database:
        return []
    found = [
        f"数据库文件 {path.name} 对其他用户开放，请执行 chmod o-rwx {path}。"
        for path in sorted(Path(url.database).parent.glob(f"{Path(url.database).name}*"))
        if path.stat().st_mode & OTHERS_MAY
    ]
    with engine.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        verdict = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if mode != "wal":
        found.append(f"数据库不能用 WAL 方式运行（当前 {mode}），它可能在网络磁盘上，请移到本机磁盘。")
    if verdict != "ok":
        found.append("数据库文件已损坏，请从备份恢复。")
    return found
