"""The commands as a person runs them: in a copy of the source, never in the person's own instance folder."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from app.commands.demo import reset
from config import ROOT
from tests.bench.commands import LONGEST, Done
from tests.bench.demo import DEMO_AT
from tests.bench.web import HOST, free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(LONGEST + 60)]
PASSWORD = "Lu-Ye-2026-Jiang"
DOWN_TO_THE_FIRST = """
from alembic import command
from app.commands.console import site
from app.commands.schema_versions import alembic_config
with site():
    command.downgrade(alembic_config(), "26ce582b7581")
"""


@pytest.fixture(scope="module")
def production(copy, tmp_path_factory) -> dict[str, str]:
    """The environment of a real site: own secrets, migrated, grants synced, no account yet."""
    data = tmp_path_factory.mktemp("production")
    keys = copy.run("new-keys").stdout.splitlines()
    environ = {**dict(line.split("=", maxsplit=1) for line in keys), "ANCHANG_DATA": str(data)}
    assert copy.run("migrate", **environ).returncode == 0
    assert copy.run("sync-security", **environ).returncode == 0
    return environ


def refused(done: Done, *parts: str) -> None:
    """A clear Chinese sentence, a non-zero exit, no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("错误："), done.stderr
    assert "Traceback" not in done.stderr
    for part in parts:
        assert part in done.stderr


def test_a_second_demo_start_prepares_nothing_again(copy, demo_data):
    secrets = (demo_data / "secrets.json").read_text("utf-8")
    done = copy.run("demo", "--no-serve", "--data", str(demo_data))
    assert done.returncode == 0
    assert "装入演示数据" not in done.stdout
    assert (demo_data / "secrets.json").read_text("utf-8") == secrets


def test_demo_files_are_the_owners_only(demo_data):
    assert [path.name for path in demo_data.rglob("*") if path.stat().st_mode & 0o077] == []


def test_the_demo_serves_and_stops_cleanly(copy, demo_data, tmp_path):
    data = tmp_path / "data"  # its worker does what is due now, whatever the hour of the demo
    shutil.copytree(demo_data, data)
    port = free_port()
    program = [sys.executable, "-m", "app.commands", "demo", "--port", str(port), "--data", str(data)]
    server = subprocess.Popen(program, cwd=copy.folder, env=copy.environ, stdout=subprocess.PIPE, text=True)
    try:
        assert wait_for_health(port)["status"] == "ok"
        refused(copy.run("demo", "--port", str(port), "--data", str(data)), f"端口 {port} 已被占用", "--port")
    finally:
        server.send_signal(signal.SIGINT)
        told, _ = server.communicate(timeout=120)
    assert server.returncode == 0
    assert f"http://{HOST}:{port}" in told
    with socket.socket() as probe:
        assert probe.connect_ex((HOST, port)) != 0


def wait_for_health(port: int) -> dict[str, str]:
    until = time.monotonic() + 180
    while True:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=30) as answer:
                return json.load(answer)
        except OSError:
            assert time.monotonic() < until, "the demo did not start"
            time.sleep(0.1)


def test_a_broken_database_is_told_in_one_sentence(copy, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "anchang.db").write_bytes(b"this is no database at all" * 100)
    refused(copy.run("demo", "--no-serve", "--data", str(data)), "损坏", "--reset")
    assert (data / "anchang.db").read_bytes().startswith(b"this is no database")


def test_reset_starts_over_and_spares_folders_that_hold_no_demo(copy, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "precious.txt").write_text("x", "utf-8")
    refused(copy.run("demo", "--no-serve", "--reset", "--data", str(data)), "不会删除")
    assert (data / "precious.txt").exists()
    for name in ("secrets.json", "anchang.db", "anchang.db-wal", "demo-loaded"):
        (data / name).write_text("{}", "utf-8")
    reset(data)
    assert [path.name for path in data.iterdir()] == ["precious.txt"]
    reset(tmp_path / "not there yet")


