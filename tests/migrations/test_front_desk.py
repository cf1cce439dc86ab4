"""Rows of the time before 0045: what the migrations of the front desk make of them, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from app.kernel.columns import Encrypted, blind
from tests.bench.databases import Databases
from tests.migrations.old_rows import THEN, Writer, empty_database, rows, upgrade_to

PHONE = "10012345678"
pytestmark = pytest.mark.timeout(300)


@dataclass
class Old:
    """The database at the newest revision, and the ids of the rows that were there before."""

    engine: Engine
    projects: tuple[int, int]
    ids: dict[str, int]


def _customer(writer: Writer, name: str, project: int, **more: Any) -> int:
    told = {
        "state": "following",
        "kind": "person",
        "grade": "B",
        "source": "passing",
        "first_kind": "visit",
        "eligibility": "unchecked",
    }
    times = {"first_at": THEN, "last_contact_at": THEN + timedelta(days=3)}
    return writer.put("customer", name=name, project_id=project, **(told | times | more))


def _contact(writer: Writer, project: int, kind: str, place: str, customer: int | None = None) -> int:
    silent = None if customer else "refused"
    return writer.put(
        "contact",
        project_id=project,
        kind=kind,
        place=place,
        at=THEN,
        customer_id=customer,
        no_phone_reason=silent,
        source="passing",
    )


def _step(writer: Writer, customer: int, name: str, at: datetime) -> None:
    writer.put("state_change", subject="customer", subject_id=customer, step=name, at=at, before="x", after="y")


def _filled(engine: Engine) -> tuple[tuple[int, int], dict[str, int]]:
    writer = Writer(engine)
    projects = writer.put("project", name="旧案场", code="OLD"), writer.put("project", name="新案场", code="NEW")
    one, two = projects
    ids = {
        "owned": _customer(
            writer,
            "王伟",
            one,
            owner_id=7,
            team_id=3,
            last_visit_at=THEN,
            consent_version="2025-01",
            consent_channel="paper",
            consent_at=THEN,
            state="signed",
        ),
        "pooled": _customer(writer, "欧阳小雨", one, state="pool", grade="C", wanted_layout="三房"),
        "lost": _customer(writer, "李娜", one, owner_id=8, state="lost", last_visit_at=THEN),
        "fresh": _customer(writer, "赵敏", two, state="new", owner_id=9),
        "half": _customer(writer, "钱进", two, owner_id=9, consent_at=THEN),  # without a version: no proof of anything
    }
    writer.put(
        "customer_phone",
        customer_id=ids["owned"],
        project_id=one,
        number=Encrypted().process_bind_param(PHONE, None),
        digest="d",
        live=True,
    )
    for kind, place in (("first_visit", "案场"), ("return_visit", "上海展厅"), ("call", "案场")):
        _contact(writer, one, kind, place, ids["owned"])
    _contact(writer, one, "first_visit", "案场")  # without a number
    _contact(writer, one, "first_visit", "案场", ids["lost"])
    for name, day in (("queue", 1), ("queue", 5), ("reserve", 8), ("sign", 20)):
        _step(writer, ids["owned"], name, THEN + timedelta(days=day))
    for day in (2, 9):
        _step(writer, ids["lost"], "lose", THEN + timedelta(days=day))
    return projects, ids


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, app: Flask, databases: Databases) -> Iterator[Old]:
    with app.app_context(), empty_database(app, databases, request.param) as engine:
        upgrade_to("0043_ways_in")
        projects, ids = _filled(engine)
        upgrade_to("0054_ways_in")
        stars = {"reception": 5, "explanation": 4, "environment": 3}
        ids["rating"] = Writer(engine).put("service_rating", project_id=projects[0], form_key="k", **stars)
        upgrade_to("head")
        yield Old(engine, projects, ids)


def test_every_place_that_visits_name_is_a_reception_place(old: Old) -> None:
    found = rows(
        old.engine,
        "SELECT project_id, name, position, active, screen, version FROM reception_place ORDER BY project_id, name",
    )
    one, two = old.projects
    assert [row[:2] for row in found] == sorted([(one, "案场"), (one, "上海展厅"), (two, "案场")])
    assert all((row[2], bool(row[3]), row[4], row[5]) == (1, True, 1, 1) for row in found)
    assert {row[0] for row in rows(old.engine, "SELECT turn_id FROM contact")} == {None}


def test_who_owns_a_customer_owns_him_from_now_on_and_the_pool_begins_with_who_stood_in_it(old: Old) -> None:
    since = dict(rows(old.engine, "SELECT id, owner_since FROM customer"))
    assert str(since[old.ids["owned"]])[:10] == date.today().isoformat() and since[old.ids["pooled"]] is None
    (entry,) = rows(
        old.engine, "SELECT customer_id, called, grade, wanted_layout, state, rule, project_id, left_at FROM pool_entry"
    )
    assert entry == (old.ids["pooled"], "欧阳*", "C", "三房", "waiting", "pooled", old.projects[0], None)


def test_hidden_numbers_are_found_by_what_channels_show_of_them(old: Old) -> None:
    assert rows(old.engine, "SELECT part_digest FROM customer_phone") == [(blind(f"part:{PHONE[:3]}{PHONE[-4:]}"),)]


def test_visits_and_milestones_are_counted_from_the_log(old: Old) -> None:
    found = {
        row[0]: row[1:]
        for row in rows(old.engine, "SELECT id, visits, queued_at, reserved_at, signed_at, lost_at FROM customer")
    }

    def days(moments: tuple[Any, ...]) -> list[int | None]:
        return [(datetime.fromisoformat(str(m)[:19]) - THEN).days if m else None for m in moments]

    visits, *moments = found[old.ids["owned"]]
    assert (visits, days(tuple(moments))) == (2, [1, 8, 20, None])  # the call is no visit; the first queue counts
    visits, *moments = found[old.ids["lost"]]
    assert (visits, days(tuple(moments))) == (1, [None, None, None, 9])  # given up twice: the last one
    assert found[old.ids["fresh"]] == (0, None, None, None, None)


def test_one_consent_becomes_the_two_that_it_was(old: Old) -> None:
    found = rows(
        old.engine,
        "SELECT customer_id, purpose, edition, channel, owner_id, team_id, project_id, withdrawn_at, version FROM consent ORDER BY purpose",
    )
    told = (old.ids["owned"], "2025-01", "paper", 7, 3, old.projects[0], None, 1)
    assert [(row[0], *row[2:]) for row in found] == [told, told]
    assert [row[1] for row in found] == ["basic", "identity"]


def test_a_rating_of_three_parts_stays_as_it_was(old: Old) -> None:
    assert rows(old.engine, "SELECT overall, reception, explanation, environment FROM service_rating") == [
        (None, 5, 4, 3)
    ]
