"""A production start refuses what would make it unsafe (04 S14)."""

from __future__ import annotations

import secrets

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine

from app.kernel.transactions import wire
from app.startup import database_refusals, settings_refusals


def good() -> dict[str, object]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "INDEX_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": [Fernet.generate_key().decode()],
        "BEHIND_PROXY": True,
    }


def test_a_good_setting_is_accepted():
    assert settings_refusals(good(), tls=False, stored_secrets=False) == []
    assert settings_refusals({**good(), "BEHIND_PROXY": False}, tls=True, stored_secrets=False) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "ANCHANG_SECRET_KEY 缺失或太短"),
        ({"SECRET_KEY": "short"}, "ANCHANG_SECRET_KEY 缺失或太短"),
        ({"SECRET_KEY": "change-me-please-0123456789-abcdefgh"}, "容易猜到"),
        ({"INDEX_KEY": "a" * 64}, "ANCHANG_INDEX_KEY 是示例"),
        ({"FIELD_KEYS": []}, "FIELD_KEYS 格式不对"),
        ({"FIELD_KEYS": ["not a key"]}, "FIELD_KEYS 格式不对"),
        ({"DEBUG": True}, "调试"),
        ({"TESTING": True}, "调试"),
        ({"BEHIND_PROXY": False}, "加密传输"),
    ],
)
def test_each_fault_has_its_sentence(change, sentence):
    found = settings_refusals({**good(), **change}, tls=False, stored_secrets=False)
    assert len(found) == 1
    assert sentence in found[0]


def test_secrets_of_a_demo_are_refused():
    assert "演示密钥" in settings_refusals(good(), tls=True, stored_secrets=True)[0]


def test_a_database_file_open_to_others_is_refused(tmp_path):
    path = tmp_path / "a.db"
    engine = create_engine(f"sqlite:///{path}")
    wire(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        connection.commit()
    for file in tmp_path.iterdir():
        file.chmod(0o600)
    assert database_refusals(engine) == []
    path.chmod(0o644)
    assert "chmod o-rwx" in database_refusals(engine)[0]
    engine.dispose()


def test_a_database_that_cannot_use_wal_is_refused(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    (tmp_path / "a.db").chmod(0o600)
    assert any("WAL" in sentence for sentence in database_refusals(engine))
    engine.dispose()
