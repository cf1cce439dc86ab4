"""The test bench itself: copies are fresh, both databases are real, the browser watches."""

from __future__ import annotations

import time
import urllib.request

import pytest
from flask_appbuilder.security.sqla.models import Role, User

from app.extensions import appbuilder, db
from tests.bench.quick import quick_folder
from tests.kernel.people import registered


@pytest.mark.both_databases
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_with_the_same_rows(session, database, turn):
    assert db.engine.dialect.name == database
    assert session.query(User).count() == 0
    appbuilder.sm.add_user("somebody", "伟", "王", f"{turn}@example.com", session.query(Role).first(), password="x")
    assert session.query(User).count() == 1


@pytest.mark.both_databases
def test_login_goes_through_the_form(session, client, login):
    role = appbuilder.sm.add_role("客人")
    appbuilder.sm.add_user("guest", "伟", "王", "guest@example.com", role, password="anchang-demo")
    with registered():
        login(client, "guest")
    with pytest.raises(AssertionError):
        login(client.application.test_client(), "guest", "wrong")


def test_ids_of_accounts_are_never_used_again(session):
    first = appbuilder.sm.add_role("一")
    gone = first.id
    session.delete(first)
    session.commit()
    assert appbuilder.sm.add_role("二").id > gone


@pytest.mark.slow
@pytest.mark.both_databases
def test_the_server_is_made_of_processes_that_are_replaced(server):
    before = server.worker_pids()
    assert len(before) == 2
    killed = server.kill_worker()
    until = time.monotonic() + 120
    while killed in (now := server.worker_pids()) or len(now) < 2:
        assert time.monotonic() < until, "the killed worker was not replaced"
        time.sleep(0.05)
    with urllib.request.urlopen(f"{server.url}/healthz", timeout=30) as answer:
        assert answer.status == 200


@pytest.mark.browser
def test_the_login_page_opens_in_a_browser(server, browser_page):
    browser_page.goto(f"{server.url}/login/")
    assert browser_page.locator("input[name=username]").is_visible()


def test_what_a_killed_run_left_in_memory_is_put_away():
    with quick_folder("mine") as mine:
        left = mine.with_name("anchang-databases-99999999-x")  # no process has this number
        left.mkdir()
        with quick_folder("other"):
            assert not left.exists()
            assert mine.exists()
    assert not mine.exists()
