"""潜客统计上报: compiled, kept as it was, read by the chain, then by 甲方营销策划部 (S3.5, S3.19)."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.features.customers.choices import CustomerState, Grade
from app.features.customers.effects.progress import advance
from app.features.customers.models import Customer
from app.features.customers.statistics.reading import Rival
from app.features.customers.statistics.rules import month_start, week_of
from app.features.customers.statistics_reports.models import ReportKind, ReportState, StatisticsReport
from app.features.customers.statistics_reports.rules import HEADLINES, Figures, kept, moved, period_of, read_kept
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import clock, now
from app.kernel.transactions import write
from tests.bench.hours import real_now
from tests.features.deals import orders
from tests.tables import plain


def posted(client: Any, **more: Any) -> Any:
    values = {
        "kind": "week",
        "day": now().date().isoformat(),
        "conclusion": "网络来电占四成",
        "advice": "加大户外投放",
    } | more
    return client.post("/statistics-report/add", data=values)


@pytest.fixture
def report(cast, client_as, registered):
    """A week with three new customers, as a draft."""
    registered("consultant1", grade=Grade.A)
    registered("consultant2", "李娜", "10000005678", grade=Grade.B)
    registered("consultant1", "陈静", "10000009012", grade=Grade.B)
    assert posted(client_as("supervisor")).status_code == 302
    cast.session.rollback()
    with acting_as(SYSTEM):
        return cast.session.scalars(select(StatisticsReport)).one()


def read_by_chain(cast, paper: StatisticsReport) -> StatisticsReport:
    paper = orders.decided(cast, paper, "site_manager")
    return orders.decided(cast, paper, "project_manager", opinion="同意，户外投放随计划报批")


def test_the_figures_are_those_of_the_submission_and_what_came_later_stands_beside_them(
    cast, client_as, registered, report
):
    assert (report.state, report.customers, report.number) == (ReportState.DRAFT, 3, None)
    sent = orders.step(cast, report, "submit", "supervisor")
    assert (sent.state, sent.customers, sent.visits, sent.number[:3]) == (ReportState.SUBMITTED, 3, 3, "QT-")
    registered("consultant1", "赵明", "10000003456")
    client = client_as("supervisor")
    page = plain(client.get(f"/statistics-report/show/{sent.id}").get_data(as_text=True))
    assert "上报时的，以后补录、更正不改动" in page
    assert "上报后的变化" in page
    again = orders.fresh(cast, StatisticsReport, sent.id)
    assert (again.customers, sum(c.customers for c in read_kept(again.figures).profile["grade"])) == (3, 3)
    assert "新增客户 3 4 +1" in plain(client.get(f"/statistics-report/show/{sent.id}").get_data(as_text=True))


def test_the_chain_reads_it_and_then_the_developers_marketing(cast, client_as, report):
    marketing, address = client_as("developer_marketing"), f"/statistics-report/show/{report.id}"
    sent = orders.step(cast, report, "submit", "supervisor")
    assert marketing.get(f"/statistics-report-sheet/{report.id}").status_code == 404
    assert sent.id not in listed(marketing)
    done = read_by_chain(cast, sent)
    assert (done.state, done.opinion) == (ReportState.READ, "同意，户外投放随计划报批")
    assert marketing.get(address).status_code == 200
    assert sent.id in listed(marketing)
    assert "上报后的变化" not in marketing.get(address).get_data(as_text=True)
    rows = sheet(marketing, report.id)
    assert ["等级", "B", "2"] in [[row[0], row[1], str(row[5]).removesuffix(".0")] for row in rows]


def listed(client: Any) -> list[int]:
    page = client.get("/statistics-report/list/").get_data(as_text=True)
    return [n for n in range(1, 20) if f'href="/statistics-report/show/{n}"' in page]


def sheet(client: Any, pk: int) -> list[list[Any]]:
    answer = client.get(f"/statistics-report-sheet/{pk}")
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def test_given_back_it_is_counted_anew(cast, registered, report):
    sent = orders.step(cast, report, "submit", "supervisor")
    back = orders.decided(cast, sent, "site_manager", "return", "请补充竞品情况")
    assert back.state is ReportState.RETURNED
    registered("consultant1", "赵明", "10000003456")
    again = orders.step(cast, back, "submit", "supervisor")
    assert (again.customers, again.number) == (4, sent.number)


def test_one_report_a_period_and_none_of_the_future(cast, client_as, report):
    page = posted(client_as("supervisor"))
    assert "这一期的潜客统计已有一份" in page.get_data(as_text=True)
    ahead = posted(client_as("supervisor"), day=(now().date() + timedelta(days=8)).isoformat())
    assert "这一期还没有开始" in ahead.get_data(as_text=True)
    assert posted(client_as("supervisor"), kind="month").status_code == 302


def test_a_supervisor_of_one_team_and_a_stranger_see_none(client_as, report):
    for login in ("supervisor2", "other_supervisor", "consultant1"):
        assert client_as(login).get(f"/statistics-report/show/{report.id}").status_code in (403, 404), login
    team = client_as("supervisor2")
    assert "/statistics-report/add" not in team.get("/statistics-report/list/").get_data(as_text=True)
    assert posted(team, kind="month").status_code in (403, 404)
    assert "潜客统计还没有上报" not in team.get("/").get_data(as_text=True)


def test_deals_of_the_period_count_whenever_the_customer_first_came(cast, client_as, registered, session):
    token = clock.set(lambda: real_now() - timedelta(days=40))
    try:
        old = registered("consultant1")
    finally:
        clock.reset(token)
    for name in ("reserve", "sign"):
        with acting_as(SYSTEM):
            write(session, lambda n=name: advance(session, old.id, n, SYSTEM))
    posted(client_as("supervisor"))
    cast.session.rollback()
    with acting_as(SYSTEM):
        paper = cast.session.scalars(select(StatisticsReport)).one()
        assert cast.session.scalars(select(Customer.state)).one() is CustomerState.SIGNED
    assert [getattr(paper, name) for name in HEADLINES] == [0, 0, 0, 1, 1, 0]


def test_home_says_that_last_week_was_not_reported(cast, client_as, report):
    client = client_as("supervisor")
    assert "上周的潜客统计还没有上报" in client.get("/").get_data(as_text=True)
    last = (now().date() - timedelta(days=7)).isoformat()
    posted(client, day=last)
    cast.session.rollback()
    with acting_as(SYSTEM):
        paper = cast.session.scalars(select(StatisticsReport).order_by(StatisticsReport.first_on)).first()
    assert paper.first_on == week_of(now().date() - timedelta(days=7)).first
    orders.step(cast, paper, "submit", "supervisor")
    assert "上周的潜客统计还没有上报" not in client.get("/").get_data(as_text=True)


def test_periods():
    day = now().date()
    assert period_of(ReportKind.WEEK, day) == week_of(day)
    month = period_of(ReportKind.MONTH, day)
    assert (month.first, month.last) == (month_start(day, 0), month_start(day, -1) - timedelta(days=1))


def test_what_is_kept_is_read_again_and_only_differences_are_told():
    figures = Figures({"grade": []}, [], [], [Rival("云杉府", 2, 1)], signed=2, lost=1)
    assert read_kept(kept(figures)) == figures
    assert moved(figures, figures) == []
    assert moved(figures, Figures({"grade": []}, [], [], [Rival("云杉府", 2, 1)], signed=3, lost=1)) == [
        ("signed", 2, 3)
    ]
