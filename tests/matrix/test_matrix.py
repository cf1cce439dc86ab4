"""Every route × every post × whose row: decided by page 07, foreign looks like missing, refused means nothing happened (04 S1, S2)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask

from app.kernel.screens.view import VIEWS
from app.kernel.workflow import FLOWS
from tests.bench.tiers import some_first
from tests.cast import MEMBERS
from tests.features.deals.orders import ID_NUMBER
from tests.matrix.policy import BUSINESS, CH, CON, FLOOR, PAPERS, RATED, routes
from tests.matrix.requests import FULL, PERSONAL, Ask, Person, asks
from tests.matrix.seed import FLOOR_DIGITS
from tests.matrix.world import COLLEAGUE, DISABLED, FOREIGN, OWN, World

CANARY = re.compile(r"QZ[A-DH]\d{7}")
SECRET = {
    "customer.wechat",
    "customer.id_address",
    "customer.mail_address",
    "reservation.mail_address",
    "refund.payee_account",
    "dossier_file.phones",
}
JSON = {"Accept": "application/json"}


def test_every_route_has_its_line_and_every_line_its_route(app: Flask) -> None:
    real = {str(rule): tuple(sorted(rule.methods - {"HEAD", "OPTIONS"})) for rule in app.url_map.iter_rules()}
    known = {rule: tuple(sorted(methods)) for rule, methods in routes().items()}
    assert sorted(set(real) - set(known)) == [], "routes without a line in the policy"
    assert sorted(set(known) - set(real)) == [], "lines of the policy without a route"
    assert {rule: (known[rule], real[rule]) for rule in real if known[rule] != real[rule]} == {}
    assert {m.__tablename__.replace("_", "-") for m in VIEWS} == set(PAPERS)


def test_every_step_that_a_person_takes_has_its_posts() -> None:
    for model, table in FLOWS.items():
        steps = {step.name for step in table.steps if not step.internal}
        paper = PAPERS[model.__tablename__.replace("_", "-")]
        assert steps == set(paper.steps), model.__tablename__


def test_every_paper_is_there_three_times(world: World) -> None:
    for paper in PAPERS:
        assert world.row(paper, OWN), paper
    assert all(len(one.where) > 100 for one in world.clones.values())


KINDS = (  # one of each kind is swept in the plain suite; of all others test_doors.py holds posts and rows against 07
    "consultant1",  # own rows
    "supervisor2",  # rows of one team
    "clerk",  # a project
    "sales_admin",  # every project
    "developer_finance",  # 甲方
    "admin",  # no business row
    "other_supervisor",  # another project
)
TWINS = {
    "developer_finance2",
    "other_site_manager",
    "other_lead",
    "other_clerk",
    "other_finance",
}  # the same post again: only in the full size


@pytest.mark.parametrize("login", some_first(KINDS, [login for login in MEMBERS if FULL or login not in TWINS]))
def test_a_person_gets_what_07_gives_him(world: World, login: str) -> None:
    person, faults = Person(login), []
    _find_personal(world)
    other = world.dump("a" if person.where[0] == "b" else "b")
    for ask in asks(world, person):
        faults += [f"{ask}: {fault}" for fault in tried(world, person, ask)]
    if not person.wide and world.dump("a" if person.where[0] == "b" else "b") != other:
        faults.append("rows of the other project changed")
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:60])


def _find_personal(world: World) -> None:
    people = {pk: login for login, pk in world.cast.person_ids.items()}
    for table, known in PERSONAL.items():
        with world.engine.connect() as connection:
            rows = dict(connection.exec_driver_sql(f"SELECT id, person_id FROM {table}").fetchall())
        known.update({o: people[rows[world.ids[table] + o]] for o in (OWN, COLLEAGUE, FOREIGN)})


def tried(world: World, person: Person, ask: Ask) -> Iterator[str]:
    """One request; what is wrong with its answer."""
    world.written.clear()
    # a refusal is asked as a script would: the same answer, drawn cheaply
    headers = JSON if ask.allowed <= {403, 404} or ask.method == "POST" else {}
    try:
        answer = world.clients[person.login].open(ask.url, method=ask.method, data=ask.body or None, headers=headers)
    except Exception as error:  # noqa: BLE001 - an error of the site is one more fault of the list
        yield f"500: {type(error).__name__} {error}"
        return
    if answer.status_code not in ask.allowed:
        yield f"{answer.status_code} instead of {sorted(ask.allowed)}"
    if world.written and not ask.effect:
        yield f"wrote {sorted(set(world.written))}"
    for word in leaks(world, person, answer.data):
        yield f"shows {word}"


LABELS = {"rating_desk.name": RATED}  # where one was rated stands on the rating; the desk itself is the chain's


def leaks(world: World, person: Person, body: bytes) -> Iterator[str]:
    """Canaries that this person may not read, in a page or in a workbook."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    text = body.decode("utf-8", "ignore")
    for word in sorted(set(CANARY.findall(text))):
        table, column = world.word(word)
        paper = PAPERS.get(table.replace("_", "-"))
        whose = {"QZA": OWN, "QZC": COLLEAGUE, "QZB": FOREIGN}.get(word[:3])
        if person.post in LABELS.get(f"{table}.{column}", ()) and whose in person.reaches(PAPERS["building"]):
            continue  # only within his own project
        if f"{table}.{column}" in SECRET:
            yield f"{word} in full: {table}.{column} is masked everywhere"
        if word.startswith("QZH") and person.post in (CON, CH):
            yield f"{word}: {table}.{column} is not for consultants"
        readers = BUSINESS if table == "unit" else paper.read if paper is not None else frozenset()
        if paper is not None and paper.before is not None and world.is_draft(word):
            readers = paper.before
        if paper is not None and whose is not None and table != "delegation":
            if person.post not in readers or whose not in person.reaches(paper):
                yield f"{word}: {table}.{column}"
        elif whose is not None and whose not in person.reaches(PAPERS["building"]):
            yield f"{word}: {table}.{column} of the other project"
    if person.post not in FLOOR:
        yield from (f"the floor price {digits}" for digits in FLOOR_DIGITS if digits in text)
    if ID_NUMBER in text:
        yield "an ID number in full"


@pytest.mark.parametrize("login", ["", DISABLED])
def test_nobody_without_a_living_account(world: World, login: str) -> None:
    person, faults = Person("supervisor"), []
    for ask in asks(world, person):
        world.written.clear()
        if ask.url in OPEN:
            continue
        answer = world.clients[login].open(ask.url, method=ask.method, data=ask.body or None, headers=JSON)
        if answer.status_code != 401 or world.written or CANARY.search(answer.get_data(as_text=True)):
            faults.append(f"{ask}: {answer.status_code} {world.written}")
    assert not faults, "\n".join(faults[:60])
    page = world.clients[login].get("/reservation/list/")
    assert page.status_code == 302 and "/login" in page.headers["Location"]


OPEN = {
    "/rate/x",
    "/rate/done",
    "/rotation/screen/0",
    "/rotation/screen/0/line",
    "/login/",
    "/healthz",
    "/lang/zh",
    "/static/anchang.css",
    "/static/appbuilder/favicon.ico",
}
