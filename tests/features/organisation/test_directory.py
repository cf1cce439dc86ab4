"""Who holds which post, and who sees whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.features.organisation.effects import end_assignment
from app.features.organisation.models import Assignment, Company, Person, Project, Team, team_of_person
from app.kernel.actors import SYSTEM, acting_as, directory
from app.kernel.base import now
from app.kernel.errors import NotFound
from app.kernel.posts import Post
from app.kernel.workflow import fire
from tests import factories
from tests.cast import MEMBERS


def names(session, model, who):
    with acting_as(who):
        return {str(row) for row in session.scalars(select(model))}


def test_every_member_has_his_one_post(cast):
    for login, (_, post, where) in MEMBERS.items():
        who = cast.actor(login)
        assert who.posts == {post}, login
        expected = set(cast.project_ids.values()) if where == "agency" else {cast.project_ids[where[0]]}
        assert who.projects == expected, login


def test_the_account_leads_to_the_same_person(cast):
    who = cast.person("supervisor2")
    found = directory().actor_for_user(who.user_id, now())
    assert (found.person_id, found.name, found.user_id) == (who.id, "高远", who.user_id)
    assert found.postings[0].team_id == cast.team_ids["a2"]
    assert directory().actor_for_user(999_999, now()) is None


def test_holders_obey_project_team_and_side(cast):
    a, b = cast.project_ids["a"], cast.project_ids["b"]
    ask = lambda post, project, team=None: [h.name for h in directory().holders(post, project, team, now())]  # noqa: E731
    assert ask(Post.SUPERVISOR, a) == ["周敏", "高远"]
    assert ask(Post.SUPERVISOR, a, cast.team_ids["a1"]) == ["周敏"]
    assert ask(Post.SUPERVISOR, a, cast.team_ids["a2"]) == ["周敏", "高远"]
    assert ask(Post.SUPERVISOR, b) == ["曹颖"]
    assert ask(Post.GENERAL_MANAGER, b) == ["朱永年"]
    assert ask(Post.PROJECT_MANAGER, b) == []
    assert ask(Post.ADMIN, a) == ["孔维"]


def test_a_post_ends_with_its_last_day(cast, session):
    monday = date(2026, 3, 2)
    with acting_as(SYSTEM):
        held = session.scalars(select(Assignment).where(Assignment.person_id == cast.person_ids["clerk"])).one()
        end_assignment(session, held, monday)
    noon = datetime(2026, 3, 2, 12)
    assert [h.name for h in directory().holders(Post.CLERK, cast.a.id, None, noon)] == ["方芳"]
    assert directory().holders(Post.CLERK, cast.a.id, None, noon + timedelta(days=1)) == []
    assert directory().actor_for_person(cast.person_ids["clerk"], noon + timedelta(days=1)).postings == ()


def test_a_disabled_person_is_nobody(cast, session):
    with acting_as(SYSTEM):
        fire(session, cast.person("clerk"), "disable", cast.actor("admin"), note="停职")
    assert directory().actor_for_person(cast.person_ids["clerk"], now()) is None
    assert directory().holders(Post.CLERK, cast.a.id, None, now()) == []
    assert directory().person_name(cast.person_ids["clerk"]) == "方芳"


def test_nobody_of_project_b_sees_anything_of_project_a(cast, session):
    stranger = cast.actor("other_consultant")
    assert names(session, Project, stranger) == {"翠湖壹号"}
    assert names(session, Company, stranger) == {"安居房地产顾问有限公司", "翠湖地产有限公司"}
    with acting_as(stranger):
        teams = session.scalars(select(Team)).all()
    assert [t.project_id for t in teams] == [cast.project_ids["b"]]
    people = names(session, Person, stranger)
    assert "严冬" in people and "朱永年" in people
    assert not people & {name for name, _, where in MEMBERS.values() if where.startswith("a") and where != "agency"}


def test_the_developer_sees_no_head_office_of_the_agency(cast, session):
    people = names(session, Person, cast.actor("developer_lead"))
    assert "吴越" in people and "宋岚" in people
    assert not people & {"朱永年", "韩梅", "杨帆", "蒋莉"}


def test_the_administrator_sees_all_people_and_writes_them(cast, session):
    admin = cast.actor("admin")
    assert len(names(session, Person, admin)) == len(MEMBERS)
    with acting_as(admin):
        session.add(Person(name="新人", company_id=cast.agency_id))
        session.commit()
    with acting_as(cast.actor("supervisor")):
        session.add(Person(name="混入", company_id=cast.agency_id))
        with pytest.raises(NotFound):
            session.flush()
        session.rollback()


def test_head_office_founds_a_project_and_a_supervisor_does_not(cast, session):
    def found(code):
        return Project(name=code, code=code, agency_id=cast.agency_id, developer_id=cast.a.developer_id)

    with acting_as(cast.actor("sales_admin")):
        session.add(found("NEW1"))
        session.commit()
    assert "NEW1" in names(session, Project, cast.actor("sales_admin"))
    with acting_as(cast.actor("supervisor")):
        session.add(found("NEW2"))
        with pytest.raises(NotFound):
            session.flush()
        session.rollback()


def test_without_an_actor_people_are_an_error(cast, session):
    with pytest.raises(RuntimeError, match="without an actor"):
        session.scalars(select(Person)).all()


def test_team_of_a_person_that_day(cast, session):
    assert (
        team_of_person(session, cast.person_ids["consultant2"], cast.project_ids["a"], now().date())
        == cast.team_ids["a2"]
    )
    assert team_of_person(session, cast.person_ids["clerk"], cast.project_ids["a"], now().date()) is None
    assert team_of_person(session, cast.person_ids["consultant2"], cast.project_ids["a"], date(2019, 1, 1)) is None


def test_a_second_post_adds_a_project(cast, session):
    with acting_as(SYSTEM):
        who, where = cast.person("site_manager"), cast.b
    factories.post(session, who, Post.SITE_MANAGER, where)
    assert cast.actor("site_manager").projects == set(cast.project_ids.values())


@pytest.mark.both_databases
def test_the_directory_asks_few_questions(cast, session):
    from sqlalchemy import event

    asked = []
    listen = lambda *args: asked.append(args[2]) if args[2].startswith("SELECT") else None  # noqa: E731
    event.listen(session.get_bind(), "before_cursor_execute", listen)
    try:
        cast.actor("consultant1")
        assert len(asked) == 1
        asked.clear()
        cast.actor("auditor")
        assert len(asked) <= 2
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", listen)
