"""The full-text index: rows written in the same transaction as their records, asked with the same words on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Integer, String, Text, UniqueConstraint, delete, event, insert, inspect, select, text, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from app.kernel import schema
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import Record, model_of
from app.kernel.checkups import add_checkup
from app.kernel.registries import SEARCH
from app.kernel.scope import ByOwner
from app.kernel.search_text import owner_words, project_word, words_of
from app.kernel.transactions import AnySession

Phrase = tuple[str, ...]
UNSCOPED = {"unscoped": True}


class SearchRow(Record):
    """The words of one record."""

    __tablename__ = "search_entry"
    __unaudited__ = True
    __table_args__ = (UniqueConstraint("subject", "subject_id", name="uq_search_entry_subject"),)

    subject: Mapped[str] = mapped_column(String(64), nullable=False)
    subject_id: Mapped[int] = mapped_column(Integer, nullable=False)
    project_id: Mapped[int | None] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(Text, nullable=False)


def statements(dialect: str) -> Iterator[str]:
    """What the plain table needs beside it: an FTS5 table over its words, or a GIN index."""
    if dialect != "sqlite":
        yield "CREATE INDEX IF NOT EXISTS ix_search_entry_words ON search_entry USING gin (to_tsvector('simple', words))"
        return
    yield (
        "CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5("
        "words, content='search_entry', content_rowid='id', tokenize='unicode61 remove_diacritics 0')"
    )


schema.also(statements)
ROWS: Any = SearchRow.__table__


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: Any) -> None:
    """Remember what was flushed; the words are read once, when the transaction ends."""
    noted = session.info.setdefault("search_noted", {})
    for record in (*session.new, *session.dirty):
        if type(record) in SEARCH:
            noted[record.__tablename__, record.id] = record
    for record in session.deleted:
        if type(record) in SEARCH:
            noted[record.__tablename__, record.id] = None


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """A record that moved ten times in one transaction is written once, with the words of all readers."""
    session.flush()
    noted = session.info.pop("search_noted", None)
    if not noted:
        return
    with session.no_autoflush, acting_as(SYSTEM):
        for (table, key), record in noted.items():
            if record is None:
                _take_out(session, table, key)
            else:
                put(session, record)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """What a savepoint took back is forgotten; what stood before it is still to be written."""
    noted = session.info.pop("search_noted", {})
    if previous.nested:
        session.info["search_noted"] = {k: r for k, r in noted.items() if r is None or inspect(r).persistent}


def put(session: Session, record: Any) -> None:
    """Write the words of one record now. Call it when what names the record changed elsewhere (a customer's phone)."""
    entry = SEARCH[type(record)]
    project_id = getattr(record, "project_id", None)
    owners = [i for i in (getattr(record, "owner_id", None), getattr(record, "partner_id", None)) if i is not None]
    marks = f"{project_word(project_id)} {owner_words(owners if isinstance(record, ByOwner) else ())}"
    words = f"{marks} {words_of(entry.text(record), entry.digests(record))}"
    values = {"subject": record.__tablename__, "subject_id": record.id, "project_id": project_id, "words": words}
    known = _known(session, record.__tablename__, record.id)
    if known is None:
        made: Any = session.execute(insert(ROWS).values(**values), execution_options=UNSCOPED)
        _index(session, made.inserted_primary_key[0], None, words)
    elif known.words != words:
        session.execute(update(ROWS).where(ROWS.c.id == known.id).values(**values), execution_options=UNSCOPED)
        _index(session, known.id, known.words, words)


def _known(session: Session, table: str, key: int) -> Any:
    where = (ROWS.c.subject == table, ROWS.c.subject_id == key)
    return session.execute(select(ROWS.c.id, ROWS.c.words).where(*where), execution_options=UNSCOPED).first()


def _take_out(session: Session, table: str, key: int) -> None:
    known = _known(session, table, key)
    if known is not None:
        session.execute(delete(ROWS).where(ROWS.c.id == known.id), execution_options=UNSCOPED)
        _index(session, known.id, known.words, None)


def _index(session: Session, row: int, before: str | None, after: str | None) -> None:
    """SQLite: bring the FTS5 table along. Triggers may not: trusted_schema is off, and a virtual table is no trusted one."""
    if session.get_bind().dialect.name != "sqlite":
        return
    if before is not None:
        out = "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', :row, :words)"
        session.execute(text(out), {"row": row, "words": before})
    if after is not None:
        session.execute(
            text("INSERT INTO search_words(rowid, words) VALUES (:row, :words)"), {"row": row, "words": after}
        )


def candidates(
    session: AnySession, all_of: Iterable[Iterable[Phrase]], limit: int, *, table: str = ""
) -> list[tuple[str, int]]:
    """(table, id) of the newest rows in which every group has one of its phrases; the last word of a phrase may be a beginning.

    table: rows of this table only.
    """
    groups = [[phrase for phrase in group if phrase] for group in all_of]
    values = {"limit": limit, "subject": table}
    if session.get_bind().dialect.name == "sqlite":
        values["asked"] = " AND ".join("(" + " OR ".join(_fts(p) for p in group) + ")" for group in groups)
        query = (
            "SELECT e.subject, e.subject_id FROM search_words w JOIN search_entry e ON e.id = w.rowid "
            "WHERE search_words MATCH :asked AND (:subject = '' OR e.subject = :subject) ORDER BY w.rowid DESC LIMIT :limit"
        )
    else:
        values["asked"] = " & ".join("(" + " | ".join(_tsquery(p) for p in group) + ")" for group in groups)
        query = (
            "SELECT subject, subject_id FROM search_entry WHERE to_tsvector('simple', words) @@ CAST(:asked AS tsquery) "
            "AND (:subject = '' OR subject = :subject) ORDER BY id DESC LIMIT :limit"
        )
    return [(row[0], row[1]) for row in session.execute(text(query), values)]


def _fts(phrase: Phrase) -> str:
    return '"' + " ".join(word.replace('"', "") for word in phrase) + '"' + ("" if _is_mark(phrase) else " *")


def _tsquery(phrase: Phrase) -> str:
    quoted = ["'" + word.replace("'", "").replace("\\", "") + "'" for word in phrase]
    if not _is_mark(phrase):
        quoted[-1] += ":*"
    return "(" + " <-> ".join(quoted) + ")"


def _is_mark(phrase: Phrase) -> bool:
    """Marks are whole words: project 1 is not the beginning of project 12."""
    return phrase[0].startswith("zz")


def rebuild(session: Session) -> int:
    """Write every record anew (doctor --repair, after new names are searched); returns how many. Run as SYSTEM in a write transaction."""
    count = 0
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO search_words(search_words) VALUES ('rebuild')"))
    for model in SEARCH:
        for record in session.scalars(select(model).execution_options(yield_per=1000)):
            put(session, record)
            count += 1
    return count


def faults(session: Session) -> Iterator[str]:
    """Chinese findings for `doctor`: records without words, words without a record."""
    for model, entry in SEARCH.items():
        table = model.__table__
        rows = select(table.c.id).where(
            table.c.id.not_in(select(ROWS.c.subject_id).where(ROWS.c.subject == table.name))
        )
        missing = len(session.execute(rows, execution_options=UNSCOPED).all())
        if missing:
            yield f"{entry.label}有 {missing} 条没有进入搜索"
    known = {model.__tablename__ for model in SEARCH}
    for subject in session.scalars(select(ROWS.c.subject).distinct(), execution_options=UNSCOPED):
        if subject not in known:
            yield f"搜索里有未登记的内容：{_label(subject)}"


def _label(table: str) -> str:
    try:
        return str(getattr(model_of(table), "__label__", table))
    except KeyError:
        return table


add_checkup("搜索索引", faults)
