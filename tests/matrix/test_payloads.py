"""Stored text stays text (04 S8): every free text of every paper is a payload, every page is read, some in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from app.extensions import db
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.attachments import Attachment
from app.kernel.base import declared_fields, model_of, now
from app.kernel.registries import SEARCH
from app.kernel.schema import APPEND_ONLY
from app.kernel.screens.view import VIEWS
from app.kernel.search_index import put
from app.kernel.transactions import write
from tests.bench.browser import watched_page
from tests.bench.tiers import some_first
from tests.bench.web import start_server
from tests.factories import PASSWORD
from tests.matrix.payloads import PAYLOADS, taken
from tests.matrix.requests import Person, asks
from tests.matrix.world import OWN, World
from tests.tables import bring, plain
from tests.tables import table as sheet_of

OWNER = "customer"  # whose page shows the files
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
    "/outgoing-letter/list/",
    "/archive/?q=xqz",
]


@dataclass
class Dealt:
    """Payloads dealt out kind by kind: each kind of field meets every one of them, in one order, as long as its columns are wide enough."""

    met: dict[str, list[str]] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=dict)

    def next(self, kind: str, length: int | None) -> str:
        """The first that this kind has not met and that fits; else the next in turn that fits; a narrow column takes the shortest."""
        met = self.met.setdefault(kind, [])
        fits = [one for one in PAYLOADS if length is None or length >= len(one) + 5]
        fresh = next((one for one in fits if one not in met), None)
        if fresh is None and fits:
            self.turns[kind] = turn = self.turns.get(kind, 0) + 1
            fresh = fits[turn % len(fits)]
        met.append(fresh or "<xqz>")
        return met[-1]


def _kind(table: str, column: str) -> str:
    """How pages show it: as the title of its record, in lists, as a long text, among the facts of its page, elsewhere."""
    try:
        model = model_of(table)
    except KeyError:
        return "log"
    view = VIEWS.get(model)
    facts = dict(declared_fields(model)).get(column)
    if facts is None or view is None:
        return "beside"
    if facts.long:
        return "long"
    return "listed" if column in view.listed else "fact"


def _fill(world: World) -> Dealt:
    """Put the payloads where the canaries of the own papers stand, into names of people and of files, and into the search."""
    dealt, count = Dealt(), 0

    def work() -> None:
        nonlocal count
        for word, (table, column) in world.clones[OWN].where.items():
            if table in APPEND_ONLY:
                continue
            length = db.metadata.tables[table].columns[column].type.length  # type: ignore[attr-defined]
            payload = dealt.next(_kind(table, column), length)
            change = text(f'UPDATE "{table}" SET "{column}" = :new WHERE "{column}" = :old')
            done = db.session.execute(change, {"new": f"{payload}{count}", "old": word})
            count += done.rowcount  # type: ignore[attr-defined]
        for key in db.session.scalars(text("SELECT id FROM person ORDER BY id")).all():
            naming = text("UPDATE person SET name = :name WHERE id = :key")
            db.session.execute(naming, {"name": dealt.next("person", 64) + str(key), "key": key})
        _files(world, dealt)
        for model in SEARCH:
            for record in db.session.scalars(select(model)):
                put(db.session(), record)

    with acting_as(SYSTEM):
        write(db.session, work)
    db.session.remove()
    return dealt


def _files(world: World, dealt: Dealt) -> None:
    """A customer with a file of each name; that no upload keeps such names is tests/kernel/test_bad_files.py's."""
    with acting_as(SYSTEM):
        project, owner = world.cast.project_ids["a"], world.row(OWNER, OWN)
        for _payload in PAYLOADS:
            db.session.add(Attachment(
                owner_table=OWNER, owner_id=owner, project_id=project, name=dealt.next("file", 160) + ".pdf", mime="application/pdf", size=1,
                sha256="0" * 64, uploaded_by=world.cast.person_ids["clerk"], uploaded_name=dealt.next("uploader", 64), uploaded_at=now(),
            ))  # fmt: skip


@pytest.fixture
def dealt(world: World) -> Dealt:
    return _fill(world)


@pytest.fixture
def poisoned(world: World, dealt: Dealt) -> World:
    return world


def test_every_payload_meets_every_kind_of_field(dealt: Dealt) -> None:
    kinds = {"listed", "fact", "long", "beside", "person", "file", "uploader"}
    assert kinds <= set(dealt.met), set(dealt.met)
    lacking = {kind: [p for p in PAYLOADS if p not in dealt.met[kind]] for kind in kinds}
    assert not any(lacking.values()), lacking
    assert sum(map(len, dealt.met.values())) > 400


@pytest.mark.parametrize("login", ["clerk"])
def test_no_cell_of_a_table_takes_hold_of_the_pages_of_an_import(poisoned: World, login: str) -> None:
    """Heads, good cells, refused cells, the name of the file and whose table it is."""
    client, found = poisoned.clients[login], list[str]()
    good = [[payload.replace("\n", " "), "", "包", "1"] for payload in PAYLOADS]
    bad = [["纸", payload, "包", payload] for payload in PAYLOADS]
    for number, rows in enumerate((good, bad)):
        head = ["品名", "规格型号", "单位", "最低库存", *PAYLOADS]
        data, name = sheet_of(head, *rows, name="<xqz>"), f"{PAYLOADS[number]}.xlsx"
        way = bring(client, "supply-item", data, name, source=PAYLOADS[number + 2]).check()
        pages = [way.columns, way.preview]
        if number == 0:
            answer = way.confirm()
            assert answer.status_code == 302
            pages += [
                client.get(answer.headers["Location"]).get_data(as_text=True),
                client.get("/import/supply-item").get_data(as_text=True),
            ]
            pages += [client.get("/supply-item/list/").get_data(as_text=True)]
        else:
            assert "30 行有错" in plain(way.preview)
        assert all("xqz" in page for page in pages)
        found += [fault for page in pages for fault in taken(page)]
    assert not found, found


def _pages(world: World, login: str) -> Iterator[str]:
    for ask in asks(world, Person(login)):
        if ask.method == "GET" and ask.relation in (0, OWN) and ask.allowed & {200} and "/pick/" not in ask.url:
            yield ask.url
    yield "/search?q=xqz"


@pytest.mark.parametrize("login", some_first(("clerk", "developer_lead"), READERS))
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
            for paper in (
                "customer",
                "reservation",
                "contract",
                "change-request",
                "outgoing-letter",
                "complaint",
                "supply-item",
            )
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
