"""What a file says: read by the worker in a child process, put into the search beside its record, shown to its readers only.

What a machine recognised on a scan is a suggestion; it is searched only after a person confirmed it (06 «OCR»).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel import audit
from app.kernel.actors import SYSTEM, Actor, acting_as
from app.kernel.attachments import READ_TEXT, Attachment, content_of
from app.kernel.base import Record, model_of, now
from app.kernel.checkups import add_remark
from app.kernel.columns import ChoiceType
from app.kernel.errors import NotFound, RuleError
from app.kernel.file_opening import text_of
from app.kernel.file_words import excerpt, index_words, without_numbers
from app.kernel.search_index import CHUNK, PARTS, Parts, put_part, take_out
from app.kernel.search_text import part_word, table_word, terms
from app.kernel.search_words import is_searched, words_for
from app.kernel.states import Choice
from app.kernel.tasks.records import Outcome
from app.kernel.tasks.running import Run, task_kind
from app.kernel.transactions import AnySession, write

TABLE = Attachment.__tablename__
UNSCOPED = {"unscoped": True}


class TextState(Choice):
    """What is known of the text of a file."""

    READ = ("read", "已收录", "ok")
    EMPTY = ("empty", "没有文字", "mute")
    UNREADABLE = ("unreadable", "读不出", "warn")
    SUGGESTED = ("suggested", "识别待核对", "warn")
    CONFIRMED = ("confirmed", "识别已核对", "ok")
    DISMISSED = ("dismissed", "识别未采用", "mute")


BY_MACHINE = (TextState.READ, TextState.EMPTY, TextState.UNREADABLE)
SEARCHED = (TextState.READ, TextState.CONFIRMED)


class FileWords(Record):
    """The text of one file without people's numbers, their digests, and what a machine suggests."""

    __tablename__ = "file_words"
    __label__ = "附件文字"
    __unaudited__ = True  # the decision is on the trail, the text is not copied there

    file_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"), nullable=False, unique=True)
    state: Mapped[TextState] = mapped_column(ChoiceType(TextState), nullable=False)
    text: Mapped[str] = mapped_column(Text, nullable=False, default="")
    digests: Mapped[str] = mapped_column(Text, nullable=False, default="")
    suggestion: Mapped[str] = mapped_column(Text, nullable=False, default="")
    pages: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    cut: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    note: Mapped[str] = mapped_column(String(300), nullable=False, default="")
    read_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, default=now)
    decided_by: Mapped[int | None] = mapped_column(Integer)
    decided_name: Mapped[str] = mapped_column(String(64), nullable=False, default="")
    decided_at: Mapped[datetime | None] = mapped_column(DateTime)


def words_of_file(session: AnySession, file_id: int) -> FileWords | None:
    """What is known of the text of a file; None before it was read."""
    return session.scalars(select(FileWords).where(FileWords.file_id == file_id)).first()


@task_kind(READ_TEXT)
def _read(run: Run) -> Outcome:
    read_file(run.session, int(run.arguments["file"]))
    return Outcome("")


def read_file(session: AnySession, file_id: int) -> None:
    """Read the text of a file and let it be found; a file that was taken off or confirmed by a person stays as it is."""
    row = session.get(Attachment, file_id)
    if row is None or row.removed_at is not None:
        return
    name, mime, content = row.name, row.mime, content_of(row)
    session.rollback()  # no snapshot is held while the child reads
    values: dict[str, Any] = {"state": TextState.EMPTY}
    try:
        found = text_of(name, mime, content)
        if found is not None:
            text, digests = without_numbers(found.text)
            values = {"text": text, "digests": " ".join(digests), "pages": found.pages, "cut": found.cut}
            values["state"] = TextState.READ if text else TextState.EMPTY
    except RuleError as refusal:
        values = {"state": TextState.UNREADABLE, "note": str(refusal)[:300]}

    def work() -> None:
        fresh = session.get(Attachment, file_id)
        known = words_of_file(session, file_id)
        if fresh is None or fresh.removed_at is not None or (known is not None and known.state not in BY_MACHINE):
            return
        words = _filled(session, file_id, **values)
        index_file(session, fresh, words)

    write(session, work)


def _filled(session: AnySession, file_id: int, **values: Any) -> FileWords:
    words = words_of_file(session, file_id)
    if words is None:
        words = FileWords(file_id=file_id)
        session.add(words)
    for name, value in values.items():
        setattr(words, name, value)
    words.read_at = now()
    session.flush()
    return words


def suggest(session: Session, file_id: int, text: str) -> None:
    """Keep what a machine recognised until a person looks at it (inside a write transaction)."""
    safe, _digests = without_numbers(text)
    _filled(session, file_id, state=TextState.SUGGESTED, suggestion=safe)


