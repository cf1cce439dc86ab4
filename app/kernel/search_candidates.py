"""Asking the full-text index: which records hold all these words, newest first, on both databases."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import text

from app.kernel.search_postgresql import newest
from app.kernel.search_text import is_whole, table_word
from app.kernel.transactions import AnySession

Phrase = tuple[str, ...]


def candidates(session: AnySession, all_of: Iterable[Iterable[Phrase]], limit: int) -> list[tuple[str, int]]:
    """(table, id) of the newest rows in which every group has one of its phrases; the last word of a phrase may be a beginning.

    Whose rows they are the caller's SELECT decides; the marks keep the index from proposing what he may not read anyway.
    """
    groups = [[phrase for phrase in group if phrase] for group in all_of]
    if session.get_bind().dialect.name != "sqlite":
        return newest(session, groups, limit)
    words = [group for group in groups if not all(_narrows(phrase) for phrase in group)]
    marks = [[phrase[0] for phrase in group] for group in groups if group not in words]
    near = _near(session, _all_of(words), marks, limit) if words and marks else None
    return _rows(session, SQLITE, _all_of(groups), limit) if near is None else near


SQLITE = (
    "SELECT e.subject, e.subject_id FROM search_words w JOIN search_entry e ON e.id = w.rowid "
    "WHERE search_words MATCH :asked ORDER BY w.rowid DESC LIMIT :limit"
)
NEAR = (
    "WITH w AS MATERIALIZED (SELECT rowid AS id FROM search_words WHERE search_words MATCH :asked ORDER BY rowid DESC LIMIT :walked) "
    "SELECT count(*) AS id, NULL AS subject, NULL AS subject_id FROM w UNION ALL SELECT * FROM ("
    "SELECT id, subject, subject_id FROM search_entry e WHERE id IN (SELECT id FROM w) AND {marked} ORDER BY id DESC LIMIT :limit)"
)
WALKED = 4  # times the limit
KIND = table_word("")
NARROWING = re.compile(r"zz(?:[tf]0|[po]\d)")  # nobody can ask for such words (search_text.terms)


def _near(session: AnySession, asked: str, marks: list[list[str]], limit: int) -> list[tuple[str, int]] | None:
    """The newest rows that hold the words, their marks read beside them; None when they do not tell enough.

    A mark stands in every row of its kind or project: FTS5 would walk a million of them to keep the few that hold the words.
    """
    values: dict[str, Any] = {"asked": asked, "walked": limit * WALKED, "limit": limit}
    marked = " AND ".join(f"({_marked(group, values)})" for group in marks)
    told = session.execute(text(NEAR.format(marked=marked)), values).all()
    found = [row for row in told if row[1] is not None]
    walked = sum(row[0] for row in told if row[1] is None)
    if len(found) < limit and walked == limit * WALKED:
        return None
    return [(row[1], row[2]) for row in sorted(found, reverse=True)]


def _marked(marks: list[str], values: dict[str, Any]) -> str:
    """SQL: the entry has one of these marks. The first word of an entry is that of its kind; there are a hundred kinds."""
    place = len(values)
    if all(mark.startswith(KIND) for mark in marks):
        values[f"kinds{place}"] = json.dumps(marks)
        return f"substr(e.words, 1, instr(e.words, ' ') - 1) IN (SELECT value FROM json_each(:kinds{place}))"
    values.update({f"mark{place + i}": f" {mark} " for i, mark in enumerate(marks)})
    return " OR ".join(f"instr(e.words || ' ', :mark{place + i})" for i in range(len(marks)))


def _rows(session: AnySession, query: str, asked: str, limit: int) -> list[tuple[str, int]]:
    return [(row[0], row[1]) for row in session.execute(text(query), {"asked": asked, "limit": limit}).all()]


def _all_of(groups: Iterable[Iterable[Phrase]]) -> str:
    return " AND ".join("(" + " OR ".join(_fts(p) for p in group) + ")" for group in groups)


def _narrows(phrase: Phrase) -> bool:
    """Whether it marks a kind, a project, an owner — and no word of the question, whose digests begin with other letters."""
    return NARROWING.match(phrase[0]) is not None


def _fts(phrase: Phrase) -> str:
    return '"' + " ".join(word.replace('"', "") for word in phrase) + '"' + ("" if is_whole(phrase) else " *")
