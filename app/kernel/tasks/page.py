"""A task that shows what a page would show stands where the page stood: its address, its project, its language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from flask import session as cookie

from app.kernel.sessions import PROJECT


@contextmanager
def as_on_page(address: str, project_id: int | None, locale: str = "") -> Iterator[None]:
    """Inside, the screens read this address and project; who acts is set by the worker."""
    with current_app.test_request_context(address):
        cookie[PROJECT] = project_id
        if locale:
            cookie["locale"] = locale
        yield
