"""Asking PostgreSQL's full-text index (GIN): the newest rows first, and not by the marks that a million rows have in common.

GIN tells all rows that have the words, in no order, and would walk the long lists of a project or a kind to join them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from app.kernel.search_text import is_whole, project_word, table_word
from app.kernel.transactions import AnySession

Groups = Sequence[Sequence[tuple[str, ...]]]
AGE = 1 << 16  # rows of one age, by their ids
NEWEST_AGES = 2
COMMON = 4  # a word is common when it stands in so many times the rows that are wanted
WORDS_WITH_AGE = f"words || ' zze' || (id / {AGE})::text"  # what is indexed of a row: nobody can ask for the last word

HIT = "WITH hit AS MATERIALIZED (SELECT id, subject, subject_id, project_id FROM search_entry WHERE lexemes @@ CAST(:asked AS tsquery)) "
REACHED = "SELECT id, subject, subject_id FROM hit WHERE {reach} ORDER BY id DESC LIMIT :limit"
BY_INDEX_ALONE = "SELECT id, subject, subject_id FROM search_entry WHERE lexemes @@ CAST(:asked AS tsquery) ORDER BY id DESC LIMIT :limit"


def newest(session: AnySession, groups: Groups, limit: int) -> list[tuple[str, int]]:
    """(table, id) of the newest rows in which every group has one of its phrases.

    A rare word is answered by all rows that have it, kinds and projects read from their columns; a common one by the rows of
    the newest ages, and where the reader may see little of them by the index with all marks.
    """
    words = [group for group in groups if not (_kinds(group) or _projects(group))]
    reach, values = _reach(groups)
    asked: dict[str, Any] = {**values, "asked": _all_of(words), "limit": limit}
    if _expected(session, asked["asked"]) < COMMON * limit:
        return _ordered(session, HIT + REACHED.format(reach=reach), asked)
    age = (session.scalar(text("SELECT max(id) FROM search_entry")) or 0) // AGE
    ages = [(f"zze{one}",) for one in range(age, max(age - NEWEST_AGES, -1), -1)]
    newer = {**asked, "asked": _all_of([ages, *words])}
    found = _ordered(session, HIT + REACHED.format(reach=reach), newer)
    if len(found) >= limit:
        return found
    return _ordered(session, BY_INDEX_ALONE, {"asked": _all_of(groups), "limit": limit})


def _expected(session: AnySession, asked: str) -> int:
    """How many rows have the words, as the planner reckons from its statistics without looking for them."""
    query = "EXPLAIN (FORMAT JSON) SELECT 1 FROM search_entry WHERE lexemes @@ CAST(:asked AS tsquery)"
    plan = session.execute(text(query), {"asked": asked}).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])


def _ordered(session: AnySession, query: str, values: dict[str, Any]) -> list[tuple[str, int]]:
    return [(row[1], row[2]) for row in session.execute(text(query), values).all()]


def _kinds(group: Sequence[tuple[str, ...]]) -> bool:
    return all(phrase[0].startswith(table_word("")) for phrase in group)


def _projects(group: Sequence[tuple[str, ...]]) -> bool:
    return all(phrase[0].startswith(PROJECT) for phrase in group)


PROJECT, NO_PROJECT = project_word(None)[:-1], project_word(None)


def _reach(groups: Groups) -> tuple[str, dict[str, Any]]:
    """SQL: the row is of the kinds and projects asked for, which stand in its columns as they do in its words."""
    tests, values = ["TRUE"], dict[str, Any]()
    for place, group in enumerate(groups):
        marks = [phrase[0] for phrase in group]
        if _kinds(group):
            tests.append(f"'{table_word('')}' || replace(subject, '_', '') = ANY(:marks{place})")
            values[f"marks{place}"] = marks
        elif _projects(group):
            free = "project_id IS NULL" if NO_PROJECT in marks else "FALSE"
            tests.append(f"(project_id = ANY(:marks{place}) OR {free})")
            values[f"marks{place}"] = [int(mark.removeprefix(PROJECT)) for mark in marks if mark != NO_PROJECT]
    return " AND ".join(tests), values


def _all_of(groups: Groups) -> str:
    return " & ".join("(" + " | ".join(_phrase(one) for one in group) + ")" for group in groups)


def _phrase(phrase: tuple[str, ...]) -> str:
    quoted = ["'" + word.replace("'", "").replace("\\", "") + "'" for word in phrase]
    return "(" + " <-> ".join(quoted) + ("" if is_whole(phrase) else ":*") + ")"
