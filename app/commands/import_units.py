"""./anchang import-units: the import of the screen from the command line, all or nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click
from sqlalchemy import select

from app.commands.console import say, site
from app.extensions import db
from app.features.organisation.models import Project
from app.features.units.imports.effects import ImportFile, commit, plan
from app.features.units.imports.rules import ImportPlan
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.spreadsheets import read_workbook

SHOWN = 200


@click.command("import-units")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--project", "code", required=True, help="项目编码，例如 JPYL")
@click.option("--dry-run", is_flag=True, help="只核对，不写入")
def import_units(file: Path, code: str, dry_run: bool) -> None:
    """从 Excel 或 CSV 导入房源；导入后由案场经理核准。"""
    data = file.read_bytes()
    with site(), acting_as(SYSTEM):
        project_id = db.session.scalar(select(Project.id).where(Project.code == code))
        if project_id is None:
            raise RuleError("没有编码为 {code} 的项目。", code=code)
        sheets = read_workbook(data, file.name)
        made = plan(db.session(), project_id, sheets)
        _tell(made)
        if made.blocking:
            raise RuleError("文件有 {count} 处错误，一套也没有导入。", count=len(made.blocking))
        if dry_run or made.nothing_to_do:
            return
        _made, entry = commit(
            db.session, SYSTEM, project_id, sheets, None, ImportFile(file.name, hashlib.sha256(data).hexdigest())
        )
        if entry is not None:
            say(f"已导入，录入单 {entry.number}，等案场经理核准。")


def _tell(made: ImportPlan) -> None:
    sums = made.table.sums
    say(made.summary)
    say(f"套数 {sums.count}，建筑面积 {sums.building_area} ㎡，套内 {sums.inner_area} ㎡，Σ 单价×面积 {sums.value} 元")
    for problem in made.problems[:SHOWN]:
        say(f"  {problem}")
    if len(made.problems) > SHOWN:
        say(f"  ……共 {len(made.problems)} 处")
    for change in made.changes:
        say(f"  {change.words}{'' if change.applies else '（已推出，保持原值）'}")
