"""A pytest plugin: the site with one more room, whose table comes from a migration written on the spot (step 1 and 9)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import app
import app.registry
from config import ROOT
from tests.developers import key_loans

MIGRATIONS = Path(os.environ["ROOM_MIGRATIONS"])  # a folder of this run


def pytest_configure() -> None:
    """Before any app is made: one line in FEATURES, and the migrations in a copy that may grow."""
    shutil.copytree(ROOT / "migrations", MIGRATIONS)
    app.registry.FEATURES = (*app.registry.FEATURES, key_loans)
    plain = app.create_app

    def with_room(overrides: Any = None) -> Any:
        site = plain(overrides)
        site.config["MIGRATIONS"] = MIGRATIONS
        with site.app_context():
            _write_migration()
        return site

    app.create_app = with_room


def _write_migration() -> None:
    from app.commands.schema_versions import upgrade, write_next

    upgrade()
    write_next("key_loans: 钥匙借用单")
