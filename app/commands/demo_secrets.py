"""The secrets of a demo instance: made once, readable by their owner only."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from config import SECRETS_FILE


def ensure_demo_secrets(data: Path) -> Path:
    """Writes secrets.json (0600) unless it is there; a half-written file never appears. Returns its path."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data / SECRETS_FILE
    if path.exists():
        return path
    made = {
        "DEMO": True,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": [Fernet.generate_key().decode()],
        "INDEX_KEY": secrets.token_urlsafe(48),
    }
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(made, file, indent=1)
    draft.replace(path)
    return path
