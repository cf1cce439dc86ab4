"""What the search knows of the archive: 档号, titles, people, homes, notes, and the reading log of a paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.features.archive.folders.models import Folder
from app.features.archive.letters.models import IncomingLetter, OutgoingLetter
from app.features.archive.papers.models import Paper
from app.features.archive.regulations.models import Regulation
from app.features.archive.site_files.models import SiteFile
from app.kernel import registries
from app.kernel.actors import Actor
from app.kernel.audit import AuditEntry
from app.kernel.posts import Post
from app.kernel.screens.display import moment
from app.kernel.screens.parts import Cell, Column, Row, Table

READING = {"read": "打开页面", "download": "下载附件", "export": "导出"}
LOG_READERS = frozenset({Post.CLERK, Post.CONTRACT_OFFICER, Post.SUPERVISOR, Post.SITE_MANAGER, Post.AUDITOR})
LOG_ROWS = 200


def _paper_words(paper: Paper) -> str:
    return f"{paper.kind.name if paper.kind else ''} {paper.received_from} {paper.note}"


def _site_file_words(paper: SiteFile) -> str:
    return f"{paper.category.label} {paper.note}"


RANKS: dict[type[Any], int] = {Folder: 6, Paper: 9, SiteFile: 9}  # a household has many papers: they stand last
# beside the columns that each list searches
WORDS: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
    (Folder, lambda folder: folder.note), (Paper, _paper_words), (SiteFile, _site_file_words),
    (IncomingLetter, lambda letter: letter.express_no), (OutgoingLetter, lambda _letter: ""), (Regulation, lambda _paper: ""),
)  # fmt: skip


def register() -> None:
    """Declare the models to the search, and the log to the pages of papers."""
    for model, words in WORDS:
        registries.add_search(model, model.__label__, title=_title, text=words, url=_page_of, rank=RANKS.get(model, 8))
    for model in (Paper, SiteFile):
        registries.add_tab(model, "reading", "查阅记录", reading_of, LOG_READERS)


def _page_of(record: Any) -> str:
    return f"/{record.__tablename__.replace('_', '-')}/show/{record.id}"


def _title(record: Any) -> str:
    about = " ".join(filter(None, (getattr(record, "unit_name", ""), getattr(record, "customer_name", ""))))
    return f"{record} {about}".strip()


def reading_of(paper: Any, _actor: Actor) -> Table:
    """Who opened the page or downloaded a file, newest first (02 §2.5.8 «every look-up/download logged»)."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject == paper.__tablename__,
            AuditEntry.subject_id == paper.id,
            AuditEntry.act.in_(list(READING)),
        )
        .order_by(AuditEntry.id.desc())
        .limit(LOG_ROWS)
    )
    rows = tuple(
        Row(str(line.id), "", line.person_name, (
            Cell(moment(line.at)), Cell(line.person_name), Cell(_(READING[line.act])), Cell(str(line.changes.get("name", "")))
        ))
        for line in db.session.scalars(query)
    )  # fmt: skip
    heads = (("at", _("时间")), ("who", _("人")), ("act", _("动作")), ("what", _("文件")))
    columns = tuple(Column(key, label, phone="hd" if key == "at" else "shown") for key, label in heads)
    return Table(columns, rows, empty=_("还没有人查阅"))
