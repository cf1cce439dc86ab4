"""Word and PDF of a printed paper, each made in a child process with bounds; never inside a write transaction."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.kernel.errors import RuleError
from app.kernel.papers.definition import Definition, Values
from app.kernel.papers.kinds import NONE, PrintedKind

SECONDS = 40
MOST_TEXT = 5000  # characters of one value
FONTS = "pylopdf_fonts_zh_cn"  # Noto Sans SC and Noto Serif SC, OFL
PARAGRAPH = (
    "\a"  # docxtpl ends a paragraph here: the next is indented like the first; behind a line break it would not be
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_REFUSALS = {
    "broken": "这不是能用的 Word 文件（.docx），请另存为 .docx 再传",
    "syntax": "模板里的占位标记写得不对，Word 说明：{text}。请检查大括号是否成对",
    "unknown": "模板里的「{text}」不是这种文书的占位词，请对照占位词表修改",
    "list": "模板里的循环「{text}」不是这种文书的清单，请对照占位词表修改",
    "forbidden": "模板里只能写占位词、清单循环和条件，不能写「{text}」这样的公式或函数",
    "fonts": "这台服务器上没有中文字体，不能生成 PDF；请管理员安装依赖 pylopdf-fonts-zh-cn 或系统字体 fonts-noto-cjk",
}


def _child(script: str, *arguments: str, order: dict[str, Any], data: bytes = b"") -> tuple[dict[str, Any], bytes]:
    """Facts and file that the child made. Raises RuleError (field «file») when it refused or was stopped."""
    command = [sys.executable, "-I", str(Path(__file__).with_name(script)), *arguments]
    sent = json.dumps(order).encode() + b"\n" + data
    try:
        done = subprocess.run(command, input=sent, capture_output=True, timeout=SECONDS, check=False, env={})  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise RuleError("生成文书用时过长，已停止；请精简模板后再试", field="file") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace")[-2000:]
        raise RuleError("文书没有生成，模板太大或太复杂；请精简后再试", field="file") from RuntimeError(said)
    line, _end, made = done.stdout.partition(b"\n")
    facts = json.loads(line)
    if "refused" in facts:
        raise RuleError(_REFUSALS[facts.pop("refused")], field="file", **facts)
    return facts, made


@lru_cache(maxsize=64)
def shipped_word(definition: Path, blocks: str) -> bytes:
    """The template that we ship, as .docx. definition, blocks: what it is made of (the key of the cache)."""
    return _child("word_child.py", "shipped", order={"blocks": json.loads(blocks)})[1]


def shipped_template(kind: PrintedKind) -> bytes:
    """The shipped template of a kind."""
    return shipped_word(kind.sheet, json.dumps(kind.definition.blocks))


def check_template(kind: PrintedKind, data: bytes, judge: Callable[[str], None] | None = None) -> list[str]:
    """Codes of what a template has that only Word can show. judge reads its whole text. Raises RuleError naming what it may not say."""
    names = [one.name for one in kind.definition.placeholders]
    facts, _made = _child("word_child.py", "check", order={"names": names, "lists": kind.lists}, data=data)
    if judge is not None:
        judge(facts["text"])
    return list(facts["only_word"])


def filled_word(kind: PrintedKind, template: bytes, values: Values) -> bytes:
    """The template with its values."""
    order = {"values": cleaned(kind.definition, values), "lists": kind.lists}
    return _child("word_child.py", "fill", order=order, data=template)[1]


def pdf_of(word: bytes, title: str, foot: str) -> bytes:
    """A filled Word file as PDF."""
    order = {"title": _plain(title), "foot": _plain(foot)}
    return _child("sheet_child.py", *font_folders(), order=order, data=word)[1]


def font_folders() -> list[str]:
    """Where the shipped fonts lie; empty when the package is not installed, then the system's are taken."""
    found = importlib.util.find_spec(FONTS)
    return [str(Path(found.origin).parent)] if found is not None and found.origin else []


def cleaned(definition: Definition, values: Values) -> Values:
    """Every placeholder with a text that XML and paper can carry. Raises KeyError when a kind does not tell one."""
    ready: Values = {}
    for one in definition.placeholders:
        value = values[one.name]
        if isinstance(value, str):
            ready[one.name] = _plain(value).replace("\n", PARAGRAPH)
        else:
            rows = [{column: _plain(row[column]) for column in one.columns} for row in value]
            ready[one.name] = rows or [dict.fromkeys(one.columns, NONE)]  # no table is left with its head alone
    return ready


def _plain(text: str) -> str:
    return _CONTROL.sub("", text)[:MOST_TEXT]
