"""Stored text stays text (04 S8): every free text of every paper is a payload, every page is read, some in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from app.extensions import db
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.registries import SEARCH
from app.kernel.schema import APPEND_ONLY
from app.kernel.search_index import put
from app.kernel.transactions import write
from tests.bench.browser import watched_page
from tests.bench.web import start_server
from tests.factories import PASSWORD
from tests.matrix.payloads import PAYLOADS, taken
from tests.matrix.requests import Person, asks
from tests.matrix.world import OWN, World

READERS = ["supervisor", "clerk", "sales_admin", "developer_lead"]
SEEN = [
    "/",
    "/approvals",
    "/notices",
    "/board",
    "/search?q=xqz",
    "/customer/list/",
    "/reservation/list/",
    "/unit/list/",
]


def _fill(world: World) -> int:
    """Put the payloads where the canaries of the own papers stand, into names of people, and into the search; gives their number."""
    words = cycle(PAYLOADS)
    count = 0

    def work() -> None:
        nonlocal count
        for word, (table, column) in world.clones[OWN].where.items():
            if table in APPEND_ONLY:
                continue
            length = db.metadata.tables[table].columns[column].type.length  # type: ignore[attr-defined]
            payload = next(words)
            if length is not None and length < len(payload) + 8:
                payload = "<xqz>"
            change = text(f'UPDATE "{table}" SET "{column}" = :new WHERE "{column}" = :old')
            done = db.session.execute(change, {"new": f"{payload}{count}", "old": word})
            count += done.rowcount  # type: ignore[attr-defined]
        db.session.execute(text("UPDATE person SET name = '<xqz>' || id"))
        for model in SEARCH:
            for record in db.session.scalars(select(model)):
                put(db.session(), record)

    with acting_as(SYSTEM):
        write(db.session, work)
    db.session.remove()
    return count


@pytest.fixture
def poisoned(world: World) -> World:
    assert _fill(world) > 100
    return world


def _pages(world: World, login: str) -> Iterator[str]:
    for ask in asks(world, Person(login)):
        if ask.method == "GET" and ask.relation in (0, OWN) and ask.allowed & {200} and "/pick/" not in ask.url:
            yield ask.url
    yield "/search?q=xqz"


@pytest.mark.parametrize("login", READERS)
def test_no_payload_takes_hold_of_a_page(poisoned: World, login: str) -> None:
    faults, met = [], 0
    for url in _pages(poisoned, login):
        answer = poisoned.clients[login].get(url)
        if answer.mimetype == "text/html":
            page = answer.get_data(as_text=True)
            met += "xqz" in page
            faults += [f"{url}: {fault}" for fault in taken(page)]
    assert not faults, "\n".join(faults[:40])
    assert met > 30, "hardly a page showed a payload"


@pytest.mark.browser
def test_in_a_real_browser_nothing_runs(poisoned: World, chromium: Any, tmp_path: Path) -> None:
    """No dialog, no complaint of the content policy, no request to anywhere else."""
    server = start_server(poisoned.app, tmp_path)
    complaints: list[str] = []
    page = watched_page(chromium, complaints)
    page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    try:
        page.goto(f"{server.url}/login/")
        page.fill("#username", "supervisor")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        shows = [
            f"/{paper}/show/{poisoned.row(paper, OWN)}"
            for paper in ("customer", "reservation", "contract", "change-request")
        ]
        for path in [*SEEN, *shows]:
            page.goto(server.url + path)
            page.wait_for_load_state("networkidle")
    finally:
        page.context.close()
        server.stop()
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_reader_sees_each_payload_where_it_would_run(payload: str) -> None:
    spots = ("<p>{}</p>", '<input value="{}">', "<input value='{}'>", "<input value={}>", "<title>{}</title>", "<script>{}</script>",
             '<textarea>{}</textarea>', '<a href="{}">x</a>', "<select><option>{}</select>", "<style>{}</style>", "<!--{}-->")  # fmt: skip
    assert any(list(taken(spot.format(payload))) for spot in spots)
