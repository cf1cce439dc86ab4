"""The full-text index: rows written in the same transaction as their records, asked with the same words on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Integer,
    String,
    Text,
    UniqueConstraint,
    delete,
    event,
    exists,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from app.kernel import schema
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import Record, model_of
from app.kernel.checkups import add_checkup
from app.kernel.plain_rows import next_ids, write_rows
from app.kernel.search_postgresql import WORDS_WITH_AGE
from app.kernel.search_text import owner_words
from app.kernel.search_words import heard_changes, is_searched, searched_models, showing, words_for, words_may_change
from app.kernel.transactions import AnySession

UNSCOPED = {"unscoped": True}
CHUNK = 500


@dataclass(frozen=True)
class Parts:
    """What belongs to records and is found by words of its own: the texts of their files.

    owners(session, ids of parts) → (table, id) of the record of each; refresh(session, table, ids) writes the parts of these
    records anew; rebuild(session) writes all of them; excerpt(session, id, question) → name of the part, where the words stand in it.
    """

    owners: Callable[[AnySession, list[int]], dict[int, tuple[str, int]]]
    refresh: Callable[[AnySession, str, list[int]], None]
    rebuild: Callable[[Session], int]
    excerpt: Callable[[AnySession, int, str], tuple[str, str]]


PARTS: dict[str, Parts] = {}  # by their table


class SearchRow(Record):
    """The words of one record."""

    __tablename__ = "search_entry"
    __label__ = "搜索索引"
    __unaudited__ = True
    __table_args__ = (UniqueConstraint("subject", "subject_id", name="uq_search_entry_subject"),)

    subject: Mapped[str] = mapped_column(String(64), nullable=False)
    subject_id: Mapped[int] = mapped_column(Integer, nullable=False)
    project_id: Mapped[int | None] = mapped_column(Integer)
    words: Mapped[str] = mapped_column(Text, nullable=False)


def statements(dialect: str) -> Iterator[str]:
    """What the plain table needs beside it: an FTS5 table over its words, or a GIN index."""
    if dialect != "sqlite":
        lexemes = f"tsvector GENERATED ALWAYS AS (to_tsvector('simple', {WORDS_WITH_AGE})) STORED"
        yield f"ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS lexemes {lexemes}"
        yield "CREATE INDEX IF NOT EXISTS ix_search_entry_lexemes ON search_entry USING gin (lexemes)"
        return
    yield (
        "CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5("
        "words, content='search_entry', content_rowid='id', tokenize='unicode61 remove_diacritics 0')"
    )


schema.also(statements)
ROWS: Any = SearchRow.__table__


@dataclass
class Noted:
    """What a transaction has to write. records: by (table, id), None = deleted; fresh: those that had no words before;
    heard: (model, foreign key, id) of records whose related record changed its name."""

    records: dict[tuple[str, int], Any] = field(default_factory=dict)
    fresh: set[tuple[str, int]] = field(default_factory=set)
    heard: set[tuple[type[Any], str, int]] = field(default_factory=set)


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: Any) -> None:
    """Remember what was flushed; the words are read once, when the transaction ends."""
    noted = _noted(session)
    for record in session.new:
        if is_searched(type(record)):
            noted.records[record.__tablename__, record.id] = record
            noted.fresh.add((record.__tablename__, record.id))
    for record in session.dirty:
        if is_searched(type(record)) and words_may_change(record):
            noted.records[record.__tablename__, record.id] = record
        noted.heard.update((model, key, record.id) for model, key in heard_changes(record))
    for record in session.deleted:
        if is_searched(type(record)):
            noted.records[record.__tablename__, record.id] = None


def _noted(session: AnySession) -> Noted:
    noted: Noted = session.info.setdefault("search_noted", Noted())
    return noted


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    """A record that moved ten times in one transaction is written once, with the words of all readers."""
    session.flush()
    noted: Noted | None = session.info.pop("search_noted", None)
    if noted is None or not (noted.records or noted.heard):
        return
    with session.no_autoflush, acting_as(SYSTEM):
        for model, column, value in noted.heard:
            for record in showing(session, model, column, value):
                noted.records.setdefault((record.__tablename__, record.id), record)
        for (table, key), record in noted.records.items():
            if record is None and (table, key) not in noted.fresh:
                take_out(session, table, key)
        put_all(session, [r for r in noted.records.values() if r is not None], noted.fresh)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous: SessionTransaction) -> None:
    """What a savepoint took back is forgotten; what stood before it is still to be written."""
    noted: Noted | None = session.info.pop("search_noted", None)
    if previous.nested and noted is not None:
        records = {k: r for k, r in noted.records.items() if r is None or inspect(r).persistent}
        session.info["search_noted"] = Noted(records, noted.fresh & records.keys(), noted.heard)


def put(session: AnySession, record: Any) -> None:
    """Write the words of one record with this transaction. Call it when what names the record changed elsewhere (a customer's phone)."""
    _noted(session).records.setdefault((record.__tablename__, record.id), record)


def put_all(session: Session, records: Iterable[Any], fresh: Collection[tuple[str, int]] = ()) -> None:
    """Write the words of these records now, in few statements. fresh: keys of records that had no words before."""
    tables: dict[str, dict[int, Any]] = {}
    for record in records:
        tables.setdefault(record.__tablename__, {})[record.id] = record
    added: list[dict[str, Any]] = []
    for table, rows in tables.items():
        known = _known(session, table, [key for key in rows if (table, key) not in fresh])
        changed: dict[int, tuple[Any, dict[str, Any]]] = {}
        for key, record in rows.items():
            words = words_for(record)
            values = {
                "subject": table,
                "subject_id": key,
                "project_id": getattr(record, "project_id", None),
                "words": words,
            }
            if key not in known:
                added.append(values)
            elif known[key].words != words:
                changed[key] = (known[key], values)
        if changed:
            _change(session, list(changed.values()))
            refresh_parts(session, table, list(changed))
    if added:
        write_new(session, added)


def refresh_parts(session: AnySession, table: str, keys: list[int]) -> None:
    """The files of these records are found by the words and for the owners that the records have now."""
    with acting_as(SYSTEM):
        for parts in PARTS.values():
            parts.refresh(session, table, keys)


def write_new(session: AnySession, added: list[dict[str, Any]]) -> None:
    """Write the words of records that had none: subject, subject_id, project_id, words of each."""
    if len(added) == 1:
        made: Any = session.execute(insert(ROWS).values(**added[0]), execution_options=UNSCOPED)
        keys: Sequence[int] = [made.inserted_primary_key[0]]
    else:
        connection, names = session.connection(), ("id", "subject", "subject_id", "project_id", "words")
        keys = next_ids(connection, ROWS, len(added))
        rows = [(key, *(values[name] for name in names[1:])) for key, values in zip(keys, added, strict=True)]
        write_rows(connection, ROWS, names, rows)
    _index(session, [], [(key, values["words"]) for key, values in zip(keys, added, strict=True)])


def _change(session: AnySession, rows: list[tuple[Any, dict[str, Any]]]) -> None:
    """Rows of the index get other values, all in three statements."""
    put_in = text("UPDATE search_entry SET project_id = :project_id, words = :words WHERE id = :row")
    told = [{"row": row.id, "project_id": values["project_id"], "words": values["words"]} for row, values in rows]
    session.execute(put_in, told)
    _index(session, [(row.id, row.words) for row, _v in rows], [(row.id, values["words"]) for row, values in rows])


_MARKS = re.compile(r"^(\S+ \S+) zzo\d+(?: zzo\d+)*")


def mark_anew(session: AnySession, table: str, keys: list[int], owners: Iterable[int]) -> None:
    """Many records of a table have other owners: the marks in their words follow, the words stay. Inside a write transaction."""
    marks, changed = owner_words(owners), []
    for row in _known(session, table, keys).values():
        words = _MARKS.sub(lambda found: f"{found[1]} {marks}", row.words, count=1)
        if words != row.words:
            changed.append((row.id, row.words, words))
    if not changed:
        return
    put_words = text("UPDATE search_entry SET words = :words WHERE id = :row")
    session.execute(put_words, [{"row": row, "words": words} for row, _before, words in changed])
    _index(session, [(row, before) for row, before, _w in changed], [(row, words) for row, _b, words in changed])


def put_part(session: AnySession, table: str, key: int, project_id: int | None, words: str) -> None:
    """Write the words of one part of a record now."""
    values = {"subject": table, "subject_id": key, "project_id": project_id, "words": words}
    row = _known(session, table, [key]).get(key)
    if row is None:
        write_new(session, [values])
    else:
        _change(session, [(row, values)])


def _known(session: AnySession, table: str, keys: list[int]) -> dict[int, Any]:
    """The rows of the index for these records, by their id."""
    found: dict[int, Any] = {}
    for start in range(0, len(keys), CHUNK):
        some = keys[start : start + CHUNK]
        query = select(ROWS.c.id, ROWS.c.subject_id, ROWS.c.words).where(
            ROWS.c.subject == table, ROWS.c.subject_id.in_(some)
        )
        found.update((row.subject_id, row) for row in session.execute(query, execution_options=UNSCOPED))
    return found


def take_out(session: AnySession, table: str, key: int) -> None:
    """A record or a part that is found no more."""
    for row in _known(session, table, [key]).values():
        session.execute(delete(ROWS).where(ROWS.c.id == row.id), execution_options=UNSCOPED)
        _index(session, [(row.id, row.words)], [])


def _index(session: AnySession, before: list[tuple[int, str]], after: list[tuple[int, str]]) -> None:
    """SQLite: bring the FTS5 table along. Triggers may not: trusted_schema is off, and a virtual table is no trusted one."""
    if session.get_bind().dialect.name != "sqlite":
        return
    if before:
        out = "INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', :row, :words)"
        session.execute(text(out), [{"row": row, "words": words} for row, words in before])
    if after:
        put_in = "INSERT INTO search_words(rowid, words) VALUES (:row, :words)"
        session.execute(text(put_in), [{"row": row, "words": words} for row, words in after])


def rebuild(session: Session) -> int:
    """Write every record anew (doctor --rebuild-search, after more columns are searched); returns how many. As SYSTEM in a write transaction."""
    count = 0
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO search_words(search_words) VALUES ('rebuild')"))
    for model in searched_models():
        last = 0
        while rows := list(session.scalars(select(model).where(model.id > last).order_by(model.id).limit(CHUNK))):
            put_all(session, rows)
            count, last = count + len(rows), rows[-1].id
            session.expunge_all()
    return count + sum(parts.rebuild(session) for parts in PARTS.values())


def faults(session: Session) -> Iterator[str]:
    """Chinese findings for `doctor`: records without words, words without a record."""
    models = {model.__tablename__: model for model in searched_models()}
    for name, model in models.items():
        table = model.__table__
        known = exists().where(ROWS.c.subject == name, ROWS.c.subject_id == table.c.id)
        missing = session.scalar(select(func.count()).select_from(table).where(~known), execution_options=UNSCOPED)
        if missing:
            yield f"{_label(name)}有 {missing} 条没有进入搜索，请运行 ./anchang doctor --rebuild-search"
    for subject in session.scalars(select(ROWS.c.subject).distinct(), execution_options=UNSCOPED):
        if subject not in models and subject not in PARTS:
            yield f"搜索里有未登记的内容：{_label(subject)}"


def _label(table: str) -> str:
    try:
        return str(getattr(model_of(table), "__label__", table))
    except KeyError:
        return table


add_checkup("搜索索引", faults)
