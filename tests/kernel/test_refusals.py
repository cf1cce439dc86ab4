"""Every refusal is a page in plain Chinese that keeps what was typed: 04 R9, S14."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError, StatementError

from app.kernel.errors import Forbidden, NotFound, RuleError, StaleError
from tests.cast import Cast

READ = "/notices/read"


@pytest.fixture
def failing(app: Flask, cast: Cast, client_as: Callable[[str], FlaskClient]) -> Iterator[Callable[..., Any]]:
    """failing(error, …) → the answer of a page that raises it; the real view is put back afterwards."""
    endpoint, client = "NoticesView.read", client_as("clerk")
    real = app.view_functions[endpoint]

    def ask(error: Exception, **headers: str) -> Any:
        def fail(**_arguments: Any) -> Any:
            raise error

        app.view_functions[endpoint] = fail
        return client.post(
            READ,
            data={"opinion": "老业主介绍，请批", "password": "geheim", "_key": "k", "csrf_token": "t"},
            headers=headers,
        )

    yield ask
    app.view_functions[endpoint] = real


def broken(words: str) -> OperationalError:
    return OperationalError("SELECT secret FROM place", {}, sqlite3.OperationalError(words))


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (RuleError("{unit} 已由 {name} 销控", unit="3栋1102", name="何涛"), 422, "3栋1102 已由 何涛 销控"),
        (StaleError("「认购书」刚被修改"), 409, "「认购书」刚被修改"),
        (NotFound("unit"), 404, "不在你的范围内"),
        (Forbidden("unit"), 403, "你的岗位不能"),
        (broken("database or disk is full"), 507, "磁盘已满"),
        (broken("unable to open database file"), 503, "数据库暂时连不上"),
        (broken("attempt to write a readonly database"), 503, "数据库暂时连不上"),
        (OSError(28, "No space left on device"), 507, "磁盘已满"),
        (OSError(30, "Read-only file system"), 503, "暂时"),
    ],
)
def test_each_refusal_says_what_happened_and_keeps_what_was_typed(
    failing: Any, error: Exception, code: int, says: str
) -> None:
    answer = failing(error)
    text = answer.get_data(as_text=True)
    assert answer.status_code == code
    assert says in text
    assert "老业主介绍，请批" in text
    for secret in ("geheim", "SELECT", "sqlite", "Traceback", "Werkzeug", "Errno"):
        assert secret not in text
    assert answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_script_gets_the_same_sentence(failing: Any) -> None:
    answer = failing(StaleError("「认购书」刚被修改"), Accept="application/json")
    assert (answer.status_code, answer.json) == (409, {"message": "「认购书」刚被修改"})


def test_our_own_mistakes_are_not_hidden_behind_a_503(failing: Any) -> None:
    with pytest.raises(OperationalError):
        failing(broken("no such column: x"))
    with pytest.raises(StatementError):
        failing(StatementError("bad", "x", None, ValueError()))


def test_a_fault_of_ours_is_a_plain_500_in_production(
    app: Flask, failing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = failing(ValueError("inner words"))
    assert answer.status_code == 500
    assert "系统出错了" in answer.get_data(as_text=True)
    assert "inner words" not in answer.get_data(as_text=True)


def test_words_of_a_rule_cannot_become_markup(failing: Any) -> None:
    text = failing(RuleError("{name} 不对", name="<img src=x onerror=alert(1)>")).get_data(as_text=True)
    assert "<img src=x" not in text


def test_methods_and_addresses_that_do_not_exist(client_as: Callable[[str], FlaskClient]) -> None:
    client = client_as("clerk")
    assert client.get(READ).status_code == 405
    assert "按钮提交" in client.get(READ).get_data(as_text=True)
    assert "没有找到" in client.get("/nowhere").get_data(as_text=True)
    assert client.get("/notices/9999999999999999999").status_code == 404
    assert client.get("/notices?page=abc").status_code == 200
    assert client.get("/notices?page=-1").status_code == 200


def test_an_anonymous_request_for_nowhere_is_not_an_error_page_with_a_menu(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "主菜单" not in answer.get_data(as_text=True)


@pytest.mark.csrf
def test_an_expired_token_gives_back_what_was_typed(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    client = app.test_client()
    client.post("/login/", data={"username": "clerk", "password": "anchang-demo"})
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = client.post(READ, data={"opinion": "写了很久的意见", "csrf_token": "old"})
    assert answer.status_code == 400
    assert "已过期" in answer.get_data(as_text=True)
    assert "写了很久的意见" in answer.get_data(as_text=True)


def test_a_stale_page_leads_to_what_has_become_of_it(failing: Any) -> None:
    """The page that posted to itself was no way back; «step 49» is nobody's typing."""
    page = failing(StaleError("刚被修改"), Referer="http://localhost/notices/read").get_data(as_text=True)
    assert 'href="/notices/read">看最新的内容' in page
    assert "其他内容" not in page
    assert "老业主介绍" in page
