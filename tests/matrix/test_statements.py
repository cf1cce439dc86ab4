"""A list costs the same few statements however many rows it shows: everything shown comes with the page (04 F1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.kernel import actors
from app.kernel.screens.view import VIEWS
from tests.cast import MEMBERS
from tests.matrix.clones import OWN_WORD, clone
from tests.matrix.world import World

MOST = 8
HOME_MOST = 12
COPIES = 30


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that reaches the database; BEGIN and COMMIT are none."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="package")
def full(whole_world: World) -> str:
    """Every paper thirty times more, all of the same people; under this name the world keeps it."""
    whole_world.restore()
    people = {login: login for login in MEMBERS}
    for copy in range(COPIES):
        clone(whole_world.cast, 1_000_000 + 1000 * copy, "a", people, "a1", OWN_WORD, OWN_WORD)
    whole_world.keep("full.db")
    return "full.db"


@pytest.fixture
def full_world(world: World, full: str) -> Iterator[World]:
    world.restore(full)
    remembered: Any = actors.directory()
    actors.register_directory(remembered._real)  # who somebody is counts too
    yield world
    actors.register_directory(remembered)


def readers(view: Any) -> list[str]:
    """Who reads the list: somebody of the whole project, and somebody with own rows."""
    allowed = [
        login for login, (_name, post, where) in MEMBERS.items() if post in view.posts["can_list"] and where[0] != "b"
    ]
    own = [login for login in allowed if login == "consultant1"]
    return [*own, *[login for login in allowed if login not in own][:1]]


def test_every_list_needs_at_most_eight_statements(full_world: World) -> None:
    too_many = {}
    for view in VIEWS.values():
        for login in readers(view):
            client = full_world.clients[login]
            client.get(view.list_url())
            with statements(full_world.engine) as sent:
                answer = client.get(view.list_url())
            assert answer.status_code == 200, view.list_url()
            assert len(answer.data) < 200 * 1024, view.list_url()
            if len(sent) > MOST:
                too_many[view.list_url(), login] = [len(sent), *(s[:160] for s in sent)]
    assert not too_many, "\n".join(f"{key}: {value}" for key, value in too_many.items())


def test_the_home_page_asks_for_the_numbers_of_all_rooms_at_once(full_world: World) -> None:
    too_many = {}
    for login in (name for name, (_name, _post, where) in MEMBERS.items() if where[0] != "b"):
        client = full_world.clients[login]
        client.get("/")
        with statements(full_world.engine) as sent:
            assert client.get("/").status_code == 200, login
        if len(sent) > HOME_MOST:
            too_many[login] = [len(sent), *(s[:160] for s in sent)]
    assert not too_many
