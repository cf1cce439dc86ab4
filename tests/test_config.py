"""Settings from the environment: what follows from what, and what is refused."""

from __future__ import annotations

import json

import pytest
from cryptography.fernet import Fernet

from app.commands.demo_secrets import ensure_demo_secrets
from app.kernel.errors import RuleError
from config import settings

KEYS = {"ANCHANG_SECRET_KEY": "s" * 40, "ANCHANG_INDEX_KEY": "i" * 40, "ANCHANG_FIELD_KEYS": "new, old"}


def test_defaults_follow_the_data_folder(tmp_path):
    found = settings({**KEYS, "ANCHANG_DATA": str(tmp_path)})
    assert found["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/anchang.db"
    assert found["UPLOAD_FOLDER"] == f"{tmp_path}/files"
    assert found["FIELD_KEYS"] == ["new", "old"]
    assert found["TIMEZONE"] == "Asia/Shanghai"
    assert found["TRUSTED_HOSTS"] == ["127.0.0.1", "localhost"]
    assert found["SESSION_COOKIE_NAME"] == "anchang"
    assert found["SESSION_COOKIE_SECURE"] is False


def test_production_hardens_the_cookie(tmp_path):
    found = settings({**KEYS, "ANCHANG_DATA": str(tmp_path), "ANCHANG_PRODUCTION": "1", "ANCHANG_HOSTS": "a.cn, b.cn"})
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["TRUSTED_HOSTS"] == found["FAB_SAFE_REDIRECT_HOSTS"] == ["a.cn", "b.cn"]


def test_overrides_win_and_what_derives_follows(tmp_path):
    found = settings(KEYS, {"DATA_DIR": str(tmp_path / "x"), "SECRET_KEY": "mine", "APP_NAME": "试"})
    assert found["UPLOAD_FOLDER"] == f"{tmp_path}/x/files"
    assert (found["SECRET_KEY"], found["APP_NAME"]) == ("mine", "试")


def test_another_database_is_pinged_before_use(tmp_path):
    found = settings({**KEYS, "ANCHANG_DATA": str(tmp_path), "ANCHANG_DATABASE_URL": "postgresql+psycopg://u@h/d"})
    assert found["SQLALCHEMY_ENGINE_OPTIONS"]["pool_pre_ping"] is True


@pytest.mark.parametrize("name", sorted(KEYS))
def test_each_missing_secret_is_named(tmp_path, name):
    environ = {key: value for key, value in KEYS.items() if key != name}
    with pytest.raises(RuleError, match=name):
        settings({**environ, "ANCHANG_DATA": str(tmp_path)})


def test_demo_secrets_are_made_once_for_their_owner_only(tmp_path):
    path = ensure_demo_secrets(tmp_path / "data")
    first = path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert ensure_demo_secrets(tmp_path / "data").read_text("utf-8") == first
    stored = json.loads(first)
    Fernet(stored["FIELD_KEYS"][0])
    found = settings({"ANCHANG_DATA": str(path.parent)})
    assert found["SECRET_KEY"] == stored["SECRET_KEY"]
    assert settings({**KEYS, "ANCHANG_DATA": str(path.parent)})["SECRET_KEY"] == KEYS["ANCHANG_SECRET_KEY"]


def test_a_damaged_secrets_file_is_told(tmp_path):
    (tmp_path / "secrets.json").write_text("{half", "utf-8")
    with pytest.raises(RuleError, match="无法读取"):
        settings({"ANCHANG_DATA": str(tmp_path)})
