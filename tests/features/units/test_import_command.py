"""./anchang import-units does what the screen does."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app.commands import import_units as command
from app.features.units.models import Unit, UnitEntry
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from tests.features.units.test_import_units import ROWS, SHORT, workbook


@pytest.fixture
def run(cast, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "site", nullcontext)  # the test's own app is the site

    def go(rows, *options):
        path = tmp_path / "一房一价.xlsx"
        path.write_bytes(workbook(rows))
        return CliRunner().invoke(command.import_units, [str(path), "--project", "JPYL", *options])

    return go


def stored(cast):
    with acting_as(SYSTEM):
        return cast.session.scalar(select(func.count(Unit.id))), cast.session.scalar(select(func.count(UnitEntry.id)))


def test_dry_run_import_and_again(cast, run):
    looked = run(ROWS, "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert "4 套新增" in looked.output
    assert "建筑面积 367.66 ㎡" in looked.output
    assert stored(cast) == (0, 0)
    assert "等案场经理核准" in run(ROWS).output
    assert stored(cast) == (4, 1)
    assert "0 套新增，4 套已存在且一致" in run(SHORT).output
    assert stored(cast) == (4, 1)


def test_a_bad_file_names_its_faults_and_writes_nothing(cast, run):
    refused = run([*ROWS, ["8栋", "1单元", "8", "701", "1", "89.53", "70.12"]])
    assert isinstance(refused.exception, RuleError)
    assert "预售项目·第 6 行" in refused.output
    assert stored(cast) == (0, 0)


def test_an_unknown_project_is_refused(cast, tmp_path, run, monkeypatch):
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook(ROWS))
    result = CliRunner().invoke(command.import_units, [str(path), "--project", "NONE"])
    assert "NONE" in str(result.exception)
