"""What is shown of a file without opening it: thumbnails, pages of a PDF, drawn once and kept beside the store.

Everything here can be drawn again: no backup needs it, what nobody looked at for thirty days goes. It is reached only through
the record of the file (kernel/pages/file_views.py).
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound, RuleError
from app.kernel.file_child import PAGE_WIDTH
from app.kernel.file_opening import open_in_child
from app.kernel.jobs import every

PDF = "application/pdf"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})
MOST_PAGES = 500
KEPT_SECONDS = 30 * 86400
THUMB = "thumb.jpg"
log = logging.getLogger(__name__)


def folder() -> Path:
    """The folder of this site, beside that of the files."""
    return Path(current_app.config["UPLOAD_FOLDER"]).with_name("previews")


def _place(sha256: str, name: str) -> Path:
    return folder() / sha256[:2] / sha256 / name


def found(sha256: str, name: str) -> bytes | None:
    """What was kept under this name for a content; None when it must be drawn (again)."""
    path = _place(sha256, name)
    try:
        kept = path.read_bytes()
        os.utime(path.parent)  # looked at: not to be dropped
    except FileNotFoundError:
        return None
    return kept


def put(sha256: str, name: str, data: bytes) -> None:
    """Keep what was drawn. A disk that refuses costs only drawing it again."""
    path = _place(sha256, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, part = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(part, path)
    except OSError as error:
        log.warning("preview not kept: %s", error)


def drop(sha256: str) -> None:
    """Nothing is to be seen of this content any more."""
    shutil.rmtree(_place(sha256, ""), ignore_errors=True)


def thumb_of(row: Any, content: Callable[[], bytes]) -> bytes:
    """A small JPEG of a picture or of the first page of a PDF. Raises NotFound when there is none."""
    kept = found(row.sha256, THUMB)
    if kept is not None:
        return kept
    try:
        if row.mime == PDF:
            _facts, (page,) = open_in_child("page", "1", str(PAGE_WIDTH // 2), data=content(), name=row.name)
            _facts, (kept,) = open_in_child("thumb", data=page, name=row.name)
        elif row.mime in PICTURES:
            _facts, (kept,) = open_in_child("thumb", data=content(), name=row.name)
        else:
            raise NotFound("thumbnail")
    except RuleError as refusal:
        raise NotFound("thumbnail") from refusal
    put(row.sha256, THUMB, kept)
    return kept


def pages_of(row: Any, content: bytes) -> int:
    """How many pages a PDF has. Raises RuleError with the reason why it cannot be shown."""
    kept = found(row.sha256, "pages.json")
    if kept is None:
        facts, _parts = open_in_child("pdf", data=content, name=row.name)
        kept = json.dumps(facts["pages"]).encode()
        put(row.sha256, "pages.json", kept)
    return int(kept)


def page_of(row: Any, content: bytes, number: int) -> bytes:
    """One page of a PDF as PNG, counted from 1. Raises NotFound beyond the pages shown, RuleError with the reason."""
    if not 1 <= number <= MOST_PAGES:
        raise NotFound("page")
    kept = found(row.sha256, f"page-{number}.png")
    if kept is None:
        _facts, (kept,) = open_in_child("page", str(number), str(PAGE_WIDTH), data=content, name=row.name)
        put(row.sha256, f"page-{number}.png", kept)
    return kept


@every(seconds=3600, name="old_previews")
def drop_old(_session: Session) -> int:
    """What nobody looked at for thirty days; returns of how many contents."""
    before = time.time() - KEPT_SECONDS
    old = [path for path in folder().glob("??/*") if path.stat().st_mtime < before]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
