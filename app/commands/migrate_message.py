"""./anchang migrate-message "…": writes the next migration from the difference between models and migrations."""

from __future__ import annotations

import click

from app.commands.console import say
from app.commands.schema_versions import write_next
from app.commands.scratch import scratch_site
from config import ROOT


@click.command("migrate-message")
@click.argument("message")
def migrate_message(message: str) -> None:
    """根据模型的改动生成一个迁移脚本（在临时数据库上比较，不碰现有数据）。"""
    versions = ROOT / "migrations" / "versions"
    before = set(versions.glob("*.py"))
    with scratch_site():
        write_next(message)
    made = set(versions.glob("*.py")) - before
    say("\n".join(f"已生成 {path.relative_to(ROOT)}，请逐行检查。" for path in made) or "模型没有改动，未生成迁移。")
