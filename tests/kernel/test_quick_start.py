"""What is left out at the start changes nothing that is asked for later (04 F10)."""

from __future__ import annotations

import gc

import pytest
from flask import Flask

from app.kernel.quick_start import collected_later
from app.kernel.screens.view import VIEWS

MARKS = ("_urls", "_permission_name", "_action", "_extra", "_limit", "_before_request_hook")


def test_every_marked_method_of_a_view_is_found(app: Flask) -> None:
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
