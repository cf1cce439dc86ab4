"""Asking the full-text index: which records hold all these words, newest first, on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import text

from app.kernel.transactions import AnySession

Phrase = tuple[str, ...]


def candidates(session: AnySession, all_of: Iterable[Iterable[Phrase]], limit: int) -> list[tuple[str, int]]:
    """(table, id) of the newest rows in which every group has one of its phrases; the last word of a phrase may be a beginning."""
    groups = [[phrase for phrase in group if phrase] for group in all_of]
    values: dict[str, Any] = {"limit": limit}
    if session.get_bind().dialect.name == "sqlite":
        values["asked"] = " AND ".join("(" + " OR ".join(_fts(p) for p in group) + ")" for group in groups)
        query = (
            "SELECT e.subject, e.subject_id FROM search_words w JOIN search_entry e ON e.id = w.rowid "
            "WHERE search_words MATCH :asked ORDER BY w.rowid DESC LIMIT :limit"
        )
    else:
        values["asked"] = " & ".join("(" + " | ".join(_tsquery(p) for p in group) + ")" for group in groups)
        query = "SELECT subject, subject_id FROM search_entry WHERE terms @@ CAST(:asked AS tsquery) ORDER BY id DESC LIMIT :limit"
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
