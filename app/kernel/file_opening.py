"""Opening an uploaded file: always in a child process with bounds on memory and time (kernel/file_child.py)."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.kernel import file_child
from app.kernel.errors import RuleError

SECONDS = 30
_REFUSALS = {
    "password": "「{name}」设有打开密码，这里打不开；请下载后用密码打开，或上传没有密码的版本",
    "broken": "「{name}」的内容和扩展名不符，或文件已损坏",
    "heavy": "「{name}」的内容太大或太复杂，这里打不开，请下载后打开",
    "pixels": "「{name}」超过 4000 万像素，请缩小后再传",
    "page": "「{name}」没有这一页",
}
_TEXT = {
    "application/pdf": "pdf_text",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word_text",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "sheet_text",
    "application/vnd.ms-excel": "sheet_text", "text/plain": "plain_text", "text/csv": "plain_text",
}  # fmt: skip


@dataclass(frozen=True)
class FileText:
    """text: at most 200,000 characters; cut: there was more; pages of a PDF, else 0."""

    text: str
    pages: int = 0
    cut: bool = False


def open_in_child(operation: str, *arguments: str, data: bytes, name: str) -> tuple[dict[str, Any], list[bytes]]:
    """What the operation of the child says of the file, and the parts that it made.

    Raises RuleError (field «file») naming the file, for everything that is locked, broken or beyond the bounds.
    """
    command = [sys.executable, "-I", str(Path(file_child.__file__)), operation, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - fixed command, the upload is only its input
            command, input=data, capture_output=True, timeout=SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise _refused("heavy", name) from error
    if done.returncode != 0:
        raise _refused("heavy", name)
    line, _mark, body = done.stdout.partition(b"\n")
    facts = json.loads(line)
    if "refused" in facts:
        raise _refused(facts["refused"], name)
    parts, at = list[bytes](), 0
    for size in facts.pop("sizes"):
        parts.append(body[at : at + size])
        at += size
    return facts, parts


def _refused(code: str, name: str) -> RuleError:
    return RuleError(_REFUSALS[code], field="file", name=name)


def text_of(name: str, mime: str, data: bytes) -> FileText | None:
    """The text inside a file; None for kinds that have none (pictures, old Word files). Raises RuleError as above."""
    operation = _TEXT.get(mime)
    if operation is None:
        return None
    facts, parts = open_in_child(operation, data=data, name=name)
    return FileText(parts[0].decode("utf-8"), facts.get("pages", 0), facts["cut"])