def test_a_half_loaded_world_is_not_served(copy, demo_data, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(demo_data, data)
    (data / "demo-loaded").unlink()
    refused(copy.run("demo", "--no-serve", "--data", str(data)), "没有装完", "--reset")


def test_a_database_of_a_newer_program_is_refused(copy, demo_data, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(demo_data, data)
    with sqlite3.connect(data / "anchang.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    refused(copy.run("demo", "--no-serve", "--data", str(data)), "来自另一个版本", "./anchang demo --reset")


def test_the_same_mark_over_other_tables_is_another_program(copy, demo_data, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(demo_data, data)
    with sqlite3.connect(data / "anchang.db") as connection:
        connection.execute("DROP TABLE kept_form")
    refused(copy.run("demo", "--no-serve", "--data", str(data)), "来自另一个版本", "--reset")


def test_a_database_of_an_older_program_is_upgraded_with_its_data(copy, demo_data, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(demo_data, data)
    older = subprocess.run(
        [sys.executable, "-c", DOWN_TO_THE_FIRST],
        cwd=copy.folder, env={**copy.environ, "PYTHONPATH": str(copy.folder), "ANCHANG_DATA": str(data)},
        capture_output=True, text=True, timeout=LONGEST, check=False,
    )  # fmt: skip
    assert older.returncode == 0, older.stderr
    with sqlite3.connect(data / "anchang.db") as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchone() == ("26ce582b7581",)
        before = connection.execute("SELECT count(*), sum(version) FROM customer").fetchone()
    done = copy.run("demo", "--no-serve", "--data", str(data))
    assert done.returncode == 0, done.stderr
    assert "装入演示数据" not in done.stdout
    with sqlite3.connect(data / "anchang.db") as connection:
        assert connection.execute("SELECT count(*), sum(version) FROM customer").fetchone() == before
        assert connection.execute("SELECT count(*) FROM kept_form").fetchone() == (0,)


def test_models_and_migrations_say_the_same(copy):
    done = copy.run_here("migrate-message", "should not be needed")
    assert done.returncode == 0, done.stderr
    assert "没有改动" in done.stdout


def test_migrate_is_done_once(copy, production):
    assert "已是最新" in copy.run("migrate", **production).stdout


def test_secrets_are_needed(copy, tmp_path):
    refused(copy.run("migrate", ANCHANG_DATA=str(tmp_path)), "缺少密钥")


def test_serve_lists_everything_that_is_wrong(copy, demo_data):
    done = copy.run("serve", "--port", str(free_port()), ANCHANG_DATA=str(demo_data))
    refused(done, "演示密钥", "加密传输", "演示账号", "supervisor")


def test_serve_refuses_pending_migrations(copy, production, tmp_path):
    environ = {**production, "ANCHANG_DATA": str(tmp_path)}
    refused(copy.run("serve", "--behind-proxy", "--port", str(free_port()), **environ), "./anchang migrate")


def test_serve_refuses_a_newer_database(copy, production, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(production["ANCHANG_DATA"], data)
    with sqlite3.connect(data / "anchang.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    environ = {**production, "ANCHANG_DATA": str(data)}
    done = copy.run("serve", "--behind-proxy", "--port", str(free_port()), **environ)
    refused(done, "来自另一个版本的程序", "从备份恢复")
    refused(copy.run("migrate", **environ), "来自另一个版本的程序")


def test_serve_refuses_a_world_readable_database(copy, production):
    path = Path(production["ANCHANG_DATA"]) / "anchang.db"
    path.chmod(0o644)
    done = copy.run("serve", "--behind-proxy", "--port", str(free_port()), **production)
    path.chmod(0o600)
    refused(done, "chmod o-rwx")


def test_serve_refuses_a_known_secret(copy, production):
    environ = {**production, "ANCHANG_SECRET_KEY": "change-me"}
    refused(copy.run("serve", "--behind-proxy", "--port", str(free_port()), **environ), "ANCHANG_SECRET_KEY")


def test_a_good_site_is_served(copy, production):
    port = free_port()
    program = [sys.executable, "-m", "app.commands", "serve", "--behind-proxy", "--workers", "1", "--port", str(port)]
    server = subprocess.Popen(
        program, cwd=copy.folder, env={**copy.environ, **production}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert wait_for_health(port)["migrations"] == "current"
        with urllib.request.urlopen(f"http://{HOST}:{port}/login/", timeout=60) as page:
            assert page.headers["Set-Cookie"].startswith("__Host-anchang=")
            assert "Secure" in page.headers["Set-Cookie"]
            assert page.headers["Strict-Transport-Security"]
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=120)
    assert server.returncode == 0


def test_only_one_worker_runs(copy, production):
    program = [sys.executable, "-m", "app.commands", "worker"]
    first = subprocess.Popen(
        program, cwd=copy.folder, env={**copy.environ, **production}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert "后台进程已启动" in first.stdout.readline()
        lock = Path(production["ANCHANG_DATA"]) / "worker.lock"
        until = time.monotonic() + 120
        while not lock.exists():
            assert time.monotonic() < until
            time.sleep(0.05)
        refused(copy.run("worker", **production), "已有一个后台进程")
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=120)
    assert first.returncode == 0


def test_doctor_finds_a_broken_reference(copy, demo_data, tmp_path):
    assert copy.run("doctor", at=DEMO_AT, ANCHANG_DATA=str(demo_data)).returncode == 0
    data = tmp_path / "data"
    shutil.copytree(demo_data, data)
    with sqlite3.connect(data / "anchang.db") as connection:
        connection.execute("INSERT INTO ab_user_role (user_id, role_id) VALUES (987654, 987654)")
    done = copy.run("doctor", ANCHANG_DATA=str(data))
    assert done.returncode == 1
    assert "ab_user_role" in done.stdout


def test_doctor_finds_secrets_open_to_others(copy, demo_data, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(demo_data, data)
    (data / "secrets.json").chmod(0o644)
    done = copy.run("doctor", ANCHANG_DATA=str(data))
    assert done.returncode == 1
    assert "chmod 600" in done.stdout


def test_admin_and_password(copy, production):
    known = ("--name", "孔维", "--company", "安居房地产顾问有限公司")
    refused(copy.run("create-admin", "kong", *known, "--password", "short", **production), "密码")
    done = copy.run("create-admin", "kong", *known, "--password", PASSWORD, **production)
    assert done.returncode == 0, done.stderr
    refused(copy.run("create-admin", "kong", *known, "--password", PASSWORD, **production), "已存在")
    refused(copy.run("reset-password", "nobody", "--password", PASSWORD, **production), "没有账号")
    refused(copy.run("reset-password", "kong", "--password", "x-kong-x-K1-K2", **production), "账号")
    assert copy.run("reset-password", "kong", "--password", f"{PASSWORD}!9Q", **production).returncode == 0


def test_new_keys_are_different_and_usable(copy):
    first, second = copy.run("new-keys").stdout, copy.run("new-keys").stdout
    assert first != second
    fields = dict(line.split("=", maxsplit=1) for line in first.splitlines())
    Fernet(fields["ANCHANG_FIELD_KEYS"])


def test_the_check_itself_answers_when_they_do():
    """In a process of its own: another app beside the one of the tests would take over its screens."""
    asked = "from app.commands.check import migrations_in_sync; migrations_in_sync()"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
