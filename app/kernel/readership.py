"""Which posts read a paper where its view names fewer than its scope kind admits (07 «reads»).

The session's scope decides whose rows; this decides which posts, for every way to a single record: its page and steps, its
files, «查看», the search, the page of its approval. Whoever decides it at present comes in by his approval instead.
"""

from __future__ import annotations

from typing import Any

from app.kernel.actors import Actor
from app.kernel.posts import Post

_readers: dict[type[Any], frozenset[Post]] = {}


def declare_readers(model: type[Any], posts: frozenset[Post]) -> None:
    """Called once by the view that shows the model."""
    _readers[model] = posts


def may_read_kind(actor: Actor, model: type[Any], project_id: int | None = None) -> bool:
    """Whether one of his posts (in that project) reads papers of this model; models without a view follow their scope alone."""
    posts = _readers.get(model)
    return posts is None or actor.system or actor.holds(posts, project_id)


def may_read(actor: Actor, record: Any) -> bool:
    """The same for one record that lies in his scope."""
    return may_read_kind(actor, type(record), getattr(record, "project_id", None))
