"""./anchang new-keys: prints fresh secrets for an environment file."""

from __future__ import annotations

import secrets

import click
from cryptography.fernet import Fernet

from app.commands.console import say


@click.command("new-keys")
def new_keys() -> None:
    """生成一组正式运行用的密钥（只显示，不保存）。"""
    say(f"ANCHANG_SECRET_KEY={secrets.token_urlsafe(48)}")
    say(f"ANCHANG_FIELD_KEYS={Fernet.generate_key().decode()}")
    say(f"ANCHANG_INDEX_KEY={secrets.token_urlsafe(48)}")
