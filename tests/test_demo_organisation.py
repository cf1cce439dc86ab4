"""The first chapter of the demo world."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from app.demo import organisation
from app.demo.accounts import ACCOUNTS, PASSWORD
from app.demo.world import World, travel
from app.features.organisation.models import Delegation, DelegationState, Parameter, Person
from app.kernel import base
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.inbox import count_waiting
from app.kernel.posts import Post

TODAY = date(2026, 11, 24)


@pytest.fixture
def world(session):
    found = World(session, TODAY)
    with travel(found.at(0, 9)), acting_as(SYSTEM):
        organisation.load(session, found)
        yield found


def test_everybody_has_his_post_and_a_name_of_his_own(world, session):
    assert len({account.name for account in ACCOUNTS}) == len(ACCOUNTS)
    assert set(Post) == {account.post for account in ACCOUNTS}
    for account in ACCOUNTS:
        who = world.actor(account.username)
        assert who.posts == {account.post}, account.username
        assert who.projects == {world.projects[account.project].id} if account.project else set(world.projects), account
    assert session.scalar(select(func.count(Person.id)).where(Person.demo.is_(True))) == len(ACCOUNTS)


def test_demo_people_sign_in(world, app, login):
    assert login(app.test_client(), "supervisor", PASSWORD).get("/").status_code == 200


def test_one_delegation_runs_from_tomorrow_and_one_waits(world, session):
    states = list(session.scalars(select(Delegation.state).order_by(Delegation.id)))
    assert states == [DelegationState.APPROVED, DelegationState.REVIEW]
    assert world.actor("supervisor").posts == {Post.SUPERVISOR}
    assert world.actor("supervisor", world.at(-1)).posts == {Post.SUPERVISOR, Post.SITE_MANAGER}
    with acting_as(world.actor("developer_lead")):
        assert count_waiting(session, world.actor("developer_lead")) == 1


def test_settings_have_a_history(world, session):
    assert session.scalar(select(func.count(Parameter.id)).where(Parameter.project_id == world.projects["JPYL"].id)) > 2


def test_travel_comes_back(world):
    before = base.now()
    with travel(world.at(100, 8, 30)):
        assert base.now() == world.at(100, 8, 30)
    assert base.now() == before