def decide(session: Session, actor: Actor, row: Attachment, text: str | None) -> None:
    """A person confirms the suggestion as he corrected it, or dismisses it (None); inside a write transaction.

    Raises RuleError when nothing waits for him: somebody else was faster.
    """
    words = words_of_file(session, row.id)
    if words is None or words.state is not TextState.SUGGESTED:
        raise RuleError("「{name}」没有待核对的识别文字，可能已由别人核对", name=row.name)
    safe, digests = without_numbers(text or "")
    if text is not None and not safe:
        raise RuleError("请填写文字；不需要就点「不采用」", field="text")
    words.state = TextState.DISMISSED if text is None else TextState.CONFIRMED
    words.text, words.digests, words.suggestion = safe, " ".join(digests), ""
    words.decided_by, words.decided_name, words.decided_at = actor.person_id, actor.name, now()
    session.flush()
    index_file(session, row, words)
    where: dict[str, Any] = {"subject": row.owner_table, "subject_id": row.owner_id, "project_id": row.project_id}
    session.add(audit.entry(f"text_{words.state.value}", **where, file=row.id, name=row.name))


def index_file(session: AnySession, row: Attachment, words: FileWords) -> None:
    """Bring the index in line with what is known of a file's text."""
    owner = _owner(session, row) if words.state in SEARCHED else None
    if owner is None:
        take_out(session, TABLE, row.id)
        return
    with acting_as(SYSTEM):  # the words of the record are the same whoever brought the text
        _kind, about = words_for(owner).split(" ", 1)
    marks = f"{table_word(TABLE)} {part_word(row.owner_table)}"
    own = index_words(f"{row.name}\n{words.text}", words.digests.split())
    put_part(session, TABLE, row.id, getattr(owner, "project_id", None), f"{marks} {about} {own}")


def _owner(session: AnySession, row: Attachment) -> Any:
    """The record, when its kind is searched."""
    model = model_of(row.owner_table)
    if not is_searched(model):
        return None
    return session.scalars(select(model).where(model.id == row.owner_id), execution_options=UNSCOPED).first()


def forget_texts(session: Session, file_ids: Iterable[int]) -> None:
    """The files went off their record: nothing of them is kept or found (inside a write transaction)."""
    for file_id in file_ids:
        session.execute(delete(FileWords).where(FileWords.file_id == file_id))
        take_out(session, TABLE, file_id)


def unread_files(session: AnySession) -> list[int]:
    """Files whose text nobody has read yet, oldest first."""
    known = select(FileWords.__table__.c.file_id)
    query = select(Attachment.id).where(Attachment.removed_at.is_(None), Attachment.id.not_in(known))
    return list(session.scalars(query.order_by(Attachment.id)))


# ── what the search asks of the files ──
def _owners(session: AnySession, ids: list[int]) -> dict[int, tuple[str, int]]:
    query = select(Attachment.id, Attachment.owner_table, Attachment.owner_id)
    rows = session.execute(query.where(Attachment.id.in_(ids), Attachment.removed_at.is_(None)))
    return {file_id: (table, owner_id) for file_id, table, owner_id in rows}


def _refresh(session: AnySession, table: str, ids: list[int]) -> None:
    """The words that name these records changed, or whose they are: their files are found by the new ones."""
    query = select(Attachment, FileWords).join(FileWords, FileWords.file_id == Attachment.id)
    for start in range(0, len(ids), CHUNK):
        mine = (Attachment.owner_table == table, Attachment.owner_id.in_(ids[start : start + CHUNK]))
        for row, words in session.execute(query.where(*mine, FileWords.state.in_(SEARCHED))).all():
            index_file(session, row, words)


def _rebuild(session: Session) -> int:
    count = 0
    query = select(Attachment, FileWords).join(FileWords, FileWords.file_id == Attachment.id)
    for row, words in session.execute(query.where(Attachment.removed_at.is_(None))).yield_per(100):
        index_file(session, row, words)
        count += 1
    return count


def _excerpt(session: AnySession, file_id: int, question: str) -> tuple[str, str]:
    row = session.get(Attachment, file_id)
    words = words_of_file(session, file_id)
    if row is None or words is None:
        raise NotFound("attachment")
    return row.name, excerpt(words.text, terms(question))


def _remark(session: Session) -> str:
    waiting = len(unread_files(session))
    if not waiting:
        return "附件文字：都已读取，可以搜索"
    return f"附件文字：有 {waiting} 件还没有读取，后台进程会逐件读取；也可以执行 ./anchang doctor --rebuild-search"


PARTS[TABLE] = Parts(_owners, _refresh, _rebuild, _excerpt)
add_remark(_remark)
