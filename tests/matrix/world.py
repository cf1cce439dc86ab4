"""The matrix's world: one paper of each kind three times, everybody signed in, the database put back between actors."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Table, event, select, text, update

from app.extensions import db
from app.features.units.models import Unit
from app.kernel import actors
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from tests.bench.databases import Databases, checkpoint
from tests.cast import MEMBERS, Cast, build
from tests.factories import PASSWORD
from tests.matrix.clones import COLLEAGUE_WORD, FOREIGN_WORD, HOUSE_WORD, OWN_WORD, SHARED, TO_B, Clone, clone
from tests.matrix.seed import FLOOR_PRICE, seed

OWN, COLLEAGUE, FOREIGN, MISSING = 100_000, 200_000, 300_000, 900_000
NO_BUSINESS = {  # sign-ins, reading marks and logs: a refused request may leave its line there
    "login_session", "login_try", "account_security", "ab_user", "audit_entry", "audit_block", "request_key", "counter",
    "kept_form",
}  # fmt: skip
DISABLED = "marketing_gone"


@dataclass
class World:
    """ids[table] = the id of the first paper of A before it was cloned; add OWN, COLLEAGUE, FOREIGN or MISSING."""

    app: Flask
    cast: Cast
    engine: Engine
    databases: Databases
    clones: dict[int, Clone]
    ids: dict[str, int]
    shared: dict[str, dict[int, int]]
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    actors: dict[int, Any] = field(default_factory=dict)

    def keep(self, name: str) -> None:
        """Everything as it is now, for restore."""
        db.session.remove()
        self.engine.dispose()
        checkpoint(self.databases.live)
        shutil.copyfile(self.databases.live, self.databases.folder / name)

    def restore(self, name: str = "matrix.db") -> None:
        """Everything as it was when it was made, or kept under this name."""
        self.actors.clear()
        db.session.remove()
        self.engine.dispose()
        for path in self.databases.folder.glob("live.db*"):
            path.unlink()
        shutil.copyfile(self.databases.folder / name, self.databases.live)

    def dump(self, project: str | None = None) -> dict[str, Any]:
        """All rows of the business tables, of one project when told."""
        found = {}
        with self.engine.connect() as connection:
            for table in db.metadata.sorted_tables:
                if table.name in NO_BUSINESS or table.name.startswith("ab_"):
                    continue
                if project is None:
                    found[table.name] = connection.exec_driver_sql(_all_of(table)).fetchall()
                elif "project_id" in table.c:
                    rows = connection.exec_driver_sql(_all_of(table, True), (self.cast.project_ids[project],))
                    found[table.name] = rows.fetchall()
        return found

    def row(self, paper: str, relation: int) -> int | None:
        """The id of a paper of mine, of a colleague, of the other project or of nobody; None when there is none of that kind."""
        table = paper.replace("-", "_")
        if relation == MISSING:
            return MISSING
        if table in self.shared:
            return self.shared[table].get(relation)
        if table in ("delegation", "parameter"):
            return {OWN: self.ids[table], FOREIGN: self.ids[table] + FOREIGN}.get(relation)
        return self.ids[table] + relation

    def is_draft(self, text: str) -> bool:
        """Whether a canary stands in a paper that is not in effect yet."""
        return any(text in one.drafts for one in self.clones.values())

    def word(self, text: str) -> tuple[str, str]:
        """Table and column of a canary."""
        return next(one.where[text] for one in self.clones.values() if text in one.where)


@cache
def _all_of(table: Table, of_a_project: bool = False) -> str:
    """The statement as text: hundreds of dumps of 150 tables would compile it each time."""
    found = select(table).order_by(table.c.id)
    if of_a_project:
        found = found.where(table.c.project_id == text("?"))
    return str(found)


@contextmanager
def watched(engine: Engine, written: list[str]) -> Iterator[None]:
    """Note every INSERT, UPDATE and DELETE of a business table; what is rolled back does not count."""
    pending: list[str] = []

    @event.listens_for(engine, "after_cursor_execute")
    def _statement(_conn: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        words = statement.replace('"', "").split(None, 4)
        verb = words[0].upper()
        if verb in ("INSERT", "UPDATE", "DELETE"):
            table = (words[1] if verb == "UPDATE" else words[2]).split("(")[0]
            if table not in NO_BUSINESS:
                pending.append(f"{verb} {table}")

    def _commit(_conn: Any) -> None:
        written.extend(pending)
        pending.clear()

    def _rollback(_conn: Any) -> None:
        pending.clear()

    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _rollback)
    yield
    event.remove(engine, "after_cursor_execute", _statement)
    event.remove(engine, "commit", _commit)
    event.remove(engine, "rollback", _rollback)


class Remembered:
    """The directory, asked once a person: who holds what is not what the matrix changes."""

    def __init__(self, world: World, real: Any) -> None:
        self._world, self._real = world, real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def actor_for_user(self, user_id: int, at: Any) -> Any:
        """As the real one, but only the first time."""
        if user_id not in self._world.actors:
            self._world.actors[user_id] = self._real.actor_for_user(user_id, at)
        return self._world.actors[user_id]


@contextmanager
def made_world(app: Flask, databases: Databases) -> Iterator[World]:
    """Built once a module on a copy of the template."""
    with databases.fresh(app, "sqlite") as engine, app.app_context():
        cast = build(db.session)
        _disabled(cast)
        seed(cast)
        floor_of(cast)
        ids = _first_ids()
        clones = {
            OWN: clone(cast, OWN, "a", {}, "a1", OWN_WORD, HOUSE_WORD),
            COLLEAGUE: clone(cast, COLLEAGUE, "a", {"consultant1": "consultant2"}, "a2", COLLEAGUE_WORD, HOUSE_WORD),
            FOREIGN: clone(cast, FOREIGN, "b", TO_B, "b1", FOREIGN_WORD, FOREIGN_WORD),
        }
        world = World(app, cast, engine, databases, clones, ids, _shared(cast))
        _sign_in(world)
        world.keep("matrix.db")
        real, log = actors.directory(), logging.getLogger("flask_appbuilder")
        level = log.level
        log.setLevel(logging.ERROR)  # ten thousand refusals are no news
        actors.register_directory(Remembered(world, real))
        with watched(engine, world.written):
            yield world
        actors.register_directory(real)
        log.setLevel(level)
        db.session.remove()


def floor_of(cast: Cast) -> None:
    """One floor price for all, with digits of its own."""
    table = Unit.__table__
    with acting_as(SYSTEM):
        write(cast.session, lambda: cast.session.execute(update(table).values(floor_unit_price=FLOOR_PRICE)))


def _first_ids() -> dict[str, int]:
    found = {}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            if table.name not in SHARED and not table.name.startswith("ab_"):
                row = connection.execute(select(table.c.id).order_by(table.c.id)).first()
                if row is not None:
                    found[table.name] = row[0]
    return found


def _shared(cast: Cast) -> dict[str, dict[int, int]]:
    """Papers that exist once: mine and the other project's."""
    projects, people = cast.project_ids, cast.person_ids
    with db.engine.connect() as connection:
        held = dict(connection.exec_driver_sql("SELECT person_id, id FROM assignment").fetchall())  # type: ignore[arg-type]
        day = connection.exec_driver_sql("SELECT id FROM calendar_day").scalar_one()
    return {
        "project": {OWN: projects["a"], FOREIGN: projects["b"]},
        "team": {OWN: cast.team_ids["a1"], FOREIGN: cast.team_ids["b1"]},
        "assignment": {OWN: held[people["clerk"]], FOREIGN: held[people["other_clerk"]]},
        "person": {OWN: people["clerk"]},
        "company": {OWN: cast.agency_id},
        "calendar_day": {OWN: day},
    }


def _disabled(cast: Cast) -> None:
    """Somebody of project A whose account is switched off after he signed in."""
    from app.kernel.posts import Post
    from tests import factories

    with acting_as(SYSTEM):
        employer = cast.person("clerk").company
    gone = factories.person(cast.session, DISABLED, "离人", employer)
    for post in (Post.SUPERVISOR, Post.CLERK):
        factories.post(cast.session, gone, post, cast.a)


def _sign_in(world: World) -> None:
    from flask_appbuilder.security.sqla.models import User

    for login in [*MEMBERS, DISABLED]:
        client = world.app.test_client()
        answer = client.post("/login/", data={"username": login, "password": PASSWORD})
        assert answer.status_code == 302 and "/login" not in answer.headers["Location"], login
        world.clients[login] = client
    db.session.remove()

    def disable() -> None:
        db.session.execute(update(User).where(User.username == DISABLED).values(active=False))

    with acting_as(SYSTEM):
        write(db.session, disable)
    world.clients[""] = world.app.test_client()
