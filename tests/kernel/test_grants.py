"""Grants in code: nothing declared, nothing granted; the framework's tables are a copy (03 §3.3.5, 04 S1)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import PermissionView, Role
from sqlalchemy import event, func, select

from app.extensions import appbuilder, db
from app.kernel.actors import Actor, Posting, acting_as
from app.kernel.entrance import ALWAYS, OPEN, STATIC
from app.kernel.grants import orphans, posts_of
from app.kernel.posts import POSTS, Post
from app.kernel.security import sync_security
from app.kernel.transactions import write

WITHOUT_RIGHTS = {"UtilView.back"}  # leads back to a page that asks for its own right


def acting(*posts: Post) -> Actor:
    return Actor(1, "林晓", tuple(Posting(post, frozenset({1})) for post in posts))


def test_every_registered_permission_has_an_owner(app: Flask) -> None:
    appbuilder.sm.read_declarations()
    mine = [view for view in appbuilder.baseviews if getattr(view, "posts", None)]
    assert len(mine) > 20
    nobodys = {
        name for name in orphans(mine) if not name.endswith((".can_add", ".can_edit", ".can_delete", ".can_export"))
    }
    assert nobodys == set(), "a screen that nobody may open"


def test_no_route_is_open_by_chance(app: Flask) -> None:
    """Every route outside the named few belongs to a view with declared posts; the door turns strangers away from all."""
    views = {view.endpoint: view for view in appbuilder.baseviews}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN | ALWAYS | STATIC | WITHOUT_RIGHTS:
            continue
        view = views.get(rule.endpoint.split(".")[0])
        assert view is not None and getattr(view, "posts", None), rule.endpoint


def test_strangers_reach_nothing(app: Flask, client: Any) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN | STATIC:
            continue
        address = rule.rule
        for name, converter in rule._converters.items():
            address = address.replace(f"<{'int:' if 'Integer' in type(converter).__name__ else ''}{name}>", "1")
        if "<" in address:
            continue
        for method in rule.methods & {"GET", "POST", "PUT", "DELETE", "PATCH"}:
            answer = client.open(address, method=method)
            assert answer.status_code in (302, 404), (method, address, answer.status_code)
            assert answer.status_code == 404 or answer.headers["Location"].startswith("/login/"), address


def test_access_is_answered_without_a_statement(session: Any) -> None:
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    sm = appbuilder.sm
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with acting_as(acting(Post.SALES_ADMIN)):
            assert sm.has_access("can_revise", "PoliciesView")
            assert sm.has_access("menu_access", "Policies")
            assert sm.has_access("menu_access", "组织"), "a group is seen with one of its entries"
        with acting_as(acting(Post.CONSULTANT)):
            assert not sm.has_access("can_revise", "PoliciesView")
            assert not sm.has_access("menu_access", "Policies")
        with acting_as(acting()):
            assert not sm.has_access("can_index", "HomeView")
        assert not sm.has_access("can_index", "HomeView"), "nobody is nobody"
        assert not sm.has_access("can_anything", "NoSuchView")
        assert not sm.is_item_public("can_index", "HomeView")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert sent == []


@pytest.mark.both_databases
def test_the_tables_say_the_same_and_a_second_run_changes_nothing(session: Any) -> None:
    def held(post: Post) -> set[tuple[str, str]]:
        session.rollback()
        role = session.scalars(select(Role).where(Role.name == POSTS[post].label)).one()
        return {(p.view_menu.name, p.permission.name) for p in role.permissions}

    before = held(Post.CLERK)
    assert before
    for view, permission in before:
        assert permission == "menu_access" or Post.CLERK in posts_of(view, permission)
    count = session.scalar(select(func.count()).select_from(PermissionView))
    changed: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement[:6] in ("INSERT", "UPDATE", "DELETE"):
            changed.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    sync_security()
    event.remove(db.engine, "before_cursor_execute", note)
    assert changed == []

    def plant() -> None:
        role = session.scalars(select(Role).where(Role.name == POSTS[Post.AUDITOR].label)).one()
        role.permissions = list(session.scalars(select(PermissionView)))

    write(session, plant)
    assert len(held(Post.AUDITOR)) == count
    sync_security()
    assert ("PoliciesView", "can_revise") not in held(Post.AUDITOR), "what was given by hand is taken back"
    assert held(Post.CLERK) == before
    assert not session.scalars(select(Role).where(Role.name.in_(("Admin", "Public")))).all()


def test_each_menu_entry_is_asked_once(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The framework's list of names repeats itself: asked as it stands, a start takes seconds more."""
    asked: list[str] = []
    plain = appbuilder.sm.posts_of_menu
    monkeypatch.setattr(appbuilder.sm, "posts_of_menu", lambda name: asked.append(name) or plain(name))
    sync_security()
    groups = [item for item in appbuilder.menu.menu if item.childs]
    assert len(asked) <= 2 * len(set(asked))
    assert {child.name for group in groups for child in group.childs} - {"-"} <= set(asked)


def test_the_framework_keeps_its_hands_off_accounts(session: Any) -> None:
    sm = appbuilder.sm
    made = sm.add_user("somebody", "伟", "王", "w@example.com", session.scalars(select(Role)).first(), password="x")
    assert sm.find_user("SomeBody").id == made.id
    assert sm.auth_user_db("somebody", "x").id == made.id
    assert sm.auth_user_db("somebody", "y") is None
    assert sm.find_user(email="w@example.com") is None
