"""./anchang check: what CI runs, all of it, told at the end (03 §3.6)."""

from __future__ import annotations

import subprocess
import sys

import click

from app.commands.console import say
from app.commands.run_tests import WHOLE_SUITE, environment
from app.commands.schema_versions import in_sync
from app.commands.scratch import scratch_site
from app.kernel.errors import RuleError
from config import ROOT

TYPED = ("app", "config.py")  # strictly, views and demo world included


def migrations_in_sync() -> None:
    """Raises RuleError unless models and migrations say the same (autogenerate finds nothing)."""
    with scratch_site():
        if not in_sync():
            raise RuleError("模型与迁移不一致，请运行 ./anchang migrate-message。")


def steps() -> dict[str, list[str]]:
    """Label → command line of each outside check."""
    python = sys.executable
    return {
        "格式": [python, "-m", "ruff", "format", "--check", "."],
        "规范": [python, "-m", "ruff", "check", "."],
        "类型": [python, "-m", "mypy", *TYPED],
        "测试": [python, "-m", "pytest", "-q", *WHOLE_SUITE],
    }


@click.command("check")
def check() -> None:
    """运行全部检查：格式、规范、类型、迁移、导入规则与测试。"""
    failed = []
    for label, command in steps().items():
        say(f"── {label}")
        if subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode:
            failed.append(label)
    say("── 迁移")
    try:
        migrations_in_sync()
    except RuleError as error:
        say(str(error))
        failed.append("迁移")
    if failed:
        raise RuleError("检查未通过：{failed}。", failed="、".join(failed))
    say("全部检查通过。")
