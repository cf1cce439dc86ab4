"""Who may open what: grants live in code, derived from what the views declare (03 §3.3.5, 07).

A view declares `posts = {"show": frozenset({Post.CLERK}), …}`: permission without its «can_» → posts. Nothing declared, nothing granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.kernel.posts import Post

Grants = dict[str, frozenset[Post]]  # what a view declares in `posts`
_grants: dict[tuple[str, str], frozenset[Post]] = {}


def grant(view: str, permission: str, posts: Iterable[Post]) -> None:
    """Give these posts a permission («can_show», «menu_access») on a view or menu entry; adds to what is given already."""
    _grants[view, permission] = _grants.get((view, permission), frozenset()) | frozenset(posts)


def grant_declared(view: str, declared: Mapping[str, Iterable[Post]]) -> None:
    """Give what a view declares in `posts`."""
    for name, posts in declared.items():
        whole = name == "menu_access" or name.startswith("can_")
        grant(view, name if whole else f"can_{name}", posts)


def posts_of(view: str, permission: str) -> frozenset[Post]:
    """The posts that hold a permission; empty for one that nobody declared."""
    return _grants.get((view, permission), frozenset())


def all_grants() -> Iterator[tuple[str, str, frozenset[Post]]]:
    """(view, permission, posts) of everything granted, in a stable order."""
    for (view, permission), posts in sorted(_grants.items()):
        yield view, permission, posts


def orphans(views: Iterable[Any]) -> list[str]:
    """«view.permission» of registered permissions without an owner; the architecture test keeps this list empty."""
    found = []
    for view in views:
        found += [
            f"{view.class_permission_name}.{permission}"
            for permission in view.base_permissions or ()
            if not posts_of(view.class_permission_name, permission)
        ]
    return sorted(found)
