"""A row that the transaction holds is asked for once; whatever writes past the session makes it be asked for anew."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from app.extensions import db
from app.features.organisation.models import Project, Team
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.row_locks import locked
from app.kernel.transactions import write
from tests.cast import Cast
from tests.matrix.test_statements import statements


def asked(session: Any, work: Any) -> int:
    """How often work reads teams by their key in its write transaction."""
    with acting_as(SYSTEM), statements(db.engine) as sent:
        write(session, work)
    return sum("FROM team" in line and "WHERE team.id" in line for line in sent)


@pytest.mark.both_databases
def test_held_rows_are_asked_for_once(session: Any, cast: Cast) -> None:
    key = cast.team_ids["a1"]

    def twice() -> None:
        first = locked(session, Team, key)
        first.name = "晨组"
        assert locked(session, Team, key) is first
        assert first.name == "晨组", "what this transaction wrote stays"

    assert asked(session, twice) == 1
    assert asked(session, twice) == 1, "another transaction holds nothing yet"


@pytest.mark.both_databases
def test_a_statement_past_the_session_makes_rows_fresh(session: Any, cast: Cast) -> None:
    key = cast.team_ids["a1"]

    def past() -> None:
        held = locked(session, Team, key)
        change = update(Team.__table__).where(Team.__table__.c.id == key).values(name="暮组")
        session.execute(change)
        assert locked(session, Team, key).name == "暮组"
        assert held.name == "暮组"

    assert asked(session, past) == 2


@pytest.mark.both_databases
def test_a_savepoint_that_is_taken_back_holds_nothing(session: Any, cast: Cast) -> None:
    key = cast.team_ids["a1"]

    def inner() -> None:
        kept = []  # the identity map is weak
        savepoint = session.begin_nested()
        kept.append(locked(session, Team, key))
        savepoint.rollback()
        kept.append(locked(session, Team, key))

    assert asked(session, inner) == 2


def test_what_hangs_on_a_held_row_is_read_anew(session: Any, cast: Cast) -> None:
    def grow() -> None:
        team = locked(session, Team, cast.team_ids["a2"])
        assert team.project.id == cast.project_ids["a"]
        team.project_id = cast.project_ids["b"]
        session.flush()
        assert team.project.id == cast.project_ids["a"], "as the session knew it"
        assert locked(session, Team, team.id).project.id == cast.project_ids["b"]

    asked(session, grow)


def test_outside_a_write_nothing_is_held(session: Any, cast: Cast) -> None:
    with acting_as(SYSTEM), statements(db.engine) as sent:
        first = locked(session, Project, cast.project_ids["a"])
        assert locked(session, Project, first.id) is first
    assert len(sent) == 2
    assert locked(session, Project, 999_999) is None
