"""An empty site in a folder that is thrown away: for comparing models with migrations without touching real data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import create_app
from app.commands.demo_secrets import ensure_demo_secrets
from app.commands.schema_versions import upgrade


@contextmanager
def scratch_site() -> Iterator[None]:
    """An app context on a new SQLite database at the newest migration."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ensure_demo_secrets(folder)
        app = create_app({"DATA_DIR": name, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'scratch.db'}"})
        with app.app_context():
            upgrade()
            yield
