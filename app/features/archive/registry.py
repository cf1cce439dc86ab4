"""What later rooms tell the archive: whose attachments may be filed into a household."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.features.archive.folders.models import Folder

Sources = Callable[[Session, Folder], list[Any]]
SOURCES: list[Sources] = []


def add_sources(sources: Sources) -> None:
    """Records of the household (its order, contracts, changes …) within the reader's rows, whose files are offered."""
    if sources not in SOURCES:
        SOURCES.append(sources)
