"""The screens of the expenses: lines in one form, the budget while typing, the trend and its sheet."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from app.features.office.expenses.models import AgencyBudget, AgencyExpense, ExpenseSubject
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.workflow import as_step
from tests.features.office import claims, store
from tests.tables import plain


def form(*lines, **more):
    values = {"spent_on": now().date().isoformat(), "reason": "开放日物料"} | more
    for number, (subject, amount) in enumerate(lines):
        values |= {
            f"line-{number}-subject_id": str(subject),
            f"line-{number}-purpose": "用途",
            f"line-{number}-amount": amount,
        }
    return values


def test_a_claim_is_typed_submitted_and_tells_its_budget(client_as, cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "100")
    key = office.id
    clerk = client_as("clerk")
    assert 'data-live="/agency-expense/budget"' in clerk.get("/agency-expense/add").get_data(as_text=True)
    clerk.post("/agency-expense/add", data=form((key, "50"), (key, "45.5")))
    made = store.all_of(cast, AgencyExpense)[-1]
    number, month = made.id, made.month
    assert (made.amount, made.owner_id) == (Decimal("95.50"), cast.person_ids["clerk"])
    assert month == claims.month()
    page = clerk.get(f"/agency-expense/show/{number}").get_data(as_text=True)
    assert f"{month} 预算 100.00 元，已占用 0.00 元，剩 100.00 元；本单 95.50 元" in page
    assert clerk.post(f"/agency-expense/step/submit/{number}", data={}).status_code == 302
    assert "周敏" in clerk.get(f"/agency-expense/show/{number}").get_data(as_text=True)


def test_the_form_that_is_refused_keeps_every_line(client_as, cast):
    key = claims.subject(cast).id
    answer = client_as("clerk").post("/agency-expense/add", data=form((key, "0"), (key, "45.55")))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "第 1 行的金额应大于 0" in page
    assert 'value="45.55"' in page
    future = client_as("clerk").post(
        "/agency-expense/add", data=form((key, "5"), spent_on=(now() + timedelta(days=5)).date().isoformat())
    )
    assert "发生日期不能晚于今天" in future.get_data(as_text=True)


@pytest.mark.parametrize(
    ("amounts", "tone", "said"),
    [
        (("60", "40"), "", "剩 100.00 元；本单 100.00 元"),
        (("60", "40.01"), "warn", "超出 0.01 元"),
        (("", "abc"), "", None),
        (("60", "1万"), "warn", "超预算 9,960.00 元：请写超预算说明，提交后多报一级审批。"),
    ],
)
def test_what_is_left_is_told_while_typing(client_as, cast, amounts, tone, said):
    office = claims.subject(cast)
    claims.budget(cast, office, "100")
    key = office.id
    query = form(*((key, amount) for amount in amounts))
    answer = client_as("clerk").get("/agency-expense/budget", query_string=query).get_json()
    assert answer["tone"] == tone
    text = " ".join(answer["lines"])
    assert (said in text) if said else text == ""


def test_odd_questions_are_no_errors(client_as):
    for query in (
        "",
        "?spent_on=x&line-0-subject_id=-1&line-0-amount=5",
        "?line-0-subject_id=999999999&line-0-amount=5",
    ):
        assert client_as("clerk").get(f"/agency-expense/budget{query}").status_code == 200
    assert (
        client_as("developer_marketing")
        .get("/agency-expense/budget", headers={"Accept": "application/json"})
        .status_code
        == 403
    )


def test_budgets_and_subjects_are_kept_by_finance(client_as, cast):
    finance = client_as("finance")
    finance.post("/expense-subject/add", data={"name": "办公费", "active": "1"})
    top = store.all_of(cast, ExpenseSubject)[0].id
    finance.post("/expense-subject/add", data={"name": "文具", "parent_id": str(top), "active": "1"})
    finance.post(f"/expense-subject/edit/{top}", data={"name": "行政办公", "active": "1", "_version": "1"})
    assert [s.path for s in store.all_of(cast, ExpenseSubject)] == ["行政办公", "行政办公 / 文具"]
    finance.post("/agency-budget/add", data={"subject_id": str(top), "period": "2026年11月", "amount": "800"})
    assert [b.period for b in store.all_of(cast, AgencyBudget)] == ["2026-11"]
    again = finance.post("/agency-budget/add", data={"subject_id": str(top), "period": "2026-11", "amount": "900"})
    assert "这个科目在这个期间已有预算" in again.get_data(as_text=True)
    page = finance.get(f"/agency-budget/show/{store.all_of(cast, AgencyBudget)[0].id}").get_data(as_text=True)
    assert "使用情况" in page
    assert client_as("developer_lead").get("/agency-budget/list/").status_code == 403


def spent(cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "100")
    paper = store.step(cast, claims.claim(cast, "clerk", (office, "80")), "submit", "clerk")
    store.decided(cast, paper, "supervisor")
    store.step(cast, claims.claim(cast, "clerk", (office, "15")), "submit", "clerk")  # still waiting: not yet spent


def test_the_trend_by_subject_and_month(client_as, cast):
    spent(cast)
    manager = client_as("site_manager")
    page = manager.get("/office-trend/").get_data(as_text=True)
    assert "办公费" in page
    assert "80.0 %" in page
    assert "95.00" not in page
    assert 'class="chart"' in page
    answer = manager.get("/office-trend/export")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    cells = [cell for row in rows for cell in row]
    assert "办公费" in cells
    assert cells.count(80) >= 2


def test_everybody_sees_his_part_of_the_trend(client_as, cast):
    spent(cast)
    paper = store.item(cast, stock=9)
    store.step(cast, store.step(cast, store.hand(cast, paper, 2), "hand", "clerk"), "sign", "consultant1")
    clerk = client_as("clerk").get("/office-trend/?part=agency").get_data(as_text=True)
    assert "复印纸（包）" in clerk
    assert "林晓" in clerk
    assert "一组" in clerk
    assert "40.00" in clerk  # two packs at the last price
    assert "办公费" not in clerk
    developer = client_as("developer_marketing").get("/office-trend/?part=agency").get_data(as_text=True)
    assert "80.00" not in developer
    assert "复印纸" not in developer
    assert client_as("developer_site").get("/office-trend/").status_code == 403
    assert client_as("clerk").get("/office-trend/?year=x").status_code == 200


def test_finance_is_reminded_of_what_is_to_pay(client_as, cast):
    spent(cast)
    assert "1 笔费用待付款" in client_as("finance").get("/").get_data(as_text=True)
    assert "费用待付款" not in client_as("developer_finance").get("/").get_data(as_text=True)


@pytest.mark.both_databases
def test_the_sum_of_a_list_is_over_all_its_pages_and_only_over_what_fits(cast, client_as):
    office, other = claims.subject(cast), claims.subject(cast, "差旅费")
    for number in range(21):
        claims.claim(cast, "clerk", (office, f"{number}.50"), over_reason="急用", reason="办公")
    claims.claim(cast, "clerk", (other, "1000.00"), over_reason="急用", reason="出差")
    clerk = client_as("clerk")
    page = plain(clerk.get("/agency-expense/list/").get_data(as_text=True))
    assert "合计（全部 22 条）" in page
    assert "1,220.50" in page
    few = plain(clerk.get("/agency-expense/list/?q=出差").get_data(as_text=True))
    assert "合计 " in few and "1,000.00" in few and "合计（全部" not in few


def test_over_budget_the_submit_asks_why(client_as, cast):
    """The refusal asked for 超预算说明 on a page without a field for it."""
    office = claims.subject(cast)
    claims.budget(cast, office, "100")
    paper = claims.claim(cast, "clerk", (office, "180"), reason="开放日加印")
    key = paper.id
    clerk = client_as("clerk")
    assert f'href="/agency-expense/step/submit/{key}"' in clerk.get(f"/agency-expense/show/{key}").text
    page = clerk.post(f"/agency-expense/step/submit/{key}", data={})  # the button of a page that was opened before
    assert page.status_code == 422 and 'name="over_reason"' in page.text
    assert "超预算 80.00 元" in page.text  # the card beside it says by how much
    assert clerk.post(f"/agency-expense/step/submit/{key}", data={"over_reason": "加印楼书"}).status_code == 302
    made = store.fresh(cast, paper)
    assert (made.over_reason, made.over_amount) == ("加印楼书", Decimal(80))


def test_within_the_budget_the_submit_asks_nothing(client_as, cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "100")
    key = claims.claim(cast, "clerk", (office, "80")).id
    clerk = client_as("clerk")
    assert "over_reason" not in clerk.get(f"/agency-expense/step/submit/{key}").text
    assert f'href="/agency-expense/step/submit/{key}"' not in clerk.get(f"/agency-expense/show/{key}").text


def test_the_budget_card_parts_what_was_from_what_is(client_as, cast):
    """The excess of the submit stood among the figures of today as if it were one of them."""
    office = claims.subject(cast)
    budget = claims.budget(cast, office, "100")
    paper = store.step(cast, claims.claim(cast, "clerk", (office, "180"), over_reason="加印"), "submit", "clerk")
    with acting_as(SYSTEM), as_step(cast.session):
        store.fresh(cast, budget).amount = Decimal(500)
        cast.session.commit()
    page = plain(client_as("clerk").get(f"/agency-expense/show/{paper.id}").text)
    assert "提交时 超预算 80.00 元" in page
    assert "现在 · 办公费" in page and "预算 500.00 元，已占用 0.00 元，剩 500.00 元；本单 180.00 元" in page
