"""What 查资料 finds: papers of households, files of the site, letters and regulations, newest first, within the reader's rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.features.archive.folders.models import Folder, FolderState
from app.features.archive.letters.models import IncomingLetter, OutgoingLetter
from app.features.archive.models import PaperState
from app.features.archive.papers.models import Paper
from app.features.archive.regulations.models import Regulation
from app.features.archive.site_files.models import SiteCategory, SiteFile
from app.kernel.actors import Actor
from app.kernel.readership import may_read_kind
from app.kernel.search import found_inside, proposed_ids

PAGE = 20
Places = dict[tuple[str, int], tuple[str, int]]  # (table, id) of a record → (table, id) of its file with the words
Source = tuple[Select[Any], bool, Places]  # what to select, whether the index had more, the places in files
WHERE = {
    "in": (PaperState.IN,), "lent": (PaperState.LENT,), "awaited": (PaperState.EXPECTED,), "handed": (PaperState.HANDED,),
    "gone": (PaperState.DESTROYED, PaperState.VOID),
}  # fmt: skip
MISSING = "missing"
REGISTERS: dict[str, type[Any]] = {
    m.__tablename__: m for m in (IncomingLetter, OutgoingLetter, Regulation)
}  # papers that lie in no box


@dataclass(frozen=True)
class Question:
    """words: names, numbers, titles, pinyin; unit: a home; kind: «k12» a kind of household paper, «c:rules» a category of
    site files, «r:incoming_letter» a register; since, until: when it was received; where: a key of WHERE, or MISSING for households that lack papers."""

    project_id: int | None
    words: str = ""
    unit: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    where: str = ""
    page: int = 1

    @property
    def text(self) -> str:
        """All words that the index is asked for."""
        return f"{self.words} {self.unit}".strip()


@dataclass(frozen=True)
class Found:
    """A page of records; more: there is a next page; cut: the index knew more than it may propose; inside: by table and id
    the file of the record that the words stand in."""

    records: tuple[Any, ...]
    more: bool
    cut: bool
    inside: Places = field(default_factory=dict)


def find(session: Session, actor: Actor, question: Question) -> Found:
    """The page of records that fit. Raises nothing for odd questions: they find nothing."""
    if question.where == MISSING:
        return _page(question, [_folders(session, actor, question)], session)
    sources: list[Source] = []
    if question.kind.startswith("k") or not question.kind:
        sources.append(_of(session, actor, question, Paper))
    if (question.kind.startswith("c:") or not question.kind) and not question.unit:
        sources.append(_of(session, actor, question, SiteFile))
    if not question.where and not question.unit:
        wanted = [m for name, m in REGISTERS.items() if question.kind in ("", f"r:{name}") and may_read_kind(actor, m)]
        sources += [_register(session, actor, question, model) for model in wanted]
    return _page(question, sources, session)


def day_of(record: Any) -> date:
    """The day by which records are ordered and asked for: when it was received, reached its stage, or was written."""
    found: date | None = getattr(record, "received_on", None) or getattr(record, "stage_on", None)
    return found or record.created_at.date()


def _page(question: Question, sources: Iterable[Source], session: Session) -> Found:
    """Newest received first over all sources: each gives as many as the page may need."""
    end = question.page * PAGE
    rows: list[Any] = []
    cut, inside = False, Places()
    for query, was_cut, places in sources:
        rows += session.scalars(query.limit(end + 1)).unique()
        cut = cut or was_cut
        inside |= places
    rows.sort(key=lambda row: (day_of(row), row.id), reverse=True)
    return Found(tuple(rows[end - PAGE : end]), len(rows) > end, cut, inside)


def _narrowed(session: Session, actor: Actor, question: Question, model: Any) -> Source:
    query, cut, places = select(model), False, Places()
    if question.project_id is not None:
        query = query.where(model.project_id == question.project_id)
    if question.text:
        ids, cut_ids = proposed_ids(session, actor, model, question.text)
        inside, cut_inside = found_inside(session, actor, model, question.text)
        query, cut = query.where(model.id.in_({*ids, *inside})), cut_ids or cut_inside
        places = {(model.__tablename__, key): place for key, place in inside.items()}
    return query, cut, places


def _folders(session: Session, actor: Actor, question: Question) -> Source:
    query, cut, places = _narrowed(session, actor, question, Folder)
    lacking = query.where(Folder.state == FolderState.OPEN, Folder.missing > 0)
    return lacking.order_by(Folder.stage_on.desc(), Folder.id.desc()), cut, places


def _of(session: Session, actor: Actor, question: Question, model: Any) -> Source:
    query, cut, places = _narrowed(session, actor, question, model)
    if question.since is not None:
        query = query.where(model.received_on >= question.since)
    if question.until is not None:
        query = query.where(model.received_on <= question.until)
    if question.where in WHERE:
        query = query.where(model.state.in_(WHERE[question.where]))
    elif not question.where:
        query = query.where(model.state != PaperState.VOID)
    if question.kind.startswith("c:"):
        query = query.where(model.category.in_([c for c in SiteCategory if c.value == question.kind[2:]]))
    elif question.kind:
        number = question.kind[1:]
        query = query.where(
            model.kind_id == (int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0)
        )
    if model is Paper:
        query = query.options(joinedload(Paper.kind))
    return query.order_by(model.received_on.desc(), model.id.desc()), cut, places


def _register(session: Session, actor: Actor, question: Question, model: Any) -> Source:
    """Letters and regulations, by the day on which they were received or written."""
    query, cut, places = _narrowed(session, actor, question, model)
    moment = model.received_on if model is IncomingLetter else model.created_at
    if question.since is not None:
        query = query.where(moment >= question.since)
    if question.until is not None:
        query = query.where(moment < question.until + timedelta(days=1))
    return query.order_by(moment.desc(), model.id.desc()), cut, places
