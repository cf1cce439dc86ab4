"""Who acts: a person with posts in projects on a day. The kernel knows the shape; `organisation` registers the directory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.kernel.posts import POSTS, Post, Side


@dataclass(frozen=True)
class Posting:
    """One post held now: project_id None = all projects of the company (`projects` lists them)."""

    post: Post
    projects: frozenset[int]
    team_id: int | None = None  # set = scope 本组, None = 全案场
    acting_for: str | None = None  # name of the absent person, by dated delegation (02 §2.1.2)


@dataclass(frozen=True)
class Actor:
    """The person behind an act; built once per request. `system` acts for jobs and start-up only."""

    person_id: int
    name: str
    postings: tuple[Posting, ...] = ()
    user_id: int | None = None
    system: bool = False
    project_names: Mapping[int, str] = field(default_factory=dict, compare=False, hash=False)  # of his projects
    cache: dict[object, object] = field(default_factory=dict, compare=False, hash=False)

    @property
    def posts(self) -> frozenset[Post]:
        return frozenset(p.post for p in self.postings)

    @property
    def projects(self) -> frozenset[int]:
        return frozenset(i for p in self.postings for i in p.projects)

    def projects_as(self, posts: Iterable[Post]) -> frozenset[int]:
        """Projects in which he holds one of these posts."""
        wanted = frozenset(posts)
        return frozenset(i for p in self.postings if p.post in wanted for i in p.projects)

    def holds(self, posts: Iterable[Post], project_id: int | None = None) -> bool:
        """Whether he holds one of these posts (in that project)."""
        wanted = frozenset(posts)
        return any(p.post in wanted and (project_id is None or project_id in p.projects) for p in self.postings)

    def posting(self, posts: Iterable[Post], project_id: int | None, team_id: int | None = None) -> Posting | None:
        """The posting by which he may act there, his own before a delegated one; team scope must match when it is set."""
        wanted = frozenset(posts)
        fit = [
            p
            for p in self.postings
            if p.post in wanted
            and (project_id is None or project_id in p.projects)
            and (p.team_id is None or team_id is None or p.team_id == team_id)
        ]
        return min(fit, key=lambda p: p.acting_for is not None, default=None)

    @property
    def side(self) -> Side:
        return POSTS[self.postings[0].post].side if self.postings else Side.NEUTRAL


SYSTEM = Actor(person_id=0, name="系统", system=True)

_current: ContextVar[Actor | None] = ContextVar("actor", default=None)
_posting: ContextVar[Posting | None] = ContextVar("posting", default=None)


def current_actor() -> Actor | None:
    """The actor set for this request or job, None before login."""
    return _current.get()


def set_actor(actor: Actor | None) -> None:
    """Set by the request hook after login; everything else uses acting_as."""
    _current.set(actor)


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Run a block as this actor: jobs, commands and tests name whom they act for."""
    by = _posting.set(_posting.get() if actor == _current.get() else None)
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)
        _posting.reset(by)


def current_posting() -> Posting | None:
    """The post by which the actor takes the present step; None outside a step, and in those that the system takes."""
    return _posting.get()


@contextmanager
def acting_by(posting: Posting | None) -> Iterator[None]:
    """Run a step by this post. The outermost one counts: what a step moves elsewhere is done by the same post."""
    token = _posting.set(_posting.get() or posting)
    try:
        yield
    finally:
        _posting.reset(token)


@dataclass(frozen=True)
class Holder:
    """One person who holds a post somewhere now."""

    person_id: int
    name: str
    acting_for: str | None = None


class ActorDirectory(Protocol):
    """What the kernel asks of people, teams and delegations; registered by the organisation feature."""

    def actor_for_user(self, user_id: int, at: datetime) -> Actor | None: ...

    def holders(self, post: Post, project_id: int | None, team_id: int | None, at: datetime) -> list[Holder]: ...

    def person_name(self, person_id: int) -> str: ...

    def names_of_users(self, ids: set[int]) -> dict[int, str]: ...

    def actor_for_person(self, person_id: int, at: datetime) -> Actor | None: ...


_directory: ActorDirectory | None = None


def register_directory(directory: ActorDirectory) -> None:
    """Called once by the organisation feature."""
    global _directory
    _directory = directory


def directory() -> ActorDirectory:
    """The registered directory; a house without people is a programming error."""
    if _directory is None:
        raise RuntimeError("no ActorDirectory registered")
    return _directory
