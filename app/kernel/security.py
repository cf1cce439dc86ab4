"""The framework's security manager on our terms: grants from code, no screens of its own, no commits of its own (03 §3.3.5, .10)."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask_appbuilder.security.sqla.manager import SecurityManager as FrameworkManager
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, User, ViewMenu
from flask_limiter import Limiter
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel import entrance, pages
from app.kernel.actors import current_actor
from app.kernel.credentials import authenticate, find_user, set_password
from app.kernel.errors import RuleError
from app.kernel.grants import all_grants, grant_declared, posts_of
from app.kernel.login import AuthView
from app.kernel.posts import POSTS, Post
from app.kernel.sessions import owner_of_cookie
from app.kernel.transactions import write


class SecurityManager(FrameworkManager):
    """Login, grants and accounts. Set as FAB_SECURITY_MANAGER_CLASS."""

    authdbview = AuthView
    userstatschartview = None

    def __init__(self, appbuilder: Any) -> None:
        self._declared = 0
        super().__init__(appbuilder)
        current_app.teardown_request(entrance.leave)

    def create_limiter(self, app: Flask) -> Limiter:
        """The one limiter of the site, so that login and own routes count in one place."""
        from app.extensions import limiter

        limiter.init_app(app)
        return limiter

    @staticmethod
    def before_request() -> Any:
        """Registered by the framework before every request."""
        return entrance.arrive()

    def load_user(self, pk: int) -> User | None:
        """The account of the cookie while its sign-in lives."""
        return owner_of_cookie(self.session, int(pk))

    # ---- grants ----
    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether one of the actor's posts holds it; anonymous never. No statement is sent."""
        actor = current_actor()
        if actor is None:
            return False
        self.read_declarations()
        if permission_name == "menu_access":
            return bool(actor.posts & self.posts_of_menu(view_name))
        return bool(actor.posts & posts_of(view_name, permission_name))

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Names of the menu entries that the actor sees."""
        return {name for name in menu_names or [] if self.has_access("menu_access", name)}

    def read_declarations(self) -> None:
        """Take over the `posts` of the views that were added since the last time."""
        views = self.appbuilder.baseviews
        for view in views[self._declared :]:
            grant_declared(view.class_permission_name, getattr(view, "posts", {}))
        self._declared = len(views)

    def posts_of_menu(self, name: str) -> frozenset[Post]:
        """Who sees a menu entry: whom it was given to, or whoever may open its page; a group, when one of its entries is seen."""
        given = posts_of(name, "menu_access")
        item = self.appbuilder.menu.find(name)
        if given or item is None:
            return given
        if item.childs:
            return frozenset().union(*(self.posts_of_menu(c.name) for c in item.childs if c.name != "-"))
        view = item.baseview
        if view is None:
            return frozenset()
        own = posts_of(view.class_permission_name, "menu_access")
        if own:
            return own
        method = getattr(type(view), view.default_view, None)
        permission = (view.method_permission_name or {}).get(view.default_view) or getattr(
            method, "_permission_name", view.default_view
        )
        return posts_of(view.class_permission_name, f"can_{permission}")

    # ---- views ----
    def register_views(self) -> None:
        """Only our own login; the framework's user, role, statistics and password screens and its JSON login stay out."""
        self.auth_view = self.appbuilder.add_view_no_menu(self.authdbview())
        if self.is_auth_limited:
            # Only refusals count: a whole office may sign in from one address in the morning.
            failures = self.limiter.limit(
                self.auth_rate_limit, methods=["POST"], deduct_when=lambda answer: answer.status_code == 401
            )
            failures(self.auth_view.blueprint)
        pages.register(self.appbuilder)

    # ---- accounts: the framework's own ways in, inside our transactions ----
    def auth_user_db(self, username: str, password: str) -> User | None:
        """For whatever of the framework asks: the same rule as the login page."""
        try:
            return authenticate(self.session, username or "", password or "", "")
        except RuleError:
            return None

    def update_user_auth_stat(self, user: User, success: bool = True) -> None:
        """Counted where the password is checked (credentials.authenticate), in that transaction."""

    def reset_password(self, userid: int, password: str) -> None:
        """A new password set for somebody else; he has to choose his own at the next login. Raises RuleError."""

        def work() -> None:
            user = self.session.get(User, int(userid))
            set_password(self.session, user, password, must_change=True)

        write(self.session, work)

    def add_user(self, *args: Any, commit: bool = True, **more: Any) -> Any:
        """The framework's way to add an account, in one write transaction."""
        add = super().add_user
        return write(self.session, lambda: add(*args, commit=False, **more))

    def update_user(self, user: User, commit: bool = True) -> Any:
        """The framework's way to change an account, in the write transaction that changed it."""
        self.session.flush()
        return True

    def find_user(self, username: str | None = None, email: str | None = None) -> User | None:
        """An account by its name, small and capital letters alike; e-mail addresses are no names here."""
        return find_user(self.session, username) if username else None


def sync_security() -> None:
    """Write roles (= posts) and their permissions to the framework's tables as declared; run once a deploy, safe to repeat.

    The tables are for reports and outside tools only: access is answered from the declarations. Needs an app context.
    """
    appbuilder = current_app.appbuilder  # type: ignore[attr-defined]
    appbuilder.sm.read_declarations()
    session = appbuilder.session
    write(session, lambda: _write_grants(session, _wanted(appbuilder.sm)))


def _wanted(sm: SecurityManager) -> dict[tuple[str, str], frozenset[Post]]:
    wanted = {(view, permission): posts for view, permission, posts in all_grants()}
    # the framework's list names an entry again for every group around it, thousands of times in all
    for name in set(sm.appbuilder.menu.get_flat_name_list()):
        if name != "-":
            wanted[name, "menu_access"] = sm.posts_of_menu(name)
    return wanted


def _write_grants(session: Session, wanted: dict[tuple[str, str], frozenset[Post]]) -> None:
    roles = _named(session, Role, {facts.label for facts in POSTS.values()})
    permissions = _named(session, Permission, {permission for _view, permission in wanted})
    views = _named(session, ViewMenu, {view for view, _permission in wanted})
    pairs = {(p.view_menu_id, p.permission_id): p for p in session.scalars(select(PermissionView))}
    held: dict[Post, list[PermissionView]] = {post: [] for post in Post}
    kept = set()
    for (view, permission), posts in wanted.items():
        key = (views[view].id, permissions[permission].id)
        if key not in pairs:
            pairs[key] = PermissionView(view_menu=views[view], permission=permissions[permission])
            session.add(pairs[key])
        kept.add(key)
        for post in posts:
            held[post].append(pairs[key])
    for post, facts in POSTS.items():
        if {id(p) for p in roles[facts.label].permissions} != {id(p) for p in held[post]}:
            roles[facts.label].permissions = held[post]
    for key in set(pairs) - kept:
        session.delete(pairs[key])
    session.flush()


def _named(session: Session, model: Any, names: set[str]) -> dict[str, Any]:
    """Rows by name, missing ones made."""
    rows = {row.name: row for row in session.scalars(select(model))}
    for name in sorted(names - set(rows)):
        rows[name] = model(name=name)
        session.add(rows[name])
    session.flush()
    return rows
