"""What the framework works out for every view when it starts and the product never asks for: left out (04 F10)."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_appbuilder.models.filters import BaseFilterConverter
from flask_appbuilder.models.sqla.interface import SQLAInterface


class _NoFilters(BaseFilterConverter):
    def convert(self, _col_name: str) -> None:
        """None for any column: lists filter by screens/selection.py."""


class PlainInterface(SQLAInterface):
    """The framework's way to a model without its own filters, which would be some five for each column of each model."""

    filter_converter_class = _NoFilters


_methods: dict[type[Any], list[str]] = {}


def methods_of(view: object) -> list[str]:
    """Names of the methods of a view: the framework looks four times through all that dir() tells for marked ones."""
    kind = type(view)
    if kind not in _methods:
        _methods[kind] = [name for name in dir(kind) if callable(getattr(kind, name, None))]
    return _methods[kind]


@contextmanager
def collected_later() -> Iterator[None]:
    """What is made here lives as long as the process: the collector does not look through it a thousand times while it grows,
    and never again afterwards (a full collection of it costs as much as ten pages)."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if before:
            gc.enable()
