"""Asking the full-text index: which records hold all these words, newest first, on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from sqlalchemy import text

from app.kernel.search_text import table_word
from app.kernel.transactions import AnySession

Phrase = tuple[str, ...]


def candidates(session: AnySession, all_of: Iterable[Iterable[Phrase]], limit: int) -> list[tuple[str, int]]:
    """(table, id) of the newest rows in which every group has one of its phrases; the last word of a phrase may be a beginning.

    Fewer than `limit` may be of projects and owners that the marks name not: whose rows they are the caller's SELECT decides.
    """
    groups = [[phrase for phrase in group if phrase] for group in all_of]
    if session.get_bind().dialect.name != "sqlite":
        asked = " & ".join("(" + " | ".join(_tsquery(p) for p in group) + ")" for group in groups)
        return _rows(session, POSTGRESQL, asked, limit)
    words = [group for group in groups if not all(_narrows(phrase) for phrase in group)]
    few = _few(session, _all_of(words), limit) if words and len(words) < len(groups) else None
    if few is None:
        return _rows(session, SQLITE, _all_of(groups), limit)
    # a mark stands in every row of its kind or project: FTS5 would walk a million of them to keep the few that hold the words
    return [row for row in few if _is_of(row[0], groups)]


SQLITE = (
    "SELECT e.subject, e.subject_id FROM search_words w JOIN search_entry e ON e.id = w.rowid "
    "WHERE search_words MATCH :asked ORDER BY w.rowid DESC LIMIT :limit"
)
POSTGRESQL = (
    "SELECT subject, subject_id FROM search_entry WHERE terms @@ CAST(:asked AS tsquery) ORDER BY id DESC LIMIT :limit"
)
TABLE = table_word("")
NARROWING = re.compile(r"zz(?:[tf]0|[po]\d)")  # nobody can ask for such words (search_text.terms)


def _few(session: AnySession, asked: str, limit: int) -> list[tuple[str, int]] | None:
    """All rows that hold the words, newest first; None when they are `limit` or more. The index is walked once."""
    some = text("SELECT rowid FROM search_words WHERE search_words MATCH :asked LIMIT :limit")
    ids = list(session.scalars(some, {"asked": asked, "limit": limit}))
    if len(ids) >= limit:
        return None
    which = (
        "SELECT subject, subject_id FROM search_entry WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id DESC"
    )
    return [(row[0], row[1]) for row in session.execute(text(which), {"ids": json.dumps(ids)})]


def _rows(session: AnySession, query: str, asked: str, limit: int) -> list[tuple[str, int]]:
    return [(row[0], row[1]) for row in session.execute(text(query), {"asked": asked, "limit": limit})]


def _all_of(groups: Iterable[Iterable[Phrase]]) -> str:
    return " AND ".join("(" + " OR ".join(_fts(p) for p in group) + ")" for group in groups)


def _narrows(phrase: Phrase) -> bool:
    """Whether it marks a kind, a project, an owner — and no word of the question, whose digests begin with other letters."""
    return NARROWING.match(phrase[0]) is not None


def _is_of(table: str, groups: Iterable[Iterable[Phrase]]) -> bool:
    """Whether a row of this table has one of the kinds that were asked for."""
    kinds = [{p[0] for p in group} for group in groups if all(p[0].startswith(TABLE) for p in group)]
    return all(table_word(table) in kind for kind in kinds)


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
