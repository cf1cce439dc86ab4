"""The fixed cast: project A with every post once (two teams, two consultants, two cashiers), project B with strangers.

Tests read like sentences: `actor("supervisor")`, `client_as("consultant1")`, `cast.a`, `cast.person("clerk")`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.features.organisation.models import (
    Assignment,
    Company,
    CompanyKind,
    JobDescription,
    Person,
    PostName,
    Project,
    SalesStage,
    Team,
)
from app.kernel.actors import SYSTEM, Actor, acting_as, directory
from app.kernel.base import now
from app.kernel.posts import Post
from app.kernel.transactions import write
from tests import factories
from tests.bench.databases import Databases

PASSWORD_HASH = generate_password_hash(factories.PASSWORD, method="pbkdf2:sha256:1")
TEAMS = {"a1": "一组", "a2": "二组", "b1": "一组"}

# login → name, post, where: a = project A, a1/a2 = its teams, agency/developer = company-wide, b/b1 = project B
MEMBERS: dict[str, tuple[str, Post, str]] = {
    "consultant1": ("林晓", Post.CONSULTANT, "a1"),
    "consultant2": ("何涛", Post.CONSULTANT, "a2"),
    "assistant": ("孙鹏", Post.ASSISTANT, "a1"),
    "supervisor": ("周敏", Post.SUPERVISOR, "a"),
    "supervisor2": ("高远", Post.SUPERVISOR, "a2"),
    "site_manager": ("吴越", Post.SITE_MANAGER, "a"),
    "clerk": ("方芳", Post.CLERK, "a"),
    "contract_officer": ("许静", Post.CONTRACT_OFFICER, "a"),
    "channel_officer": ("冯凯", Post.CHANNEL_OFFICER, "a"),
    "project_manager": ("谭明", Post.PROJECT_MANAGER, "a"),
    "sales_admin": ("蒋莉", Post.SALES_ADMIN, "agency"),
    "marketing": ("沈悦", Post.MARKETING, "a"),
    "finance": ("韩梅", Post.FINANCE, "agency"),
    "administration": ("杨帆", Post.ADMINISTRATION, "agency"),
    "general_manager": ("朱永年", Post.GENERAL_MANAGER, "agency"),
    "developer_site": ("陆一鸣", Post.DEVELOPER_SITE, "a"),
    "developer_finance": ("宋岚", Post.DEVELOPER_FINANCE, "a"),
    "developer_finance2": ("尤佳", Post.DEVELOPER_FINANCE, "a"),
    "developer_marketing": ("许诺", Post.DEVELOPER_MARKETING, "a"),
    "developer_service": ("何苗", Post.DEVELOPER_SERVICE, "a"),
    "developer_legal": ("吕正", Post.DEVELOPER_LEGAL, "a"),
    "developer_lead": ("沈国栋", Post.DEVELOPER_LEAD, "a"),
    "auditor": ("张慎", Post.AUDITOR, "agency"),
    "admin": ("孔维", Post.ADMIN, "agency"),
    "other_consultant": ("严冬", Post.CONSULTANT, "b1"),
    "other_supervisor": ("曹颖", Post.SUPERVISOR, "b"),
    "other_site_manager": ("潘磊", Post.SITE_MANAGER, "b"),
    "other_clerk": ("田甜", Post.CLERK, "b"),
    "other_finance": ("董洁", Post.DEVELOPER_FINANCE, "b"),
    "other_lead": ("曹德胜", Post.DEVELOPER_LEAD, "b"),
}


@dataclass
class Cast:
    """Ids and rows of the cast; rows are read as SYSTEM on demand, so that they are never stale."""

    session: Session
    agency_id: int = 0
    project_ids: dict[str, int] = field(default_factory=dict)
    team_ids: dict[str, int] = field(default_factory=dict)
    person_ids: dict[str, int] = field(default_factory=dict)

    def ids(self) -> tuple[int, dict[str, int], dict[str, int], dict[str, int]]:
        """Of the agency, projects, teams and people, in the order of the fields."""
        return self.agency_id, dict(self.project_ids), dict(self.team_ids), dict(self.person_ids)

    def _get(self, model: type[Any], key: int) -> Any:
        with acting_as(SYSTEM):
            return self.session.get(model, key)

    @property
    def a(self) -> Project:
        """Project A, JPYL."""
        return self._get(Project, self.project_ids["a"])

    @property
    def b(self) -> Project:
        """Project B, CH1: other developer, other people."""
        return self._get(Project, self.project_ids["b"])

    def team(self, name: str) -> Team:
        """a1, a2 or b1."""
        return self._get(Team, self.team_ids[name])

    def person(self, login: str) -> Person:
        return self._get(Person, self.person_ids[login])

    def actor(self, login: str, at: datetime | None = None) -> Actor:
        """The person as actor, with the postings of now (or of another moment)."""
        found = directory().actor_for_person(self.person_ids[login], at or now())
        assert found is not None, login
        return found


def build(session: Session) -> Cast:
    """Insert the cast into an empty database, in one transaction."""
    with acting_as(SYSTEM):
        return write(session, lambda: _rows(session))


def _rows(session: Session) -> Cast:
    agency = Company(name="安居房地产顾问有限公司", kind=CompanyKind.AGENCY)
    developers = {
        "a": Company(name="江城置业有限公司", kind=CompanyKind.DEVELOPER),
        "b": Company(name="翠湖地产有限公司", kind=CompanyKind.DEVELOPER),
    }
    projects = {
        "a": Project(name="江畔云庐", code="JPYL", agency=agency, developer=developers["a"], stage=SalesStage.STRONG),
        "b": Project(name="翠湖壹号", code="CH1", agency=agency, developer=developers["b"], stage=SalesStage.STRONG),
    }
    teams = {name: Team(name=label, project=projects[name[0]]) for name, label in TEAMS.items()}
    people = {}
    for login, (name, what, where) in MEMBERS.items():
        account = User(username=login, last_name=name, first_name="", email=f"{login}@account.invalid", active=True)
        account.password = PASSWORD_HASH
        employer = developers[where[0]] if what.value.startswith("developer_") else agency
        people[login] = Person(name=name, company=employer, user=account)
        held = Assignment(
            person=people[login], post=PostName[what.name], since=factories.LONG_AGO, team=teams.get(where)
        )
        held.project = None if where == "agency" else projects[where[0]]
        if what is Post.SUPERVISOR:
            held.job_description = JobDescription.S2 if login == "supervisor2" else JobDescription.S1
    session.add_all([*teams.values(), *people.values()])
    session.flush()
    ids = {login: person.id for login, person in people.items()}
    return Cast(session, agency.id, {k: p.id for k, p in projects.items()}, {k: t.id for k, t in teams.items()}, ids)


@pytest.fixture
def cast(session: Session, databases: Databases) -> Cast:
    """The people of both projects, who stand in the copy of the template already."""
    agency_id, *others = databases.cast_ids or (0, {}, {}, {})
    return Cast(session, agency_id, *(dict(ids) for ids in others))


@pytest.fixture
def actor(cast: Cast) -> Callable[..., Actor]:
    """actor("supervisor") → the Actor."""
    return cast.actor


@pytest.fixture
def client_as(app: Flask, cast: Cast, login: Callable[..., FlaskClient]) -> Callable[[str], FlaskClient]:
    """client_as("clerk") → a test client of its own, signed in through the real form."""
    return lambda username: login(app.test_client(), username)
