"""What a plain run leaves is counted and named, and CI leaves nothing (docs/developers/tests.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.commands import run_tests
from config import ROOT

TESTS = """
import pytest

@pytest.mark.parametrize("who", ["clerk", pytest.param("finance", marks=pytest.mark.thorough)])
def test_a_person(who):
    assert who

@pytest.mark.parametrize("size", [1, pytest.param(100, marks=pytest.mark.thorough)])
def test_large(size):
    assert size
"""
ONLY_THOROUGH = """
import pytest

@pytest.mark.thorough
def test_alone():
    pass
"""
CONFTEST = """
from tests.bench.tiers import Tiers

def pytest_configure(config):
    config.addinivalue_line("markers", "thorough: left by the plain run")
    config.pluginmanager.register(Tiers(plain={plain}, required={required}))
"""


def ran(
    folder: Path, *arguments: str, plain: bool = False, required: bool = False, tests: str = TESTS
) -> tuple[int, str]:
    """A suite of four tests, two of them thorough, in a process of its own: its end and what it says."""
    (folder / "test_small.py").write_text(tests, "utf-8")
    (folder / "conftest.py").write_text(CONFTEST.format(plain=plain, required=required), "utf-8")
    command = [sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(folder), *arguments]  # fmt: skip
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, str(folder)], cwd=folder, env=environ, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_plain_run_says_what_it_left(tmp_path: Path, processes: str) -> None:
    end, said = ran(tmp_path, "-n", processes, plain=True)
    assert end == 0, said
    assert "2 passed" in said
    assert "2 thorough tests were left; ./anchang test --all runs everything" in said


def test_without_being_asked_nothing_is_left(tmp_path: Path) -> None:
    end, said = ran(tmp_path)
    assert (end, "4 passed" in said, "left" in said) == (0, True, False), said


@pytest.mark.parametrize("way", [("-n", "2", "-m", "not thorough"), ("-k", "large")])
def test_ci_fails_when_anything_is_left(tmp_path: Path, way: tuple[str, ...]) -> None:
    end, said = ran(tmp_path, *way, required=True)
    assert end == 1, said
    assert "tests were left out, and nothing may be" in said


def test_nothing_is_tested_by_thorough_tests_alone(tmp_path: Path) -> None:
    end, said = ran(tmp_path, plain=True, tests=ONLY_THOROUGH)
    assert end not in (0, 1), said
    assert "test_alone" in said
    assert "keep one case of each" in said


def test_ci_refuses_a_plain_run(tmp_path: Path) -> None:
    end, said = ran(tmp_path, plain=True, required=True)
    assert end not in (0, 1), said
    assert "CI runs every test" in said


@pytest.mark.parametrize(
    ("given", "ci", "wanted"),
    [
        ((), "", (*run_tests.WHOLE_SUITE, "--plain")),
        ((), "true", run_tests.WHOLE_SUITE),
        ((), "1", run_tests.WHOLE_SUITE),
        (("--all",), "", run_tests.WHOLE_SUITE),
        (("--all", "-x"), "true", (*run_tests.WHOLE_SUITE, "-x")),
        (("tests/matrix", "-k", "unit"), "", ("tests/matrix", "-k", "unit")),
    ],
)
def test_the_command_leaves_only_when_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], ci: str, wanted: tuple[str, ...]
) -> None:
    started: list[list[str]] = []
    environs: list[dict[str, str]] = []
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(os, "execve", lambda _program, command, env: (started.append(command), environs.append(env)))
    monkeypatch.chdir(ROOT)
    assert CliRunner().invoke(run_tests.test, list(given)).exit_code == 0
    assert started == [[sys.executable, "-m", "pytest", *wanted]]
    assert "PYTHONDONTWRITEBYTECODE" not in environs[0]
    assert Path(environs[0]["PYTHONPYCACHEPREFIX"]).is_relative_to(sys.prefix)
