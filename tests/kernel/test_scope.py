"""Row scope at the session: each kind of paper is cut by its own reach."""

from __future__ import annotations

from sqlalchemy import select

from app.features.organisation.models import Team
from app.kernel.actors import SYSTEM, Actor, Posting, acting_as
from app.kernel.audiences import CustomerPapers, ManagerPapers, PeoplePapers
from app.kernel.posts import Post
from app.kernel.scope import KINDS, reach


def test_a_kind_never_gets_the_values_of_another(cast, session):
    """SQLAlchemy keeps closure values by the code of a lambda: kinds that shared one all got the last kind's projects."""
    a, b = cast.project_ids["a"], cast.project_ids["b"]
    both = Actor(
        7,
        "两头跑",
        (Posting(Post.CONSULTANT, frozenset({a}), cast.team_ids["a1"]), Posting(Post.CLERK, frozenset({b}))),
    )
    assert reach(both, PeoplePapers.audience).whole == (a, b)
    assert reach(both, ManagerPapers.audience).whole == (b,)
    with acting_as(both):
        assert {t.project_id for t in session.scalars(select(Team))} == {a, b}


def test_a_team_limits_owned_papers_only(cast):
    """本组 narrows customers and deals, not the units, permits and teams of the project."""
    leader = cast.actor("supervisor2")
    assert reach(leader, PeoplePapers.audience).whole == (cast.project_ids["a"],)
    owned = reach(leader, CustomerPapers.audience)
    assert (owned.whole, owned.teams) == ((), (cast.team_ids["a2"],))


def test_one_statement_serves_many_people(cast, session):
    """The values change from person to person, the statement stays."""
    for login, project in (("clerk", "a"), ("other_clerk", "b"), ("clerk", "a")):
        with acting_as(cast.actor(login)):
            assert {t.project_id for t in session.scalars(select(Team))} == {cast.project_ids[project]}


def test_kinds_are_few():
    """Each kind costs every statement (03 §3.3.1)."""
    assert len({kind.audience.name for kind in KINDS}) == len(KINDS) <= 20


def test_a_row_that_a_lock_read_is_not_handed_out_from_memory(cast, session):
    """`get` asks no statement for what is in memory: a form named a paper of the other project after a refused post."""
    foreign = cast.team_ids["b1"]
    with acting_as(cast.actor("clerk")):
        held = session.get(Team, foreign, execution_options={"unscoped": True})
        assert held is not None
        assert session.get(Team, foreign) is None
        assert session.get(Team, cast.team_ids["a1"]) is not None
    with acting_as(SYSTEM):
        assert session.get(Team, foreign) is held
