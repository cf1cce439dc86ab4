"""People to choose from: who holds certain posts in a project today."""

from __future__ import annotations

from collections.abc import Iterable

from app.kernel.actors import directory
from app.kernel.base import now
from app.kernel.posts import POSTS, Post


def people_of(posts: Iterable[Post], project_id: int | None) -> tuple[tuple[str, str], ...]:
    """(person id as text, «林晓（置业顾问）») in the order of the org chart, each person once by his first post."""
    found: dict[str, str] = {}
    for post in sorted(posts, key=list(Post).index):
        for holder in directory().holders(post, project_id, None, now()):
            found.setdefault(str(holder.person_id), f"{holder.name}（{POSTS[post].label}）")
    return tuple(found.items())
