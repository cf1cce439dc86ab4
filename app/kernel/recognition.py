"""Text of scans and photos by machine (optional extra «ocr»): a task, one at a time; what comes of it is a suggestion."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.kernel import ocr_child
from app.kernel.actors import Actor
from app.kernel.attachments import Attachment, content_of, may_attach, owner_of, visible
from app.kernel.checkups import add_remark
from app.kernel.errors import RuleError
from app.kernel.file_opening import open_in_child
from app.kernel.file_previews import PDF, PICTURES, pages_of
from app.kernel.file_texts import TextState, suggest, words_of_file
from app.kernel.tasks.asking import ask_for
from app.kernel.tasks.records import Outcome, Task
from app.kernel.tasks.running import Run, task_kind
from app.kernel.transactions import AnySession, write

KIND = "recognise"
MOST_PAGES = 20  # pages of one scan; the button says so
DOTS = 1654  # width of a page: A4 at 200 dpi
SECONDS = 900
Engine = Callable[[list[bytes]], list[str]]  # pictures → the text of each


def engine() -> Engine | None:
    """What recognises text on this site; None without the extra."""
    return _in_child if importlib.util.find_spec("rapidocr") is not None else None


def _in_child(pictures: list[bytes]) -> list[str]:
    command = [sys.executable, "-I", str(Path(ocr_child.__file__))]
    sent = b"".join(len(one).to_bytes(8, "big") + one for one in pictures)
    try:
        done = subprocess.run(  # noqa: S603 - fixed command, the pictures are only its input
            command, input=sent, capture_output=True, timeout=SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise RuleError("识别超过 {n} 分钟还没有完成，已停止；请拆成页数少的文件再试", n=SECONDS // 60) from error
    if done.returncode != 0:
        raise RuleError("这份文件识别不了，请换一份清楚的扫描件再试")
    return [str(text) for text in json.loads(done.stdout)]


def may_recognise(session: AnySession, actor: Actor, row: Attachment) -> bool:
    """Whether the button stands on the page: a picture or a PDF without text, an engine, a post that may add files."""
    if row.mime not in PICTURES | {PDF} or engine() is None:
        return False
    words = words_of_file(session, row.id)
    if words is None or words.state not in (TextState.EMPTY, TextState.DISMISSED):
        return False
    return may_confirm(session, actor, row)


def may_confirm(session: AnySession, actor: Actor, row: Attachment) -> bool:
    """Who may add files to the record may confirm what a machine read on one of them."""
    return may_attach(actor, owner_of(session, actor, row.owner_table, row.owner_id))  # type: ignore[arg-type]


def ask_to_recognise(session: AnySession, actor: Actor, row: Attachment) -> Task:
    """Queue it for this person (inside a write transaction). Raises RuleError when there is nothing to recognise."""
    if not may_recognise(session, actor, row):
        raise RuleError("「{name}」现在不能识别文字", name=row.name)
    title = _("识别文字：%(name)s", name=row.name)
    return ask_for(session, actor, KIND, title, {"file": row.id}, project_id=row.project_id)


@task_kind(KIND)
def _recognise(run: Run) -> Outcome:
    """Draw, recognise, keep as a suggestion — as the person who asked, with his rights of now."""
    row = visible(run.session, run.actor, int(run.arguments["file"]))  # type: ignore[arg-type]
    reads = engine()
    if reads is None:
        raise RuleError("这个系统没有安装文字识别，任务没有执行")
    pictures = list(_pictures(row, content_of(row)))
    file_id, url = row.id, f"/files/{row.id}/text"
    run.session.rollback()  # no snapshot is held meanwhile
    run.progress(0, len(pictures))
    text = "\n".join(reads(pictures)).strip()
    if not text:
        return Outcome(_("没有识别出文字"), url=f"/files/{file_id}/view")
    write(run.session, lambda: suggest(run.session, file_id, text))  # type: ignore[arg-type]
    return Outcome(_("识别出 %(n)s 个字，请核对后才能搜索", n=len(text)), url=url, done=len(pictures))


def _pictures(row: Attachment, content: bytes) -> Iterator[bytes]:
    if row.mime != PDF:
        yield content
        return
    for number in range(1, min(pages_of(row, content), MOST_PAGES) + 1):
        _facts, (page,) = open_in_child("page", str(number), str(DOTS), data=content, name=row.name)
        yield page


def _remark(_session: Session) -> str:
    if engine() is not None:
        return "文字识别：已安装，扫描件和照片可以识别文字"
    return "文字识别：未安装（可选，见 docs/operators/run-a-site.md），扫描件和照片的文字不能搜索"


add_remark(_remark)
