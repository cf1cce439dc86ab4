"""Who holds which post now: the answers that the kernel asks of this feature (kernel/actors.py ActorDirectory).

Everything here reads unscoped: it is what the scope itself is made from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased, scoped_session

from app.features.organisation.models import (
    Assignment,
    Company,
    Delegation,
    DelegationState,
    Person,
    PersonState,
    Project,
    Team,
)
from app.features.organisation.models.projects import OVERSEERS
from app.kernel.actors import SYSTEM, Actor, Holder, Posting
from app.kernel.posts import POSTS, Post

UNSCOPED = {"unscoped": True}


def in_force(model: Any, day: date) -> Any:
    """The rows of a dated table that hold on this day, first and last day included."""
    return and_(model.since <= day, or_(model.until.is_(None), model.until >= day))


class Directory:
    """People, posts and delegations from the database; `session` gives the session of the caller's request or job."""

    def __init__(self, session: Callable[[], Session] | scoped_session[Session]) -> None:
        self._session = session

    def actor_for_user(self, user_id: int, at: datetime) -> Actor | None:
        """The person behind an account with his postings of that day; None when nobody active belongs to it."""
        return self._actor(Person.user_id == user_id, at.date())

    def actor_for_person(self, person_id: int, at: datetime) -> Actor | None:
        """The same for a known person; 0 is the system itself."""
        return SYSTEM if person_id == SYSTEM.person_id else self._actor(Person.id == person_id, at.date())

    def person_name(self, person_id: int) -> str:
        """The name, also of somebody who left; empty when there is no such person."""
        if person_id == SYSTEM.person_id:
            return SYSTEM.name
        return (
            self._session().scalar(select(Person.name).where(Person.id == person_id), execution_options=UNSCOPED) or ""
        )

    def person_names(self, ids: set[int]) -> dict[int, str]:
        """Names of many people in one query."""
        return self._names(Person, ids)

    def project_names(self, ids: set[int]) -> dict[int, str]:
        """Names of projects for whoever knows their ids already."""
        return self._names(Project, ids)

    def company_names(self, ids: set[int]) -> dict[int, str]:
        """Names of the agencies that sell these projects."""
        query = select(Project.id, Company.name).join(Company, Company.id == Project.agency_id)
        return {key: name for key, name in self._rows(query.where(Project.id.in_(sorted(ids))))}  # noqa: C416

    def team_names(self, ids: set[int]) -> dict[int, str]:
        """Names of teams."""
        return self._names(Team, ids)

    def people_of_project(self, project_id: int | None) -> dict[int, str]:
        """Everybody who has or had a post in the project, by name; without a project nobody."""
        query = select(Person.id, Person.name).join(Assignment, Assignment.person_id == Person.id)
        rows = self._rows(query.where(Assignment.project_id == project_id).distinct().order_by(Person.name, Person.id))
        return {key: name for key, name in rows}  # noqa: C416 - a result is no mapping

    def teams_of_project(self, project_id: int | None) -> dict[int, str]:
        """The teams of the project."""
        query = select(Team.id, Team.name).where(Team.project_id == project_id).order_by(Team.id)
        return {key: name for key, name in self._rows(query)}  # noqa: C416

    def holders(self, post: Post, project_id: int | None, team_id: int | None, at: datetime) -> list[Holder]:
        """Who holds the post there on that day: the holders themselves, then their deputies, each person once.

        team_id leaves out those whose scope is another team; without project_id the holders of every project answer.
        """
        found: dict[int, Holder] = {}
        for person_id, name in self._rows(_own_holders(post, project_id, team_id, at.date())):
            found.setdefault(person_id, Holder(person_id, name))
        for person_id, name, absent in self._rows(_deputies(post, project_id, team_id, at.date())):
            found.setdefault(person_id, Holder(person_id, name, acting_for=absent))
        return list(found.values())

    def _names(self, model: Any, ids: set[int]) -> dict[int, str]:
        return {key: name for key, name in self._rows(select(model.id, model.name).where(model.id.in_(sorted(ids))))}  # noqa: C416 - a result is no mapping

    def _rows(self, query: Select[*tuple[Any, ...]]) -> Any:
        return self._session().execute(query, execution_options=UNSCOPED)

    def _actor(self, who: Any, day: date) -> Actor | None:
        query = (
            select(
                Person.id,
                Person.name,
                Person.user_id,
                Person.company_id,
                Assignment.post,
                Assignment.project_id,
                Assignment.team_id,
            )
            .outerjoin(Assignment, and_(Assignment.person_id == Person.id, in_force(Assignment, day)))
            .where(who, Person.state == PersonState.ACTIVE)
            .order_by(Assignment.id)
        )
        rows = list(self._rows(query))
        if not rows:
            return None
        person_id, name, user_id, company_id = rows[0][:4]
        own = [self._posting(Post(post.value), project, team, company_id) for *_, post, project, team in rows if post]
        return Actor(person_id, name, tuple(own) + self._delegated(person_id, day), user_id)

    def _posting(self, post: Post, project_id: int | None, team_id: int | None, company_id: int) -> Posting:
        if project_id is not None:
            return Posting(post, frozenset({project_id}), team_id)
        query = select(Project.id) if post in OVERSEERS else select(Project.id).where(Project.agency_id == company_id)
        return Posting(post, frozenset(self._session().scalars(query, execution_options=UNSCOPED)))

    def _delegated(self, deputy_id: int, day: date) -> tuple[Posting, ...]:
        """Postings by delegation; they last only as long as the absent person holds the post himself (02 §2.1.2)."""
        absent = aliased(Person)
        query = (
            select(Delegation.post, Delegation.project_id, Assignment.team_id, absent.name)
            .join(absent, absent.id == Delegation.absent_id)
            .join(Assignment, _given_away(day))
            .where(Delegation.deputy_id == deputy_id, _delegation_in_force(day))
            .order_by(Delegation.id)
        )
        return tuple(
            Posting(Post(post.value), frozenset({project}), team, acting_for=name)
            for post, project, team, name in self._rows(query)
        )


