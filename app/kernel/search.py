"""Searching everything that a person may see: the index proposes, the scoped SELECT of each model decides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, func, literal, select

from app.kernel.actors import Actor
from app.kernel.posts import Post
from app.kernel.registries import SEARCH, SearchEntry
from app.kernel.search_candidates import candidates
from app.kernel.search_index import PARTS
from app.kernel.search_text import digests_asked, part_word, project_word, table_word, terms
from app.kernel.transactions import AnySession

PROPOSED = 1000  # rows that the index proposes at most; the page says so when there may be more
OWN_ONLY = frozenset({Post.CONSULTANT, Post.CHANNEL_OFFICER})


Inside = dict[int, tuple[str, int]]  # id of a record → (table, id) of its part


@dataclass(frozen=True)
class Found:
    """The records of one kind, newest first; `total` of those proposed; inside: record → its part that the words stand in."""

    entry: SearchEntry
    records: tuple[Any, ...]
    total: int
    inside: Inside


@dataclass(frozen=True)
class Answer:
    """What was found by kind; cut = the index had more than it may propose."""

    groups: tuple[Found, ...]
    cut: bool


def search(session: AnySession, actor: Actor, question: str, shown: int = 10) -> Answer:
    """Records with every word of the question (the last of a word may be its beginning), within the actor's reach."""
    groups = _asked(actor, question)
    if not groups:
        return Answer((), False)
    kinds = [*((table_word(model.__tablename__),) for model in SEARCH), *((table_word(table),) for table in PARTS)]
    proposed = candidates(session, [kinds, *groups], PROPOSED + 1)
    ids: dict[str, list[int]] = {}
    for table, key in proposed[:PROPOSED]:
        ids.setdefault(table, []).append(key)
    inside = _inside(session, {table: ids.pop(table) for table in PARTS if table in ids})
    found = [
        _within_reach(session, entry, ids.get(table, []), inside.get(table, {}), shown)
        for model, entry in SEARCH.items()
        if (table := model.__tablename__) in ids or table in inside
    ]
    in_order = sorted((one for one in found if one.records), key=lambda one: one.entry.rank)
    return Answer(tuple(in_order), len(proposed) > PROPOSED)


def proposed_ids(session: AnySession, actor: Actor, model: type[Any], question: str) -> tuple[list[int], bool]:
    """Ids of at most PROPOSED records of one kind that have every word of the question, newest first; whether there were more.

    For lists and choices, whose own scoped SELECT decides. A question without a word finds nothing.
    """
    groups = _asked(actor, question)
    if not groups:
        return [], False
    found = candidates(session, [[(table_word(model.__tablename__),)], *groups], PROPOSED + 1)
    return [key for _table, key in found[:PROPOSED]], len(found) > PROPOSED


def among(session: AnySession, column: Any, ids: list[int]) -> ColumnElement[bool]:
    """Rows of these ids, sent as one value: a thousand places in a statement cost more than its rows."""
    if session.get_bind().dialect.name == "sqlite":
        listed = func.json_each(json.dumps(ids)).table_valued("value")
        found: ColumnElement[bool] = column.in_(select(listed.c.value))
        return found
    return cast(ColumnElement[bool], column == any_(literal(ids, ARRAY(Integer))))


def found_inside(session: AnySession, actor: Actor, model: type[Any], question: str) -> tuple[Inside, bool]:
    """Records of one kind in whose files the words stand, each with the newest such file; whether there were more.

    For look-ups, whose own scoped SELECT decides who sees what; `excerpt_of` shows the place.
    """
    groups = _asked(actor, question)
    if not groups:
        return {}, False
    groups = [[(table_word(table),) for table in PARTS], [(part_word(model.__tablename__),)], *groups]
    ids: dict[str, list[int]] = {}
    found = candidates(session, groups, PROPOSED + 1)
    for table, key in found[:PROPOSED]:
        ids.setdefault(table, []).append(key)
    return _inside(session, ids).get(model.__tablename__, {}), len(found) > PROPOSED


def excerpt_of(session: AnySession, part: tuple[str, int], question: str) -> tuple[str, str]:
    """(name of the file, where the words stand in it); only for whoever sees the record."""
    table, part_id = part
    return PARTS[table].excerpt(session, part_id, question)


def _inside(session: AnySession, ids: dict[str, list[int]]) -> dict[str, Inside]:
    """By table of the records: which of them the parts with these ids belong to, the first (newest) part of each."""
    found: dict[str, Inside] = {}
    for table, keys in ids.items():
        owners = PARTS[table].owners(session, keys)
        for key in keys:
            if key in owners:
                owner_table, owner_id = owners[key]
                found.setdefault(owner_table, {}).setdefault(owner_id, (table, key))
    return found


def _asked(actor: Actor, question: str) -> list[list[tuple[str, ...]]]:
    """All of these groups, one phrase of each; the first ones keep the index within the actor's projects and customers."""
    phrases, digests = terms(question), digests_asked(question)
    if not phrases and not digests:
        return []
    groups: list[list[tuple[str, ...]]] = [[(project_word(i),) for i in (*sorted(actor.projects), None)]]
    if actor.posts <= OWN_ONLY:
        groups.append([(f"zzo{actor.person_id}",), ("zzo0",)])
    if digests:
        return [*groups, [*((word,) for word in digests), *phrases[:1]]]
    return [*groups, *([phrase] for phrase in phrases)]


def _within_reach(session: AnySession, entry: SearchEntry, ids: list[int], inside: Inside, shown: int) -> Found:
    model = entry.model
    mine = sorted(session.scalars(select(model.id).where(model.id.in_({*ids, *inside}))), reverse=True)
    rows = {row.id: row for row in session.scalars(select(model).where(model.id.in_(mine[:shown])))}
    return Found(entry, tuple(rows[i] for i in mine[:shown] if i in rows), len(mine), inside)
