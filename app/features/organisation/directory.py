"""Who holds which post now: the answers that the kernel asks of this feature (kernel/actors.py ActorDirectory).

Everything here reads unscoped: it is what the scope itself is made from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, String, and_, bindparam, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, aliased, scoped_session

from app.features.organisation.models import (
    Assignment,
    Company,
    Delegation,
    DelegationState,
    Person,
    PersonState,
    PostName,
    Project,
    Team,
)
from app.features.organisation.models.projects import OVERSEERS
from app.kernel.actors import SYSTEM, Actor, Holder, Posting
from app.kernel.posts import POSTS, Post

UNSCOPED = {"unscoped": True}


def in_force(model: Any, day: Any) -> Any:
    """The rows of a dated table that hold on this day, first and last day included."""
    return and_(model.since <= day, or_(model.until.is_(None), model.until >= day))


class Directory:
    """People, posts and delegations from the database; `session` gives the session of the caller's request or job."""

    def __init__(self, session: Callable[[], Session] | scoped_session[Session]) -> None:
        self._session = session

    def actor_for_user(self, user_id: int, at: datetime) -> Actor | None:
        """The person behind an account with his postings of that day; None when nobody active belongs to it."""
        return self._actor("user_id", user_id, at.date())

    def actor_for_person(self, person_id: int, at: datetime) -> Actor | None:
        """The same for a known person; 0 is the system itself."""
        return SYSTEM if person_id == SYSTEM.person_id else self._actor("id", person_id, at.date())

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

    def names_of_users(self, ids: set[int]) -> dict[int, str]:
        """Whose these accounts are, in one query; also of those who left."""
        query = select(Person.user_id, Person.name).where(Person.user_id.in_(sorted(ids)))
        return {key: name for key, name in self._rows(query)}  # noqa: C416 - a result is no mapping

    def project_names(self, ids: set[int]) -> dict[int, str]:
        """Names of projects for whoever knows their ids already."""
        return self._names(Project, ids)

    def company_names(self, ids: set[int]) -> dict[int, str]:
        """Names of the agencies that sell these projects."""
        return self._companies(Project.agency_id, ids)

    def developer_names(self, ids: set[int]) -> dict[int, str]:
        """Names of the developers (甲方) of these projects."""
        return self._companies(Project.developer_id, ids)

    def _companies(self, side: Any, ids: set[int]) -> dict[int, str]:
        query = select(Project.id, Company.name).join(Company, Company.id == side)
        return {key: name for key, name in self._rows(query.where(Project.id.in_(sorted(ids))))}  # noqa: C416

    def team_names(self, ids: set[int]) -> dict[int, str]:
        """Names of teams."""
        return self._names(Team, ids)

    def people_of_project(self, project_id: int | None) -> dict[int, str]:
        """Everybody who has or had a post in the project, by name; without a project nobody."""
        rows = self._session().execute(_people(), {"project": project_id}, execution_options=UNSCOPED)
        return {key: name for key, name in rows}  # noqa: C416 - a result is no mapping

    def sellers_of_project(self, project_id: int | None) -> dict[int, str]:
        """Of them those who own customers and deals, also those who left: a list narrowed to an owner offers nobody else."""
        rows = self._session().execute(_people(SELLERS), {"project": project_id}, execution_options=UNSCOPED)
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

    def _actor(self, key: str, who: int, day: date) -> Actor | None:
        """One statement: his own postings with the names of their projects, then those that others delegated to him."""
        rows = list(self._session().execute(_postings(key), {"who": who, "day": day}, execution_options=UNSCOPED))
        if not rows or rows[0].delegated:  # nobody active; a delegation alone gives no account
            return None
        postings: dict[Any, Posting] = {}
        names: dict[int, str] = {}
        for row in rows:
            if row.project_id is not None:
                names[row.project_id] = row.project_name
            if row.post is not None:
                here = frozenset() if row.project_id is None else frozenset({row.project_id})
                known = postings.get((row.delegated, row.key, row.team_id))
                held = here | known.projects if known else here
                post = Posting(Post(row.post.value), held, row.team_id, acting_for=row.acting_for)
                postings[row.delegated, row.key, row.team_id] = post
        first = rows[0]
        return Actor(first.person_id, first.name, tuple(postings.values()), first.user_id, project_names=names)


@lru_cache
def _postings(key: str) -> Select[*tuple[Any, ...]]:
    """Of the person with this `who` on this `day`; made once, because every request asks it."""
    day = bindparam("day", type_=Date)
    parts = union_all(_own_postings(key, day), _delegated_postings(key, day)).subquery()
    return select(parts).order_by(parts.c.delegated, parts.c.key)


SELLERS = tuple(PostName[post.name] for post in (Post.CONSULTANT, Post.ASSISTANT, Post.SUPERVISOR))


@lru_cache
def _people(posts: tuple[Any, ...] = ()) -> Select[*tuple[Any, ...]]:
    """Of the `project`; made once, because every list that may be narrowed to somebody asks it. posts: () = whatever post."""
    query = select(Person.id, Person.name).join(Assignment, Assignment.person_id == Person.id)
    here = Assignment.project_id == bindparam("project")
    if posts:
        query = query.where(Assignment.post.in_(posts))
    return query.where(here).distinct().order_by(Person.name, Person.id)


def _own_postings(key: str, day: Any) -> Select[*tuple[Any, ...]]:
    """A row for each project of each posting; a company-wide post is held in every project of its company."""
    everywhere = or_(
        Assignment.post.in_([PostName[post.name] for post in OVERSEERS]), Project.agency_id == Person.company_id
    )
    held_in = or_(Project.id == Assignment.project_id, and_(Assignment.project_id.is_(None), everywhere))
    return (
        select(
            literal(0).label("delegated"), Assignment.id.label("key"), Person.id.label("person_id"), Person.name,
            Person.user_id, Assignment.post, Project.id.label("project_id"), Project.name.label("project_name"),
            Assignment.team_id, cast(null(), String).label("acting_for"),
        )
        .select_from(Person)
        .outerjoin(Assignment, and_(Assignment.person_id == Person.id, in_force(Assignment, day)))
        .outerjoin(Project, and_(Assignment.id.is_not(None), held_in))
        .where(getattr(Person, key) == bindparam("who"), Person.state == PersonState.ACTIVE)
    )  # fmt: skip


def _delegated_postings(key: str, day: Any) -> Select[*tuple[Any, ...]]:
    """They last only as long as the absent person holds the post himself (02 §2.1.2)."""
    absent, deputy = aliased(Person), aliased(Person)
    return (
        select(
            literal(1), Delegation.id, deputy.id, deputy.name, deputy.user_id, Delegation.post, Delegation.project_id,
            Project.name, Assignment.team_id, absent.name,
        )
        .select_from(Delegation)
        .join(deputy, deputy.id == Delegation.deputy_id)
        .join(absent, absent.id == Delegation.absent_id)
        .join(Project, Project.id == Delegation.project_id)
        .join(Assignment, _given_away(day))
        .where(getattr(deputy, key) == bindparam("who"), _delegation_in_force(day))
    )  # fmt: skip


def _delegation_in_force(day: Any) -> Any:
    return and_(Delegation.state == DelegationState.APPROVED, Delegation.since <= day, Delegation.until >= day)


def _given_away(day: Any) -> Any:
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
