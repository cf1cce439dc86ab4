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

from app.features.customers.choices import ContactKind, Grade, NoPhoneReason, Source
from app.features.customers.models import Contact, Customer, CustomerPhone
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.schema import refresh_statistics
from app.kernel.screens import paging
from app.kernel.screens.asking import check_filters
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


def walk(client: FlaskClient, url: str, label: str, read: Callable[[str], list[int]] = shown) -> Iterator[list[int]]:
    while url:
        page = client.get(url).get_data(as_text=True)
        yield read(page)
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


def contacts(session: Session, cast: Cast) -> list[tuple[int, datetime, ContactKind]]:
    """(id, moment, kind) of visits that were not entered in the order in which they happened, some at the same moment."""
    ids = cast.person_ids
    made = [
        Contact(
            project_id=cast.project_ids["a"], at=DAY + timedelta(hours=n * 37 % 60), kind=ContactKind.CALL if n % 3 else ContactKind.REVISIT,
            called=f"客户{n:03}", receiver_id=ids["consultant1"], owner_id=ids["consultant1" if n % 2 else "consultant2"],
            team_id=cast.team_ids["a1" if n % 2 else "a2"], source=Source.PASSING, no_phone_reason=NoPhoneReason.UNWILLING,
        )
        for n in range(ROWS)
    ]  # fmt: skip
    with acting_as(SYSTEM):
        write(session, lambda: session.add_all(made))
        return [(c.id, c.at, c.kind) for c in session.scalars(select(Contact))]


def visits_shown(page: str) -> list[int]:
    return [int(n) for n in dict.fromkeys(re.findall(r'href="/contact/show/(\d+)"', page))]


@pytest.mark.both_databases
@pytest.mark.parametrize("cap", [1000, 7])
@pytest.mark.parametrize(
    ("username", "narrowed"),
    [("site_manager", ""), ("site_manager", "kind=call"), ("consultant1", ""), ("supervisor2", "kind=call")],
)
def test_visits_stand_in_the_order_of_their_moments(
    session: Session, cast: Cast, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch, cap: int, username: str, narrowed: str
) -> None:  # fmt: skip
    """Also those that were entered later or came from a table; there and back, few and many."""
    monkeypatch.setattr(paging, "COUNT_CAP", cap)
    rows = [
        row
        for place, row in enumerate(contacts(session, cast))
        if username == "site_manager" or place % 2 == (username == "consultant1")
    ]
    wanted = [
        pk
        for pk, _at, kind in sorted(rows, key=lambda row: (row[1], row[0]), reverse=True)
        if not narrowed or kind is ContactKind.CALL
    ]
    client, address = client_as(username), f"/contact/list/?{narrowed}"
    pages = list(walk(client, address, "下一页", visits_shown))
    assert [key for page in pages for key in page] == wanted
    page = client.get(link(client.get(address).get_data(as_text=True), "末页")).get_data(as_text=True)
    back = [visits_shown(page), *walk(client, link(page, "上一页"), "上一页", visits_shown)]
    assert [key for page in reversed(back) for key in page] == wanted


@pytest.mark.parametrize("order", ["", "order=-at&", "order=at&"])
def test_the_pages_of_a_period_stay_within_it(session: Session, cast: Cast, client_as: ClientAs, order: str) -> None:
    """The list is narrowed by «at»: the place of a page has another name in the address, else it would be read as the period."""
    made, day = contacts(session, cast), DAY.date()
    days = f"{day}~{day + timedelta(days=1)}"
    rows = sorted((at, pk) for pk, at, _kind in made if at.date() <= day + timedelta(days=1))
    wanted = [pk for _at, pk in (rows if order == "order=at&" else rows[::-1])]
    assert len(wanted) > 60
    pages = list(walk(client_as("site_manager"), f"/contact/list/?{order}at={days}", "下一页", visits_shown))
    assert [key for page in pages for key in page] == wanted


def test_no_filter_takes_a_word_that_the_address_needs() -> None:
    with pytest.raises(TypeError, match="no filter may be called order, page"):
        check_filters(type("OddView", (), {"filters": ("state", "page"), "more_filters": ("order",)}))


def test_the_order_of_moments_is_read_from_an_index(session: Session, cast: Cast) -> None:
    """Of the whole list, of what a filter leaves, of what somebody owns: nothing is sorted (04 F2)."""
    project = Contact.project_id == cast.project_ids["a"]
    for narrowed, index in (
        (project, "ix_contact_list_at"), (Contact.kind == ContactKind.CALL, "ix_contact_list_kind"),
        (Contact.owner_id == cast.person_ids["consultant1"], "ix_contact_list_owner_id"),
    ):  # fmt: skip
        asked = select(Contact.id).where(project, narrowed).order_by(Contact.at.desc(), Contact.id.desc()).limit(21)
        words = str(asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {words}")).all())
        assert index in plan, plan
        assert "TEMP B-TREE" not in plan, plan


def test_an_odd_cursor_shows_the_first_page(session: Session, cast: Cast, client_as: ClientAs) -> None:
    make(session, cast)
    client = client_as("site_manager")

    def word(told: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")

    first = shown(client.get("/customer/list/?order=-follow_due_on").get_data(as_text=True))
    good = ["-follow_due_on", 0, 2, ["2026-03-02", 40]]
    assert shown(client.get(f"/customer/list/?order=-follow_due_on&_at={word(good)}").get_data(as_text=True)) != first
    odd = [
        "x", "%00", "=" * 9, "A" * 5000, word([]), word({}), word([[[[]]]]), word(["follow_due_on", *good[1:]]), word([*good[:3], ["2026-03-02"]]),
        word([*good[:3], ["2026-13-02", 40]]), word([*good[:3], [7, 40]]), word([*good[:3], ["2026-03-02", 2**40]]),
        word([*good[:3], ["2026-03-02", "40"]]), word([*good[:3], ["2026-03-02", None]]), word([*good[:3], ["2026-03-02", True]]),
        word([good[0], 7, 2, good[3]]), word([good[0], 0, 0, good[3]]), word([good[0], 0, "2", good[3]]), word([good[0], 0, 2, None]),
    ]  # fmt: skip
    for at in odd:
        answer = client.get("/customer/list/", query_string={"order": "-follow_due_on", "_at": at})
        assert answer.status_code == 200, at
        assert shown(answer.get_data(as_text=True)) == first, at


def test_a_cursor_opens_nothing(session: Session, cast: Cast, client_as: ClientAs) -> None:
    """The place of a foreign row tells no more than the own rows behind it."""
    rows = make(session, cast)
    at = base64.urlsafe_b64encode(json.dumps(["", 0, 2, [rows[-1].id + 1]]).encode()).decode().rstrip("=")
    page = client_as("other_supervisor").get(f"/customer/list/?_at={at}").get_data(as_text=True)
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
