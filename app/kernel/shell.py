"""What stands around every page: the person, his projects, what waits for him. Computed when a page draws it, once a request."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, has_request_context
from sqlalchemy import Select, select
from werkzeug.local import LocalProxy

from app.kernel.actors import Actor, current_actor
from app.kernel.approval.inbox import waiting_count
from app.kernel.entrance import current_project_id, database
from app.kernel.notices import unread_count
from app.kernel.posts import POSTS
from app.kernel.registries import LOOKUPS
from app.kernel.screens import refill
from app.kernel.screens.page import ProjectChoice, Shell
from app.kernel.screens.speaking import in_reader_language

APPROVALS = "Approvals"  # name of the menu entry that carries the number


def post_line(actor: Actor) -> str:
    """«销售主管、案场经理（代 吴越）»."""
    words = [
        f"{POSTS[p.post].label}（代 {p.acting_for}）" if p.acting_for else POSTS[p.post].label for p in actor.postings
    ]
    return "、".join(dict.fromkeys(words))


def project_names(ids: set[int]) -> dict[int, str]:
    """Names of projects, as the organisation registered them; of one's own projects the actor knows them himself."""
    lookup = LOOKUPS.get("project")
    return lookup(ids) if lookup and ids else {}


def shell_of(actor: Actor) -> Shell:
    """The frame of this person's pages."""
    names, here = actor.project_names, current_project_id()
    notices, approvals = database().execute(_counts(actor)).one()
    return Shell(
        user_name=actor.name,
        post=post_line(actor),
        project=names.get(here, "") if here else "",
        projects=tuple(ProjectChoice(i, names[i], i == here) for i in sorted(names)),
        switch_url="/project",
        unread=notices,
        profile_url="/profile",
        password_url="/password",  # noqa: S106 - an address
        logout_url="/logout/",
        counts={APPROVALS: approvals},
    )


@lru_cache(maxsize=256)
def _counts(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Both numbers in one statement, kept for the next request of the same person with the same posts: every page asks it."""
    return select(unread_count(actor.person_id).scalar_subquery(), waiting_count(actor).scalar_subquery())


def frame() -> Shell | None:
    """The frame of this request, worked out once; None for nobody and for pages without one."""
    if not has_request_context() or g.get("bare"):
        return None
    if "shell" not in g:
        actor = current_actor()
        g.shell = in_reader_language(shell_of(actor)) if actor is not None and actor.postings else None
    return g.shell


def install(app: Flask) -> None:
    """Gives every template `shell` (drawn lazily: fragments that do not draw it cost nothing) and `appbuilder`."""
    app.context_processor(_context)
    app.jinja_env.filters["itself"] = itself


def itself(shell: Shell | None) -> Shell | None:
    """The shell behind the lazy variable: a template that asks it many things asks it once to come."""
    behind: Shell | None = shell._get_current_object() if isinstance(shell, LocalProxy) else shell
    return behind


def _context() -> dict[str, Any]:
    return {"shell": LocalProxy(frame), "appbuilder": current_app.appbuilder, **refill.context()}  # type: ignore[attr-defined]
