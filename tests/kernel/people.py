"""A small invented directory for kernel tests: who holds which post, without any feature."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kernel import actors
from app.kernel.actors import Actor, Holder, Posting
from app.kernel.credentials import create_account
from app.kernel.posts import Post
from app.kernel.transactions import write

PASSWORD = "Quiet-Lake-27"


@dataclass
class People:
    """Actors by the id of their account; person id = account id."""

    by_user: dict[int, Actor] = field(default_factory=dict)

    def actor_for_user(self, user_id: int, at: datetime) -> Actor | None:
        return self.by_user.get(user_id)

    def actor_for_person(self, person_id: int, at: datetime) -> Actor | None:
        return self.by_user.get(person_id)

    def person_name(self, person_id: int) -> str:
        return self.by_user[person_id].name

    def holders(self, post: Post, project_id: int | None, team_id: int | None, at: datetime) -> list[Holder]:
        return [
            Holder(a.person_id, a.name)
            for a in self.by_user.values()
            if a.posting([post], project_id, team_id) is not None
        ]

    def add(
        self,
        session: Any,
        username: str,
        *posts: Post,
        projects: tuple[int, ...] = (1,),
        name: str = "林晓",
        must_change: bool = False,
    ) -> Actor:
        """An account with these posts in these projects."""

        def work() -> int:
            user = create_account(session, username, name[:1], name[1:], PASSWORD, must_change=must_change)
            return user.id

        user_id = write(session, work)
        postings = tuple(Posting(post, frozenset(projects)) for post in posts)
        self.by_user[user_id] = Actor(user_id, name, postings, user_id=user_id)
        return self.by_user[user_id]

    def drop(self, actor: Actor) -> None:
        del self.by_user[actor.person_id]


@contextmanager
def registered() -> Iterator[People]:
    """The house asks this directory for the time being."""
    before, people = actors._directory, People()
    actors.register_directory(people)
    try:
        yield people
    finally:
        actors._directory = before
