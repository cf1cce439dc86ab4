"""Where an upload waits between its three pages: beside the database, one owner, gone after a day."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from app.kernel.errors import NotFound

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """A waiting file: token in the address, owner and project, and what the person chose so far.

    paper: what it is brought in for; source: whose table it is. columns: sheet → {column index as text: field key}; layouts: sheet →
    layout; expected: sums as typed (both of price tables only). skip_hidden: rows that the file hides are not read.
    """

    token: str
    person_id: int
    project_id: int
    name: str
    digest: str
    paper: str = "unit"
    source: str = ""
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    layouts: dict[str, str] = field(default_factory=dict)
    expected: dict[str, str] = field(default_factory=dict)
    skip_hidden: bool = False


def keep(folder: Path, person_id: int, project_id: int, name: str, data: bytes, **about: str) -> Upload:
    """Store an upload and drop those that were forgotten; about: paper, source."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(folder)
    digest = hashlib.sha256(data).hexdigest()
    upload = Upload(secrets.token_hex(16), person_id, project_id, name[:200], digest, **about)  # type: ignore[arg-type]
    _data_path(folder, upload.token).write_bytes(data)
    remember(folder, upload)
    return upload


def remember(folder: Path, upload: Upload, **choices: object) -> Upload:
    """Store what the person chose."""
    chosen = replace(upload, **choices)  # type: ignore[arg-type]
    target = folder / f"{upload.token}.json"
    part = target.with_suffix(".part")
    part.write_text(json.dumps(asdict(chosen), ensure_ascii=False), "utf-8")
    part.replace(target)
    return chosen


def find(folder: Path, token: str, person_id: int) -> tuple[Upload, bytes]:
    """The upload and its bytes. Raises NotFound for a foreign, unknown or forgotten one."""
    if not _TOKEN.fullmatch(token):
        raise NotFound("upload")
    try:
        upload = Upload(**json.loads((folder / f"{token}.json").read_text("utf-8")))
        data = _data_path(folder, token).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("upload") from error
    if upload.person_id != person_id:
        raise NotFound("upload")
    return upload, data


def drop(folder: Path, token: str) -> None:
    """Forget an upload that was imported."""
    for path in (folder / f"{token}.json", _data_path(folder, token)):
        path.unlink(missing_ok=True)


def _data_path(folder: Path, token: str) -> Path:
    return folder / f"{token}.table"


def _forget_old(folder: Path) -> None:
    limit = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
