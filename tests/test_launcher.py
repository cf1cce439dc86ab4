"""The launcher ./anchang on a bare machine: what it installs, and what it says when it cannot."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest

from config import ROOT


@pytest.fixture
def launcher(tmp_path, monkeypatch):
    """The script as a module whose folders lie in tmp_path; commands are noted, not run."""
    loader = importlib.machinery.SourceFileLoader("anchang_launcher", str(ROOT / "anchang"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("anchang_launcher", loader))
    loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(module, "PYTHON", str(tmp_path / ".venv/bin/python"))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv/anchang-installed.json"))
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("one", "utf-8")
    (tmp_path / "requirements-dev.txt").write_text("two", "utf-8")
    module.ran = []
    monkeypatch.setattr(module, "run", lambda command, sentence: module.ran.append(command))
    return module


def test_a_list_is_installed_once_and_again_when_it_changes(launcher, tmp_path):
    launcher.install("requirements.txt")
    launcher.install("requirements.txt")
    assert len(launcher.ran) == 1
    assert "--require-hashes" in launcher.ran[0]
    launcher.install("requirements-dev.txt")
    assert set(json.loads((tmp_path / ".venv/anchang-installed.json").read_text("utf-8"))) == {
        "requirements.txt",
        "requirements-dev.txt",
    }
    (tmp_path / "requirements.txt").write_text("changed", "utf-8")
    launcher.install("requirements.txt")
    assert len(launcher.ran) == 3


@pytest.mark.parametrize(("uv", "program"), [("/usr/bin/uv", "uv"), (None, "pip")])
def test_uv_is_used_when_present_and_pip_otherwise(launcher, monkeypatch, uv, program):
    monkeypatch.setattr(launcher.shutil, "which", lambda name: uv if name == "uv" else None)
    launcher.make_environment()
    launcher.install("requirements.txt")
    assert all((command[0] == "uv") == (program == "uv") for command in launcher.ran)
    assert any("pip" in command for command in launcher.ran)


def test_an_old_python_is_told_what_is_needed(launcher, monkeypatch):
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    with pytest.raises(launcher.Trouble, match=r"3\.11"):
        launcher.use_new_python()


def test_a_newer_python_is_used_when_there_is_one(launcher, monkeypatch):
    started = []
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(launcher.shutil, "which", lambda name: f"/opt/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(launcher.os, "execv", lambda program, arguments: started.append(program))
    with pytest.raises(launcher.Trouble):
        launcher.use_new_python()  # execv never returns in truth
    assert started == ["/opt/python3.12"]


def test_a_failed_installation_is_one_sentence_and_a_non_zero_exit(tmp_path):
    for name in ("anchang", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "requirements.txt").write_text("no-such-package==1 --hash=sha256:00", "utf-8")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    environ = {**os.environ, "PATH": "/usr/bin:/bin", "PIP_NO_INDEX": "1", "UV_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, tmp_path / "anchang", "demo"], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "错误：依赖没有装好" in done.stderr
    assert "Traceback" not in done.stderr
