"""Rules whose builders are compiled late build the same addresses, and none is compiled before one asks."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from app.kernel.routes import LateRule

ASKED = [
    ("plain", {}, "/plain"),
    ("show", {"pk": 7}, "/unit/show/7"),
    ("show", {"pk": 7, "tab": "甲"}, "/unit/show/7?tab=%E7%94%B2"),
    ("page", {"rule": "a b", "path": "c/d"}, "/page/a%20b/c/d"),
    ("first", {"page": 1}, "/list/"),
]


def addresses(kind: type[Rule]) -> Map:
    return Map([
        kind("/plain", endpoint="plain"), kind("/unit/show/<int:pk>", endpoint="show"),
        kind("/page/<rule>/<path:path>", endpoint="page"), kind("/list/", endpoint="first", defaults={"page": 1}),
    ])  # fmt: skip


@pytest.mark.parametrize(("endpoint", "values", "address"), ASKED)
def test_addresses_are_those_of_the_framework(endpoint, values, address):
    for kind in (Rule, LateRule):
        assert addresses(kind).bind("site").build(endpoint, values) == address


def test_no_builder_is_compiled_before_one_asks(monkeypatch):
    compiled = []
    plain = Rule._compile_builder
    monkeypatch.setattr(Rule, "_compile_builder", lambda rule, unknown: compiled.append(rule) or plain(rule, unknown))
    site = addresses(LateRule).bind("site")
    assert site.match("/unit/show/7") == ("show", {"pk": 7})
    assert compiled == []
    assert [site.build("show", {"pk": n}) for n in (1, 2)] == ["/unit/show/1", "/unit/show/2"]
    assert len(compiled) == 1


def test_the_site_uses_them(app: Flask):
    assert app.url_rule_class is LateRule
