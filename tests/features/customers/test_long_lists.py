"""A long list is walked without a row lost or shown twice, in every order, back and forth, within one's rows (04 F2)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.features.customers.choices import ContactKind, Grade, Source
from app.features.customers.models import Customer, CustomerPhone
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.schema import refresh_statistics
from app.kernel.screens import paging
from app.kernel.transactions import write
from tests.cast import Cast

ClientAs = Callable[[str], FlaskClient]
ROWS = 107
DAY = datetime(2026, 3, 1, 9)


def make(session: Session, cast: Cast, number: int = ROWS) -> list[Customer]:
    """Customers with ties and gaps in their dates: most of the consultant's, some shared with him, some of a colleague's, one of project B."""
    ids, teams = cast.person_ids, cast.team_ids
    made = []
    for n in range(number):
        mine, shared = n % 3 != 0, n % 9 == 0
        made.append(
            Customer(
                name=f"客户{n:03}", project_id=cast.project_ids["b" if n == 50 else "a"], grade=Grade.A, source=Source.PASSING,
                first_kind=ContactKind.CALL, first_at=DAY + timedelta(hours=n), last_contact_at=DAY + timedelta(days=n % 7),
                follow_due_on=None if n % 5 == 0 else date(2026, 3, 1) + timedelta(days=n % 4),
                owner_id=ids["consultant1" if mine else "consultant2"], team_id=teams["a1" if mine else "a2"],
                partner_id=ids["consultant1"] if shared else None,
            )
        )  # fmt: skip
    with acting_as(SYSTEM):
        write(session, lambda: session.add_all(made))
        return [*session.query(Customer).order_by(Customer.id)]


def shown(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'<a href="/customer/show/(\d+)">客户', page)]


def link(page: str, label: str) -> str:
    found = re.search(rf'<a href="([^"]+)" aria-label="{label}"', page)
    return unescape(found[1]) if found else ""


def walk(client: FlaskClient, url: str, label: str) -> Iterator[list[int]]:
    while url:
        page = client.get(url).get_data(as_text=True)
        yield shown(page)
        url = link(page, label)


def expected(rows: list[Customer], order: str) -> list[int]:
    """The order in plain Python: empty values last, ties by id in the same direction."""
    name, down = order.lstrip("-") or "id", order.startswith("-") or not order
    filled = [r for r in rows if getattr(r, name) is not None]
    empty = [r for r in rows if getattr(r, name) is None]
    filled.sort(key=lambda r: (getattr(r, name), r.id), reverse=down)
    return [r.id for r in filled + sorted(empty, key=lambda r: r.id, reverse=down)]


ORDERS = ("", "last_contact_at", "-last_contact_at", "follow_due_on", "-follow_due_on", "first_at", "-first_at")


@pytest.mark.both_databases
@pytest.mark.parametrize("username", ["site_manager", "consultant1", "supervisor2"])
def test_every_row_once_in_every_order_there_and_back(
    session: Session, cast: Cast, client_as: ClientAs, username: str
) -> None:
    made, ids = make(session, cast), cast.person_ids
    rows = [r for r in made if r.project_id == cast.project_ids["a"]]
    if username == "consultant1":
        rows = [r for r in rows if ids["consultant1"] in (r.owner_id, r.partner_id)]
    elif username == "supervisor2":
        rows = [r for r in rows if r.team_id == cast.team_ids["a2"]]
    client = client_as(username)
    for order in ORDERS:
        wanted = expected(rows, order)
        pages = list(walk(client, f"/customer/list/?order={order}", "下一页"))
        assert [key for page in pages for key in page] == wanted, order
        size = len(pages[0])
        last = client.get(f"/customer/list/?order={order}&page={len(pages)}").get_data(as_text=True)
        back = [shown(last), *walk(client, link(last, "上一页"), "上一页")]
        assert [key for page in reversed(back) for key in page] == wanted, order
        assert [len(page) for page in reversed(back)] == [min(size, len(wanted) - size * n) for n in range(len(pages))]


@pytest.mark.both_databases
def test_the_last_page_is_reached_when_nobody_counts_so_far(
    session: Session, cast: Cast, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNT_CAP", 40)
    rows = [r for r in make(session, cast) if r.project_id == cast.project_ids["a"]]
    client = client_as("site_manager")
    for order in ORDERS:
        wanted = expected(rows, order)
        first = client.get(f"/customer/list/?order={order}").get_data(as_text=True)
        assert "共 1 万多条" in first
        url = link(first, "末页")
        page = client.get(url).get_data(as_text=True)
        assert ">末页</a>" in page
        assert not link(page, "下一页")
        back = [shown(page), *walk(client, link(page, "上一页"), "上一页")]
        assert [key for page in reversed(back) for key in page] == wanted, order


@pytest.mark.both_databases
@pytest.mark.parametrize("cap", [1000, 7])
@pytest.mark.parametrize("narrowed", ["chip=late", "grade=a", "grade=a&state=new&chip=late"])
def test_few_rows_and_many_are_shown_alike(
    session: Session, cast: Cast, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch, cap: int, narrowed: str
) -> None:
    """Few are sorted, among many one walks: the pages are the same, there and back, also by number."""
    monkeypatch.setattr(paging, "COUNT_CAP", cap)
    rows = [r for r in make(session, cast) if r.project_id == cast.project_ids["a"]]
    kept = [r.id for r in rows[::-1] if "late" not in narrowed or r.follow_due_on is not None]
    client = client_as("site_manager")
    pages = list(walk(client, f"/customer/list/?{narrowed}", "下一页"))
    assert [key for page in pages for key in page] == kept
    first = client.get(f"/customer/list/?{narrowed}").get_data(as_text=True)
    page = client.get(link(first, "末页")).get_data(as_text=True)
    back = [shown(page), *walk(client, link(page, "上一页"), "上一页")]
    assert [key for page in reversed(back) for key in page] == kept


def test_an_odd_cursor_shows_the_first_page(session: Session, cast: Cast, client_as: ClientAs) -> None:
    make(session, cast)
    client = client_as("site_manager")

    def word(told: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")

    first = shown(client.get("/customer/list/?order=-follow_due_on").get_data(as_text=True))
    good = ["-follow_due_on", 0, 2, ["2026-03-02", 40]]
    assert shown(client.get(f"/customer/list/?order=-follow_due_on&at={word(good)}").get_data(as_text=True)) != first
    odd = [
        "x", "%00", "=" * 9, "A" * 5000, word([]), word({}), word([[[[]]]]), word(["follow_due_on", *good[1:]]), word([*good[:3], ["2026-03-02"]]),
        word([*good[:3], ["2026-13-02", 40]]), word([*good[:3], [7, 40]]), word([*good[:3], ["2026-03-02", 2**40]]),
        word([*good[:3], ["2026-03-02", "40"]]), word([*good[:3], ["2026-03-02", None]]), word([*good[:3], ["2026-03-02", True]]),
        word([good[0], 7, 2, good[3]]), word([good[0], 0, 0, good[3]]), word([good[0], 0, "2", good[3]]), word([good[0], 0, 2, None]),
    ]  # fmt: skip
    for at in odd:
        answer = client.get("/customer/list/", query_string={"order": "-follow_due_on", "at": at})
        assert answer.status_code == 200, at
        assert shown(answer.get_data(as_text=True)) == first, at


def test_a_cursor_opens_nothing(session: Session, cast: Cast, client_as: ClientAs) -> None:
    """The place of a foreign row tells no more than the own rows behind it."""
    rows = make(session, cast)
    at = base64.urlsafe_b64encode(json.dumps(["", 0, 2, [rows[-1].id + 1]]).encode()).decode().rstrip("=")
    page = client_as("other_supervisor").get(f"/customer/list/?at={at}").get_data(as_text=True)
    assert shown(page) == [rows[50].id]


def test_sqlite_finds_the_numbers_of_a_page_by_its_customers(cast: Cast, session: Session) -> None:
    """Without statistics its planner reads all numbers of the project for twenty customers (04 F9)."""
    made = [customer.id for customer in make(session, cast)]
    phones = [
        {"customer_id": pk, "number": f"1380000{pk:04}", "digest": f"{pk}", "tail_digest": f"{pk}", "project_id": cast.project_ids["a"]}
        for pk in made
    ]  # fmt: skip
    with acting_as(SYSTEM):
        write(session, lambda: session.add_all([CustomerPhone(**values) for values in phones]))
        write(session, lambda: refresh_statistics(session.connection()))
    asked = select(CustomerPhone.id).where(CustomerPhone.customer_id.in_(made[:21]))
    cut = asked.where(CustomerPhone.project_id.in_([cast.project_ids["a"]]))  # as the scope does
    words = str(cut.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {words}")).all())
    assert "ix_customer_phone_customer_id" in plan
