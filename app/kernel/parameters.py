"""The numbers that differ between sites, for the kernel's own pages; `organisation` keeps them and registers the reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

Reader = Callable[[Session, int | None, str], Any]
_reader: list[Reader] = []


def register_parameters(reader: Reader) -> None:
    """Called once by the organisation feature."""
    _reader[:] = [reader]


def site_parameter(session: Session, project_id: int | None, key: str) -> Any:
    """The typed value in force today for a project (None = for all). Raises KeyError for no such key."""
    return _reader[0](session, project_id, key)
