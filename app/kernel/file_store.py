"""Where uploaded files lie: by content hash, written so that a name never points at half a file (04 §2.3 «Uploads»)."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


class FileStore:
    """One folder. Names are SHA-256 of the content: nothing is ever overwritten, the same content is kept once."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def path(self, sha256: str) -> Path:
        """Where a content lies. Raises ValueError for anything that is no hash."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a hash")
        return self.folder / sha256[:2] / sha256

    def keep(self, data: bytes) -> str:
        """Write to a temporary name, flush to disk, rename, flush the folder; returns the hash. Raises OSError when the disk refuses."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if target.exists():
            os.utime(target)  # in use again: whoever erases given-up contents leaves young ones alone
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, name = tempfile.mkstemp(prefix=".new-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return sha256

    def erase(self, sha256: str, *, unused_since: float) -> bool:
        """Take a content away for good unless it was kept anew after that moment (a time stamp); True when it is gone."""
        path = self.path(sha256)
        if path.is_file() and path.stat().st_mtime > unused_since:
            return False
        path.unlink(missing_ok=True)
        return True

    def is_whole(self, sha256: str) -> bool:
        """Whether the content is there and still is what it was."""
        path = self.path(sha256)
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256

    def every(self) -> Iterator[str]:
        """The hashes of all contents that lie here."""
        for path in sorted(self.folder.glob("??/*")):
            if not path.name.startswith("."):
                yield path.name
