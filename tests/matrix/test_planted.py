"""Fields that no form has, sent to the forms of steps and to pages of their own: they change nothing (04 S3).

Each form is sent twice into the same world, once as the page has it and once with a value planted for every column that it
does not ask for. Both worlds must be the same afterwards; only moments and cipher texts may differ.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.features.customers.models import Contact, Customer
from app.features.customers.quotes.models import Quote
from app.features.deals.reservations.models import Reservation
from app.kernel.approval.records import ApprovalRequest
from app.kernel.screens.view import VIEWS
from app.kernel.workflow import FLOWS
from tests.cast import MEMBERS
from tests.matrix.filled_forms import FilledForm
from tests.matrix.policy import PAPERS
from tests.matrix.requests import Person
from tests.matrix.test_attacks import planted, row_of
from tests.matrix.world import OWN, World

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
SEAL, EVENT = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{32}")
SITE = [login for login, (_name, _post, where) in MEMBERS.items() if where[0] == "a"]


def sent(world: World, login: str, url: str, body: dict[str, str]) -> tuple[int, dict[str, list[Any]]]:
    """The answer, and the business tables afterwards; the world is as new before."""
    world.restore()
    status = world.clients[login].post(url, data=body).status_code
    return status, world.dump()


def masked(value: Any, table: str) -> Any:
    if isinstance(value, bytes):
        return "cipher"
    if table == "ledger_posting" and isinstance(value, str) and SEAL.fullmatch(value):
        return "seal"  # of a chain that holds the moment
    if table == "notice" and isinstance(value, str) and EVENT.fullmatch(value):
        return "event"  # a number drawn anew for each telling
    return MOMENT.sub("moment", value) if isinstance(value, str) else value


def differences(clean: dict[str, list[Any]], attacked: dict[str, list[Any]]) -> list[str]:
    """Rows that are not the same in both worlds, moments and cipher texts aside."""
    found = []
    for table, rows in clean.items():
        same = set(rows) & set(attacked[table])  # nearly all: only what is left need be read value by value
        ours, theirs = (
            {tuple(masked(v, table) for v in row) for row in some if row not in same}
            for some in (rows, attacked[table])
        )
        found += [f"{table}: {ours ^ theirs}"] if ours != theirs else []
    return found


def attack(world: World, login: str, url: str, model: type[Any], form: FilledForm) -> tuple[bool, list[str]]:
    """(whether the form was taken at all, what the planted fields changed)."""
    body = form.body
    hidden = {k: v for k, v in planted(world, model, form.names).items() if k not in form.names}
    status, clean = sent(world, login, url, body)
    again, attacked = sent(world, login, url, hidden | body)
    faults = [f"{url} as {login}: {one}" for one in differences(clean, attacked)]
    if status != again:
        faults.append(f"{url} as {login}: answered {status}, with planted fields {again}")
    return status == 302, faults


def steps(world: World) -> list[tuple[str, str, type[Any], FilledForm]]:
    """(login, address, model, form) of every step that somebody of project A may take now."""
    found = []
    for name, paper in PAPERS.items():
        model = next(m for m in VIEWS if m.__tablename__ == name.replace("-", "_"))
        pk, flow = world.row(name, OWN), FLOWS.get(model)
        if flow is None or pk is None:
            continue
        state = row_of(world, model, pk).get("state")
        for step in (s for s in flow.steps if not s.internal and (not s.source or state in s.source)):
            url = f"/{name}/step/{step.name}/{pk}"
            for login in (one for one in SITE if Person(one).post in paper.steps.get(step.name, ())):
                answer = world.clients[login].get(url)
                if answer.status_code == 200:
                    found.append((login, url, model, FilledForm(answer.text)))
                    break
    return found


def test_the_comparison_sees_a_value_and_no_moment() -> None:
    clean = {"unit": [(1, "free", "2026-11-30 10:00:00"), (2, "lock", None)]}
    assert differences(clean, {"unit": [(2, "lock", None), (1, "free", "2026-11-30 10:00:01")]}) == []
    assert differences(clean, {"unit": [(1, "sold", "2026-11-30 10:00:00"), (2, "lock", None)]})
    assert differences(clean, {"unit": [*clean["unit"], (3, "free", None)]})


def test_steps_take_nothing_that_they_do_not_ask(world: World) -> None:
    taken, faults = 0, []
    for login, url, model, form in steps(world):
        done, wrong = attack(world, login, url, model, form)
        taken += done
        faults += wrong
    assert not faults, "\n".join(faults)
    assert taken >= 15, f"only {taken} steps were taken: the test attacks too little"


OWN_PAGES: dict[str, tuple[str, str, type[Any], dict[str, str]]] = {
    "reception": ("consultant1", "/reception/", Customer, {"phone": "13812340000", "name": "黄丽娟"}),
    "reception without a number": (
        "consultant1",
        "/reception/",
        Contact,
        {"name": "黄先生", "no_phone_reason": "other"},
    ),
    "lock": ("consultant1", "/lock/{free_unit}", Reservation, {"customer_id": "{customer}"}),
    "quote": ("consultant1", "/quote/add", Quote, {"customer_id": "{customer}", "unit_id": "{free_unit}"}),
    "decision": ("supervisor", "/approvals/{approval_request}", ApprovalRequest, {"opinion": "同意"}),
}


@pytest.mark.parametrize("page", OWN_PAGES)
def test_pages_of_their_own_take_nothing_that_they_do_not_ask(world: World, page: str) -> None:
    login, address, model, typed = OWN_PAGES[page]
    url = named(world, address)
    answer = world.clients[login].get(url)
    assert answer.status_code == 200, url
    form = FilledForm(answer.text)
    form.body |= {name: named(world, value) for name, value in typed.items()}
    if url == "/reception/":
        form.names |= {
            "customer_id",
            "turn",
        }  # asked for where one was chosen before; a foreign one is refused with 404
    done, faults = attack(world, login, url, model, form)
    assert not faults, "\n".join(faults)
    assert done, "the form was refused: the test attacks nothing"


def named(world: World, text: str) -> str:
    """«{customer}» → the id of the paper of consultant1; «{free_unit}» → a unit that he may take."""
    for key in re.findall(r"\{(\w+)\}", text):
        text = text.replace(f"{{{key}}}", str(free_unit(world) if key == "free_unit" else world.row(key, OWN)))
    return text


def free_unit(world: World) -> int:
    with world.engine.connect() as connection:
        return int(
            connection.exec_driver_sql(
                "SELECT id FROM unit WHERE state = 'free' AND list_total IS NOT NULL AND project_id = ? ORDER BY id",
                (world.cast.project_ids["a"],),
            )
            .scalars()
            .first()
        )
