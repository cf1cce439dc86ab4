"""应收 · 实收 · 欠款 and 账龄 equal the rows and the ledger, whatever the grouping (02 §2.5.4, issue 5 point 6)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.features.payments.models import FundKind, Method
from app.features.payments.reports.reading import DIMENSIONS, debts, report
from app.features.payments.reports.rules import AGES, age_of, aged
from app.kernel.actors import SYSTEM, acting_as
from tests.features.payments import makers
from tests.features.payments.makers import received, today
from tests.features.payments.test_receivables import on
from tests.features.payments.test_settlement import settled

DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("late", "age"), [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (1000, 4)]
)
def test_ages(late, age):
    assert age_of(DAY - timedelta(days=late), DAY) == age
    assert age_of(None, DAY) == 0


def busy_book(cast):
    first, second, third = (makers.account(cast, n) for n in (1, 2, 3))
    received(cast, first, 20000)
    received(cast, first, 400000, FundKind.FIRST_PAYMENT, method=Method.TRANSFER, reference="A1")  # 83,166 too much
    received(cast, second, 770000, FundKind.BANK_LOAN, method=Method.BANK_LOAN, reference="A2")
    received(cast, second, 88, FundKind.COLLECTED)
    received(cast, third, 20000)
    settled(cast, third, kept=Decimal(20000))
    return first, second, third


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_grouping_has_the_same_totals_as_the_database(cast, dimension):
    busy_book(cast)
    with acting_as(SYSTEM):
        session = cast.session
        session.rollback()
        one = lambda sql: Decimal(session.execute(text(sql)).scalar() or 0).scaleb(-2)  # noqa: E731
        total = report(session, cast.project_ids["a"], dimension).total
        assert total.owed == one("SELECT sum(amount) FROM receivable WHERE state <> 'cancelled'")
        assert total.settled == one("SELECT sum(received) FROM receivable WHERE state <> 'cancelled'")
        assert total.booked == -one(
            "SELECT sum(amount) FROM ledger_entry WHERE code IN ('buyers','collected','fees','late_fees')"
        )
        assert total.booked == Decimal(1190088)
        assert total.arrears == one(
            f"SELECT sum(amount - received) FROM receivable WHERE state <> 'cancelled' AND due_on <= '{today()}'"
        )


def test_groups(cast):
    busy_book(cast)
    with acting_as(SYSTEM):
        cast.session.rollback()
        kinds = report(cast.session, cast.project_ids["a"], "kind").lines
        assert kinds[FundKind.BANK_LOAN].booked == kinds[FundKind.BANK_LOAN].settled == Decimal(770000)
        buildings = report(cast.session, cast.project_ids["a"], "building").lines
        assert buildings["1栋"].prepaid == Decimal(83166)
        assert buildings["2栋"].prepaid == 0  # 代收费 waits for no row
        assert buildings["3栋"].booked == 0


@pytest.mark.parametrize("kept", ["kept", "penalty", "fee"])
def test_what_a_settlement_keeps_is_received_under_no_name(cast, kept):
    """没收定金, 违约金 and 手续费 alike: the money is no longer the buyer's."""
    ended = makers.account(cast, 1)
    received(cast, ended, 20000)
    settled(cast, ended, **{kept: Decimal(20000)})
    with acting_as(SYSTEM):
        cast.session.rollback()
        lines = report(cast.session, cast.project_ids["a"], "building").lines
        assert lines["1栋"].booked == 0


def test_ageing_by_consultant_and_only_of_the_own_accounts(cast):
    makers.account(cast, 1)
    makers.account(cast, 2, login="consultant2")
    with on(today(31)), acting_as(SYSTEM):
        cast.session.rollback()
        found = aged(debts(cast.session, cast.project_ids["a"]))
        assert set(found) == {cast.person_ids["consultant1"], cast.person_ids["consultant2"]}
        assert found[cast.person_ids["consultant1"]] == [Decimal(770000), 0, Decimal(336834), 0, 0]
        assert len(AGES) == 5
    with on(today(31)), acting_as(cast.actor("consultant1")):
        cast.session.rollback()
        assert set(aged(debts(cast.session, cast.project_ids["a"]))) == {cast.person_ids["consultant1"]}
        own = report(cast.session, cast.project_ids["a"], "consultant")
        assert set(own.lines) == {cast.person_ids["consultant1"]}


def test_the_oldest_debt_comes_first_and_what_has_no_day_last(cast):
    makers.account(cast, 1)
    with on(today(31)), acting_as(SYSTEM):
        cast.session.rollback()
        ages = [debt.age for debt in debts(cast.session, cast.project_ids["a"])]
        assert ages == sorted(ages, reverse=True)
        assert len(set(ages)) > 1


def test_the_pages_and_the_sheet(cast, client_as):
    busy_book(cast)
    client = client_as("developer_finance")
    for part in ("ageing", "debts", *DIMENSIONS):
        answer = client.get(f"/receivable-report/?part={part}&owner=abc&age=9")
        assert answer.status_code == 200 and "收款" in answer.text
        sheet = client.get(f"/receivable-report/export?part={part}")
        assert sheet.status_code == 200 and sheet.data[:2] == b"PK"
    assert client_as("consultant1").get("/receivable-report/").status_code == 200
    assert client_as("consultant1").get("/receivable-report/export").status_code in (403, 404)
