"""Numbers of many rooms in one statement: each asker gets its own rows, cut to the actor's as any others."""

from __future__ import annotations

from sqlalchemy import func, literal, select

from app.features.organisation.models import Team
from app.kernel import gathering
from app.kernel.actors import acting_as
from app.kernel.gathering import COUNT_CAP, counted, gathered, how_many
from tests.matrix.test_statements import statements


def _twice(first, second):
    (one,) = yield [select(literal(first))]
    (two, three) = yield [select(literal(second)), select(literal(one[0] + 1), literal("·"))]
    return [one, two, three]


def _early():
    return "nothing asked"
    yield []


def test_each_asker_gets_its_own_rows_in_the_order_of_its_statements(session):
    said = gathered(session, [_twice(1, 2), "plain", _early(), _twice(10, 20)])
    assert said == [[(1,), (2,), (2, "·")], "plain", "nothing asked", [(10,), (20,), (11, "·")]]


def test_askers_share_a_statement_as_long_as_a_database_can_join_so_many(session, monkeypatch):
    monkeypatch.setattr(gathering, "AT_ONCE", 2)
    with statements(session.get_bind()) as sent:
        said = gathered(session, [_twice(n, n) for n in range(3)])
    assert [one for one, *_rest in said] == [(0,), (1,), (2,)]
    assert len(sent) == 2 + 3, "three statements by two, then six by two"


def test_the_scope_reaches_into_every_statement(cast, session):
    """A table of one row inside a statement is cut like any other: nobody counts what he may not read."""

    def asking():
        ((many,), (capped,)) = yield [select(func.count(Team.id)), how_many(select(Team.id))]
        return many, capped

    with acting_as(cast.actor("clerk")):
        mine = len(session.scalars(select(Team)).all())
        assert gathered(session, [asking()]) == [(mine, mine)]
        every = session.scalar(select(func.count(Team.id)), execution_options={"unscoped": True})
        assert 0 < mine < every


def test_a_count_stops_where_nobody_reads_on():
    assert [counted(n) for n in (0, COUNT_CAP, COUNT_CAP + 1)] == ["0", "10,000", "1 万+"]
