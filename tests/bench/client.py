"""A test client whose requests know nothing of the test around them."""

from __future__ import annotations

from contextvars import Context
from typing import Any

from flask import has_app_context
from flask_login import FlaskLoginClient


class SeparateClient(FlaskLoginClient):
    """Runs each request in an empty context, as a server does.

    Flask would reuse the test's app context and with it `g`, the session and the person who signed in before.
    The test's own session must be committed before; afterwards it reads afresh.
    """

    def open(self, *arguments: Any, **options: Any) -> Any:
        from app.extensions import db

        if has_app_context():
            assert not (db.session.new or db.session.dirty or db.session.deleted), "commit before the request"
            db.session.rollback()
        options.setdefault("buffered", True)  # reads the answer to its end and closes what it came from
        return Context().run(super().open, *arguments, **options)
