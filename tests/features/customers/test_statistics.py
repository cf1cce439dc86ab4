"""潜客统计 (S3.19, S3.5): counts against a slow count of our own, drill-down to the same rows, scope, weeks, cohorts, the sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.features.customers.choices import ContactKind, CustomerState, Grade, LostReason, Source
from app.features.customers.models import Contact, Customer
from app.features.customers.statistics import chart
from app.features.customers.statistics.reading import DIMENSIONS, Rival, cohorts, profile, week
from app.features.customers.statistics.rules import Period, week_of
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.spreadsheets import read_workbook
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire
from tests.cast import Cast

Client = Callable[[str], FlaskClient]
MONDAY = date(2026, 11, 16)
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 11, 30))


@pytest.fixture
def many(session: Session, cast: Cast) -> list[int]:
    """Thirty customers of two consultants over three months, and calls of one week; written as rows, no act is tested here."""

    def work() -> list[int]:
        ids = []
        with as_step(session):
            for n in range(30):
                login, team = ("consultant1", "a1") if n % 3 else ("consultant2", "a2")
                first = datetime(2026, 9 + n % 3, 1 + n % 28, 10)
                customer = Customer(
                    project_id=cast.project_ids["a"], owner_id=cast.person_ids[login], team_id=cast.team_ids[team], name=f"客户{n:02}",
                    grade=list(Grade)[n % 4], source=list(Source)[n % 5], first_kind=ContactKind.CALL if n % 2 else ContactKind.FIRST_VISIT,
                    first_at=first, last_contact_at=first, visits=n % 3, last_visit_at=first if n % 3 else None,
                    home_area=("滨江新城", "老城中心", None, "")[n % 4], reserved_at=first + timedelta(days=2) if n % 5 == 0 else None,
                    signed_at=first + timedelta(days=9) if n % 10 == 0 else None,
                )  # fmt: skip
                if n % 7 == 0:
                    session.add(customer)
                    session.flush()
                    session.execute(Customer.__table__.update().where(Customer.__table__.c.id == customer.id).values(
                        state=CustomerState.LOST, lost_reason=LostReason.PRICE, lost_at=datetime(2026, 11, 18, 10),
                    ))  # fmt: skip
                session.add(customer)
                session.flush()
                ids.append(customer.id)
                session.add(Contact(
                    project_id=customer.project_id, customer_id=customer.id, owner_id=customer.owner_id, team_id=customer.team_id,
                    receiver_id=customer.owner_id, at=datetime.combine(MONDAY + timedelta(days=n % 8), datetime.min.time()) + timedelta(hours=10),
                    kind=list(ContactKind)[n % 3], source=list(Source)[n % 5], doubts="觉得比隔壁贵" if n % 2 else None,
                ))  # fmt: skip
            session.flush()
        return ids

    with acting_as(SYSTEM):
        found = write(session, work)
        session.expire_all()
    return found


def rows_of(session: Session, cast: Cast, login: str) -> list[Customer]:
    with acting_as(cast.actor(login)):
        return list(session.query(Customer).filter(Customer.project_id == cast.project_ids["a"]).all())


@pytest.mark.parametrize("login", ["supervisor", "supervisor2", "consultant1"])
@pytest.mark.both_databases
def test_every_dimension_counts_the_readers_rows(session: Session, cast: Cast, many: list[int], login: str) -> None:
    everybody = rows_of(session, cast, login)
    assert len(everybody) == {"supervisor": 30, "supervisor2": 10, "consultant1": 20}[login]
    with acting_as(cast.actor(login)):
        found = profile(session, cast.project_ids["a"], SEPTEMBER)
        lines = cohorts(session, cast.project_ids["a"], SEPTEMBER)
    for name in DIMENSIONS:
        mine = [c for c in everybody if name != "lost_reason" or c.state is CustomerState.LOST]
        slow = Counter(getattr(c, name) or None for c in mine)
        assert {one.word: one.customers for one in found[name]} == {
            (w.value if hasattr(w, "value") else w): n for w, n in slow.items()
        }
        assert sum(one.reserved for one in found[name]) == sum(c.reserved_at is not None for c in mine)
        assert sum(one.visited for one in found[name]) == sum(c.visits > 0 for c in mine)
    by_month = Counter((c.first_at.year, c.first_at.month) for c in everybody)
    assert {(one.year, one.month): one.customers for one in lines} == by_month
    assert all(sum(one.states.values()) == one.customers for one in lines)
    assert sum(one.signed for one in lines) == sum(c.signed_at is not None for c in everybody)


def test_the_period_counts_both_days(session: Session, cast: Cast, many: list[int]) -> None:
    everybody = rows_of(session, cast, "supervisor")
    day = everybody[0].first_at.date()
    with acting_as(cast.actor("supervisor")):
        found = profile(session, cast.project_ids["a"], Period(day, day), None)
    assert sum(one.customers for one in found["grade"]) == sum(c.first_at.date() == day for c in everybody)


def test_the_week_counts_calls_and_visits_by_source(session: Session, cast: Cast, many: list[int]) -> None:
    days = Period(MONDAY, MONDAY + timedelta(days=6))
    with acting_as(cast.actor("supervisor")):
        found = week(session, cast.project_ids["a"], days)
        contacts = [c for c in session.query(Contact).all() if days.since <= c.at < days.before]
    assert sum(one.calls for one in found.rows) == sum(c.kind is ContactKind.CALL for c in contacts)
    assert sum(one.visits for one in found.rows) == sum(c.kind is not ContactKind.CALL for c in contacts)
    assert {one.source: one.calls for one in found.rows if one.calls} == Counter(
        c.source for c in contacts if c.kind is ContactKind.CALL
    )
    assert found.lost == [(LostReason.PRICE, 5)]
    assert dict(found.topics)["rival"] == dict(found.topics)["price"] == sum(c.doubts is not None for c in contacts)


def test_other_sites_are_counted_by_name(session: Session, cast: Cast, client_as: Client, registered: Any) -> None:
    noted = [{"rivals": "云杉府、湖畔里"}, {"rivals": " 云杉府， 云杉府 "}, {"needs": "三房"}]
    made = [registered("consultant1", "王伟", f"1000000{n}234", noted=one) for n, one in enumerate(noted, 1)]
    lost = made[2]
    with acting_as(cast.actor("consultant1")):
        with pytest.raises(RuleError, match="只有流失原因是「已购他盘」"):
            fire(
                session,
                lost,
                "lose",
                cast.actor("consultant1"),
                note="没钱",
                lost_reason=LostReason.PRICE,
                lost_to="湖畔里",
            )
        told = {"lost_reason": LostReason.BOUGHT_ELSEWHERE, "lost_to": "湖畔里"}
        fire(session, lost, "lose", cast.actor("consultant1"), note="买了别处", **told)
    with acting_as(cast.actor("supervisor")):
        found = week(session, cast.project_ids["a"], week_of(now().date()))
    assert found.rivals == [Rival("云杉府", 2, 0), Rival("湖畔里", 1, 1)]
    page = client_as("supervisor").get("/customer-statistics/?part=week").get_data(as_text=True)
    assert "云杉府" in page
    assert client_as("consultant1").get(f"/customer/show/{lost.id}").get_data(as_text=True).count("湖畔里") >= 1


def shown_total(page: str) -> int:
    return int(re.findall(r"共 ([\d,]+) ", page)[0].replace(",", ""))


def test_every_number_leads_to_as_many_rows(client_as: Client, many: list[int]) -> None:
    for login in ("supervisor", "consultant1"):
        client = client_as(login)
        for part in ("profile", "cohort", "week"):
            first = MONDAY.isoformat() if part == "week" else "2026-09-01"
            page = client.get(f"/customer-statistics/?part={part}&from={first}&to=2026-11-30").get_data(as_text=True)
            links = re.findall(r'<a href="(/(?:customer|contact)/list/\?[^"]+)">([\d,]+)</a>', page)
            assert len(links) > 5, (login, part)
            for url, number in links[:: max(1, len(links) // 12)]:
                answer = client.get(url.replace("&amp;", "&"))
                assert shown_total(answer.get_data(as_text=True)) == int(number.replace(",", "")), (login, url)


def test_a_consultant_cannot_ask_for_a_colleague(client_as: Client, cast: Cast, many: list[int]) -> None:
    other = cast.person_ids["consultant2"]
    page = (
        client_as("consultant1")
        .get(f"/customer-statistics/?from=2026-09-01&to=2026-11-30&owner={other}")
        .get_data(as_text=True)
    )
    assert '<div class="v">20<small>' in page  # his own twenty, whatever he asks
    narrowed = (
        client_as("supervisor")
        .get(f"/customer-statistics/?from=2026-09-01&to=2026-11-30&owner={other}")
        .get_data(as_text=True)
    )
    assert '<div class="v">10<small>' in narrowed


def test_the_sheet_says_the_same_numbers(client_as: Client, many: list[int]) -> None:
    answer = client_as("supervisor").get("/customer-statistics/export?part=profile&from=2026-09-01&to=2026-11-30")
    assert answer.status_code == 200
    cells: list[Any] = read_workbook(answer.data, "a.xlsx")[0].rows
    grades = {str(row[1]): int(float(str(row[2]))) for row in cells if row and str(row[0]) == "等级"}
    assert sum(grades.values()) == 30 and set(grades) == {"A", "B", "C", "D"}
    assert client_as("consultant1").get("/customer-statistics/export").status_code == 403
    for part in ("week", "cohort", "help"):
        assert client_as("supervisor").get(f"/customer-statistics/export?part={part}").status_code == 200


def test_room_is_made_for_the_words_that_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bars begin behind the English words, which are longer than the Chinese ones that stood there."""
    monkeypatch.setattr(chart, "shown", lambda _word: "Recommended by friends")
    drawn = str(chart.bars("途径", [("朋友介绍", 3, "3")]))
    assert "Recommended by friends" in drawn
    starts = re.search(r'<rect class="s1" x="(\d+)"', drawn)
    assert starts and int(starts[1]) > 170
