"""What is left out or put off at the start changes nothing that is asked for later (04 F10)."""

from __future__ import annotations

import gc

import pytest
from flask import Flask
from werkzeug.routing import BuildError, Map, Rule

from app.kernel.quick_start import LateRule, collected_later
from app.kernel.screens.view import VIEWS

PATHS = ("/", "/customer/show/<int:pk>", "/档案/<path:name>", "/x/<int(min=2):n>/y")
MARKS = ("_urls", "_permission_name", "_action", "_extra", "_limit", "_before_request_hook")


def test_addresses_are_those_of_the_frameworks_routes() -> None:
    late, stock = (
        Map([kind(path, endpoint=path, defaults={"n": 3} if "<int(" in path else None) for path in PATHS]).bind("site")
        for kind in (LateRule, Rule)
    )
    asked = (
        {},
        {"pk": 7},
        {"pk": 7, "q": "王 伟&"},
        {"name": "一/二?"},
        {"name": "a", "at": ["1", "2"]},
        {"n": 3},
        {"n": 5},
        {"pk": "x"},
    )
    answers = []
    for adapter in (late, stock, late):  # the second time the builders are there already
        told = []
        for path in PATHS:
            for values in asked:
                try:
                    told.append(adapter.build(path, dict(values)))
                except (BuildError, ValueError) as error:
                    told.append(type(error).__name__)
        answers.append(told)
    assert answers[0] == answers[1] == answers[2]
    assert "/customer/show/7?q=%E7%8E%8B+%E4%BC%9F%26" in answers[0]


def test_every_marked_method_of_a_view_is_found(app: Flask) -> None:
    assert {type(rule) for rule in app.url_map.iter_rules() if rule.endpoint != "static"} == {LateRule}
    for view in VIEWS.values():
        everything = {name: getattr(type(view), name, None) for name in object.__dir__(view)}
        marked = {
            name
            for name, found in everything.items()
            if any(hasattr(found, mark) for mark in MARKS) and callable(found)
        }
        assert "list" in marked
        assert marked <= set(dir(view))
        assert not view._filters.get_search_filters(), "the framework's own filters are an oracle over hidden columns"


def test_the_collector_works_again_after_the_start() -> None:
    assert gc.isenabled()
    with collected_later():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collected_later():
        raise ZeroDivisionError
    assert gc.isenabled()