def _delegation_in_force(day: date) -> Any:
    return and_(Delegation.state == DelegationState.APPROVED, Delegation.since <= day, Delegation.until >= day)


def _given_away(day: date) -> Any:
    """The absent person's own assignment to the post that he gave away."""
    return and_(
        Assignment.person_id == Delegation.absent_id,
        Assignment.post == Delegation.post,
        or_(Assignment.project_id == Delegation.project_id, Assignment.project_id.is_(None)),
        in_force(Assignment, day),
    )


def _team_fits(team_id: int | None) -> Any:
    return True if team_id is None else or_(Assignment.team_id.is_(None), Assignment.team_id == team_id)


def _own_holders(post: Post, project_id: int | None, team_id: int | None, day: date) -> Select[*tuple[Any, ...]]:
    query = (
        select(Person.id, Person.name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            Assignment.post == post.value,
            Person.state == PersonState.ACTIVE,
            in_force(Assignment, day),
            _team_fits(team_id),
        )
        .order_by(Assignment.id)
    )
    if project_id is None:
        return query
    if not POSTS[post].company_wide:
        return query.where(Assignment.project_id == project_id)
    if post in OVERSEERS:
        return query
    return query.where(Person.company_id == select(Project.agency_id).where(Project.id == project_id).scalar_subquery())


def _deputies(post: Post, project_id: int | None, team_id: int | None, day: date) -> Select[*tuple[Any, ...]]:
    deputy, absent = aliased(Person), aliased(Person)
    query = (
        select(deputy.id, deputy.name, absent.name)
        .select_from(Delegation)
        .join(deputy, deputy.id == Delegation.deputy_id)
        .join(absent, absent.id == Delegation.absent_id)
        .join(Assignment, _given_away(day))
        .where(
            Delegation.post == post.value,
            deputy.state == PersonState.ACTIVE,
            _delegation_in_force(day),
            _team_fits(team_id),
        )
        .order_by(Delegation.id)
    )
    return query if project_id is None else query.where(Delegation.project_id == project_id)
