"""What no form sends: fields of other people's columns, odd addresses, missing tokens; and what reading must never do (04 S3, S6, S7, §3 G)."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.screens.fields import Field, fields_of
from app.kernel.screens.view import VIEWS, DocumentView
from app.kernel.workflow import FLOWS
from tests.bench.tiers import some_first
from tests.matrix.clones import FOREIGN_WORD
from tests.matrix.policy import PAPERS, routes
from tests.matrix.requests import Person, asks
from tests.matrix.world import FOREIGN, OWN, World

PLANTED = {
    "project_id",
    "owner_id",
    "partner_id",
    "team_id",
    "created_by",
    "updated_by",
    "submitted_by",
    "state",
    "version",
    "id",
    "number",
}
HARDENED = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip
EDITORS = {"clerk", "sales_admin", "supervisor", "consultant1", "site_manager", "admin", "developer_finance"}


def page_of(model: type[Any]) -> DocumentView:
    return VIEWS[model]


def row_of(world: World, model: type[Any], pk: int) -> dict[str, Any]:
    with world.engine.connect() as connection:
        found = connection.execute(select(model.__table__).where(model.__table__.c.id == pk)).mappings().first()
    return dict(found) if found else {}


def planted(world: World, model: type[Any], asked: set[str]) -> dict[str, str]:
    """A value for every column that the form does not ask for; foreign where it names somebody or something."""
    body = {}
    for column in model.__table__.columns:
        if column.name not in asked:
            body[column.name] = "1"
    body |= {"project_id": str(world.cast.project_ids["b"]), "owner_id": str(world.cast.person_ids["other_consultant"])}
    body |= {"state": list(FLOWS[model].model.__table__.c.state.type.choices)[-1].value} if model in FLOWS else {}
    return body | {"version": "77", "id": "4242", "team_id": str(world.cast.team_ids["b1"])}


def typed(world: World, view: DocumentView, record: dict[str, Any]) -> dict[str, str]:
    """What the form of this record would send back."""
    known, body = fields_of(view.model), {"_version": str(record["version"])}
    with acting_as(SYSTEM):
        names = view.form_names(db.session.get_one(view.model, record["id"]))
    for name in names:
        body[name] = text_of(known[name], record.get(name))
    return body


def text_of(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.kind == "boolean":
        return "1" if value else ""
    return str(getattr(value, "value", value))


@pytest.mark.parametrize("login", some_first(("clerk", "sales_admin"), sorted(EDITORS)))
def test_columns_that_the_form_does_not_ask_stay(world: World, login: str) -> None:
    person, faults, saved = Person(login), [], 0
    for name, paper in PAPERS.items():
        model = next(m for m in VIEWS if m.__tablename__ == name.replace("-", "_"))
        pk = world.row(name, OWN)
        if person.post not in paper.edits or pk is None or not person.sees(name, OWN):
            continue
        view, before = page_of(model), row_of(world, model, pk)
        with world.app.test_request_context():
            body = typed(world, view, before)
        hidden = planted(world, model, set(body))
        answer = world.clients[login].post(f"/{name}/edit/{pk}", data=hidden | body)
        saved += answer.status_code == 302
        after = row_of(world, model, pk)
        for column in hidden:
            if column in ("updated_by", "updated_at", "version") or column not in after:
                continue
            taken = column in PLANTED or names_a_row(model, column) or str(after[column]) == hidden[column]
            if after[column] != before[column] and taken:  # anything else is computed anew by a save
                faults.append(f"{name}.{column}: {before[column]!r} → {after[column]!r}")
        if after and after["version"] not in (before["version"], before["version"] + 1):
            faults.append(f"{name}.version → {after['version']}")
    assert not faults, "\n".join(faults)
    assert saved or login in ("consultant1", "developer_finance"), "no form was saved: the test attacks nothing"


def names_a_row(model: type[Any], column: str) -> bool:
    return bool(model.__table__.c[column].foreign_keys)


@pytest.mark.parametrize(
    "login", some_first(("clerk", "consultant1"), ["clerk", "sales_admin", "supervisor", "consultant1"])
)
def test_no_form_takes_a_record_of_the_other_project(world: World, login: str) -> None:
    """Every choice of a related record, with the id of the twin in project B, in the address and in the body."""
    person, faults = Person(login), []
    client = world.clients[login]
    for name, paper in PAPERS.items():
        model = next(m for m in VIEWS if m.__tablename__ == name.replace("-", "_"))
        foreign = foreign_choices(world, model)
        if person.post not in paper.add or not foreign or person.wide:
            continue
        faults += told(name, client.get(f"/{name}/add", query_string=foreign))
        pk = world.row(name, OWN)
        before = world.dump("a")
        faults += told(
            name, client.post(f"/{name}/add", data=foreign | {"name": "甲", "reason": "试", "kind": "notice"})
        )
        if person.sees(name, OWN) and pk is not None:
            record = row_of(world, model, pk)
            with world.app.test_request_context():
                body = typed(world, page_of(model), record) | foreign
            faults += told(name, client.post(f"/{name}/edit/{pk}", data=body))
            after = row_of(world, model, pk)
            faults += [f"{name}.{c} took {after[c]}" for c in foreign if after and str(after[c]) == foreign[c]]
        for table, rows in world.dump("a").items():
            new = [row for row in rows if row not in before[table]]
            taken = {v for row in new for v in row if isinstance(v, int) and FOREIGN < v < FOREIGN + 1000}
            faults += [f"{name}: {table} took {sorted(taken)}"] if taken else []
    assert not faults, "\n".join(faults)


def told(name: str, answer: Any) -> list[str]:
    """Words of the other project in an answer: its address carried the ids alone."""
    shown = answer.get_data(as_text=True)
    at = shown.find(FOREIGN_WORD)
    return [f"{name}: {answer.request.method} shows {shown[max(0, at - 60) : at + 20]}"] if at >= 0 else []


def foreign_choices(world: World, model: type[Any]) -> dict[str, str]:
    """name → id of a record of project B, for every related record that the form asks for."""
    found = {}
    with world.app.test_request_context(), acting_as(SYSTEM):
        names = VIEWS[model].form_names(None)
    for name in names:
        field = fields_of(model)[name]
        if field.kind == "record" and field.target is not None:
            pk = world.row(field.target.__tablename__.replace("_", "-"), FOREIGN)
            if pk is not None:
                found[name] = str(pk)
    return found


ODD = ("page=abc", "page=-1", "page=9223372036854775808", "page=1e9", "page=1&page=2", "size=abc", "size=-1", "size=1000000000",
       "order=%00", "order=-", "order=nothing.name", "q=%25_%5C", "q=%27+OR+1%3D1--", "q=%00", "chip=nothing", "q=" + "长" * 3000)  # fmt: skip


def test_odd_addresses_never_break_a_list(world: World) -> None:
    faults = []
    client = world.clients["sales_admin"]
    for name, paper in PAPERS.items():
        if Person("sales_admin").post not in paper.read:
            continue
        model = next(m for m in VIEWS if m.__tablename__ == name.replace("-", "_"))
        filters = [
            f"{f}={value}"
            for f in VIEWS[model].filters
            for value in ("abc", "-1", "9223372036854775808", "%00", "1&x=2")
        ]
        for query in [*ODD, *filters] if name in ("unit", "customer") else filters[:5]:
            faults += broken(client, f"/{name}/list/?{query}")
        for pk in (
            ("0", "-1", "abc", "2147483648", "9223372036854775808", "1e3", "１") if name == "unit" else ("2147483648",)
        ):
            faults += broken(client, f"/{name}/show/{pk}")
        faults += broken(client, f"/{name}/pick/nothing?q=%00")
    for address in ("/search?q=%00", "/search?q=" + "长" * 3000, "/search?q=%22%27%28AND", "/board?building=abc", "/board?building=-1",
                    "/board?building=9223372036854775808", "/board/cells?building=9223372036854775808", "/notices?page=abc",
                    "/notices?page=9223372036854775808", "/approvals?tab=nothing", "/approval-rules/nothing", "/unit-import/..%2f/columns",
                    "/reveal/ab_user/1/password", "/reveal/customer/1/name", "/files/ab_user/1", "/files/login_session/1",
                    "/lang/../../x", "/lang/xx", "/back"):  # fmt: skip
        faults += broken(client, address)
    if client.post("/notices/read", data={"id": "9223372036854775808"}).status_code != 404:
        faults.append("/notices/read of a notice that no column could hold")
    assert not faults, "\n".join(faults[:40])


def broken(client: FlaskClient, address: str) -> list[str]:
    try:
        status = client.get(address, headers={"Accept": "text/html"}).status_code
    except Exception as error:  # noqa: BLE001 - an error of the site is one more fault of the list
        return [f"{address}: {type(error).__name__} {error}"]
    return [f"{address}: {status}"] if status >= 500 else []


@pytest.mark.csrf
def test_without_its_token_nothing_unsafe_is_done(world: World) -> None:
    faults = []
    for rule, methods in routes().items():
        if "POST" not in methods:
            continue
        address = rule
        for part, value in (("<int:", "1"), ("<", "x")):
            while part in address:
                head, _, tail = address.partition(part)
                address = head + value + tail.partition(">")[2]
        world.written.clear()
        answer = world.clients["clerk"].post(address, data={"note": "x"})
        if answer.status_code != 400 or world.written:
            faults.append(f"{address}: {answer.status_code} {world.written}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("login", some_first(["supervisor"], ["admin", "supervisor"]))
def test_reading_writes_nothing(world: World, login: str) -> None:
    before, seen = world.dump(), 0
    for ask in asks(world, Person(login)):
        if ask.method == "GET" and ask.relation in (0, OWN) and 200 in ask.allowed:
            seen += world.clients[login].get(ask.url).status_code == 200
    after = world.dump()
    assert [table for table in before if before[table] != after[table]] == []
    assert seen > 10


def test_every_kind_of_answer_is_hardened(world: World) -> None:
    client, faults = world.clients["supervisor"], []
    addresses = ["/", "/unit/list/", "/unit/show/999999", "/person/list/", "/nothing", "/unit/delete/1", "/unit/list/export", "/board/cells?building=1",
                 "/static/anchang.css", "/healthz", "/login/", "/unit/pick/building_id", f"/files/{world.row('attachment', OWN)}"]  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        policy = answer.headers.get("Content-Security-Policy", "")
        faults += [f"{address}: {k}={answer.headers.get(k)}" for k, v in HARDENED.items() if answer.headers.get(k) != v]
        if "frame-ancestors 'none'" not in policy or (
            "object-src 'none'" not in policy and "default-src 'none'" not in policy
        ):
            faults.append(f"{address}: CSP {policy}")
        if "static" not in address and "no-" not in answer.headers.get("Cache-Control", ""):
            faults.append(f"{address}: Cache-Control {answer.headers.get('Cache-Control')}")
    assert not faults, "\n".join(faults)


def test_other_methods_are_refused(world: World) -> None:
    client, faults = world.clients["supervisor"], []
    for address in ("/unit/list/", f"/unit/show/{OWN + 1}", f"/reservation/step/release/{OWN + 1}", "/approvals/1"):
        for method in ("PUT", "PATCH", "DELETE"):
            world.written.clear()
            answer = client.open(address, method=method, headers={"X-HTTP-Method-Override": "POST"})
            if answer.status_code != 405 or world.written:
                faults.append(f"{method} {address}: {answer.status_code}")
    assert not faults, "\n".join(faults)
