"""The test bench: one app a session, one fresh copy of a template database a test.

Fixtures: app · database (the name of the engine in use) · session · client · login · server · browser_page.
Markers: both_databases, csrf, rate_limits, browser (see pyproject.toml).
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy.orm import Session, scoped_session

os.environ["TZ"] = "Asia/Shanghai"
time.tzset()  # before any test module asks for today
for name in [name for name in os.environ if name.startswith("ANCHANG_")]:
    del os.environ[name]  # the settings of the person's own site have no say here

import app.extensions
from tests.bench.browser import browser_page, chromium  # noqa: F401
from tests.bench.databases import Databases
from tests.bench.demo import copy, demo_data  # noqa: F401
from tests.bench.hours import start_at
from tests.bench.quick import lasting, quick_folder
from tests.bench.spread import Spread, in_order, reordered
from tests.bench.tiers import Tiers
from tests.bench.web import Server, start_server
from tests.cast import actor, cast, client_as  # noqa: F401

REQUIRED = os.environ.get("CI", "").lower() in ("1", "true")
PASSWORD = "anchang-demo"
settings.register_profile("shared-machine", deadline=None)  # a slow neighbour is no failure
settings.load_profile("shared-machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="the stress tests in full size (04 R1: 16 × 40 × 60 s)")
    parser.addoption(
        "--now", help="the hour at which the site's clock starts, as 2026-12-31T23:59 (tests/bench/hours.py)"
    )
    parser.addoption("--order", help="reversed, or a number that shuffles: what leans on its neighbour falls")
    parser.addoption("--plain", action="store_true", help="leave what is marked thorough (tests/bench/tiers.py)")
    parser.addoption("--seed", type=int, default=random.randrange(10**6), help="repeat a stress run")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Tiers(plain=config.getoption("plain"), required=REQUIRED))
    if config.getoption("now"):
        start_at(config.getoption("now"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the stress runs measured, with the seed that repeats them."""
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        for name, line in report.user_properties:
            if name == "stress" and report.when == "call":
                terminalreporter.write_line(f"stress: {line}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In one of several processes: the long ones first. A process alone keeps the order of the files, or takes that of --order."""
    if config.getoption("order"):
        items[:] = reordered(items, config.getoption("order"))
    elif hasattr(config, "workerinput"):
        items[:] = [items[place] for place in in_order([item.nodeid for item in items])]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Spread | None:
    return Spread(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI nothing may be skipped: what a bare machine lacks is installed before (.ci/run)."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRED and reporter and reporter.stats.get("skipped") and not exitstatus:
        reporter.write_line("CI: skipped tests are failures", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with quick_folder("databases") as folder:
        found = Databases(folder)
        yield found
        found.close()


@pytest.fixture(scope="session")
def app(databases: Databases) -> Flask:
    """The one app of the session, on SQLite until a test asks for another database."""
    made = databases.make_app()
    lasting()
    return made


@pytest.fixture
def database(app: Flask, databases: Databases, request: pytest.FixtureRequest) -> Iterator[str]:
    """Puts the app on a fresh copy of the template, with the cast when the test knows it; «sqlite», or what both_databases asks for."""
    dialect = getattr(request, "param", "sqlite")
    with databases.fresh(app, dialect, cast="cast" in request.fixturenames):
        yield dialect


@pytest.fixture
def session(app: Flask, database: str) -> Iterator[scoped_session[Session]]:
    """The app's session inside an app context, on a fresh database."""
    from app.extensions import db

    with app.app_context():
        yield db.session
        db.session.remove()


@pytest.fixture
def client(app: Flask, database: str) -> FlaskClient:
    """An anonymous client on a fresh database."""
    return app.test_client()


@pytest.fixture
def login() -> Callable[..., FlaskClient]:
    """login(client, username, password=…) signs in through the real form and gives the client back."""

    def sign_in(client: FlaskClient, username: str, password: str = PASSWORD) -> FlaskClient:
        answer = client.post("/login/", data={"username": username, "password": password})
        assert answer.status_code == 302, f"{username} could not sign in: {answer.status}"
        assert "/login" not in answer.headers["Location"], f"{username} could not sign in"
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _production_guards(request: pytest.FixtureRequest) -> Iterator[None]:
    """Switches CSRF protection or rate limits on for the tests that are marked so."""
    names = {"csrf": "WTF_CSRF_ENABLED", "rate_limits": "RATELIMIT_ENABLED"}
    wanted = [switch for marker, switch in names.items() if request.node.get_closest_marker(marker)]
    if not wanted:
        yield
        return
    app = request.getfixturevalue("app")
    limiters = app.extensions.get("limiter", set())
    for switch in wanted:
        app.config[switch] = True
    if "RATELIMIT_ENABLED" in wanted:
        for limiter in limiters:
            limiter.enabled = True
            limiter.reset()
    yield
    for switch in wanted:
        app.config[switch] = False
    for limiter in limiters:
        limiter.enabled = False


@pytest.fixture
def server(app: Flask, database: str, tmp_path: Path) -> Iterator[Server]:
    """A real gunicorn with two worker processes on the database of this test; see tests/bench/web.py."""
    running = start_server(app, tmp_path)
    yield running
    running.stop()
