"""费用: the chain by amount, over budget one post higher, paid by finance, never seen by the other side (07 «费用»)."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.features.office.expenses.kinds import ExpenseState, PayMethod
from app.features.office.expenses.models import AgencyExpense, DeveloperExpense
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import requests_of
from app.kernel.attachments import Attachment
from app.kernel.base import now
from app.kernel.errors import Forbidden, RuleError, StaleError
from app.kernel.notices import Notice
from app.kernel.workflow import fire, legal_steps
from tests.features.office import claims, store
from tests.features.office.store import decided, step

SUP, SM, PM, GM = "supervisor", "site_manager", "project_manager", "general_manager"


def chain_of(cast, paper):
    with acting_as(SYSTEM):
        return [station.post for station in requests_of(cast.session, paper)[-1].steps]


@pytest.mark.parametrize(
    ("amount", "over", "posts"),
    [
        ("500.00", False, [SUP]),
        ("500.01", False, [SUP, SM]),
        ("2000.00", False, [SUP, SM]),
        ("2000.01", False, [SUP, SM, PM]),
        ("10000.00", False, [SUP, SM, PM]),
        ("10000.01", False, [SUP, SM, PM, GM]),
        ("500.00", True, [SUP, SM]),
        ("2000.00", True, [SUP, SM, PM]),
        ("10000.00", True, [SUP, SM, PM, GM]),
        ("10000.01", True, [SUP, SM, PM, GM]),
    ],
)
def test_the_chain_by_amount_and_budget(cast, amount, over, posts):
    office = claims.subject(cast)
    claims.budget(cast, office, str(Decimal(amount) - Decimal("0.01") if over else amount))
    paper = claims.claim(cast, "clerk", (office, amount), over_reason="急用" if over else "")
    paper = step(cast, paper, "submit", "clerk")
    assert (paper.state, paper.number[:7]) == (ExpenseState.REVIEW, "FY-JPYL")
    assert paper.over_amount == (Decimal("0.01") if over else 0)
    assert chain_of(cast, paper) == posts


def test_over_budget_needs_a_reason_and_the_approver_reads_it(cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "100")
    paper = claims.claim(cast, "clerk", (office, "180"))
    with pytest.raises(RuleError, match=r"超预算 80\.00 元"):
        step(cast, paper, "submit", "clerk")
    assert store.fresh(cast, paper).state is ExpenseState.DRAFT
    paper = step(cast, claims.claim(cast, "clerk", (office, "180"), over_reason="开放日加印"), "submit", "clerk")
    with acting_as(SYSTEM):
        assert "超预算 80.00 元：开放日加印" in requests_of(cast.session, paper)[-1].summary


def test_what_waits_and_what_is_approved_takes_the_budget(cast):
    office, paper_ = claims.subject(cast), None
    claims.budget(cast, office, "100")
    paper_ = claims.subject(cast, "纸张", office)
    first = step(cast, claims.claim(cast, "clerk", (paper_, "60")), "submit", "clerk")
    with pytest.raises(RuleError, match=r"超预算 20\.00 元"):
        step(cast, claims.claim(cast, "consultant1", (office, "60")), "submit", "consultant1")
    decided(cast, first, SUP, "refuse", "不必")
    second = step(cast, claims.claim(cast, "consultant1", (office, "60")), "submit", "consultant1")
    assert second.over_amount == 0


def test_the_year_counts_too(cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "1000")
    claims.budget(cast, office, "150", f"{now():%Y}")
    with pytest.raises(RuleError, match=r"超预算 50\.00 元"):
        step(cast, claims.claim(cast, "clerk", (office, "200")), "submit", "clerk")


def test_without_a_budget_by_parameter(cast):
    from app.features.organisation.models import Parameter
    from tests.factories import saved

    office = claims.subject(cast)
    with pytest.raises(RuleError, match="超预算"):
        step(cast, claims.claim(cast, "clerk", (office, "20")), "submit", "clerk")
    saved(
        cast.session,
        Parameter(
            project_id=cast.project_ids["a"], key="expense_needs_budget", value="否", effective_from=now().date()
        ),
    )
    assert step(cast, claims.claim(cast, "clerk", (office, "20")), "submit", "clerk").over_amount == 0


@pytest.mark.parametrize(("amount", "needed"), [("99.99", False), ("100.00", True)])
def test_bills_from_the_parameter_on(cast, amount, needed):
    office = claims.subject(cast)
    claims.budget(cast, office, "1000")
    paper = claims.claim(cast, "clerk", (office, amount), with_bill=False)
    if needed:
        with pytest.raises(RuleError, match="须附票据"):
            step(cast, paper, "submit", "clerk")
        claims.bill(cast, paper, "clerk")
    assert step(cast, paper, "submit", "clerk").state is ExpenseState.REVIEW


def approved(cast, login="clerk", amount="80"):
    office = claims.subject(cast)
    claims.budget(cast, office, "1000")
    return decided(cast, step(cast, claims.claim(cast, login, (office, amount)), "submit", login), SUP)


def test_finance_pays_and_the_claimant_hears_it(cast):
    paper = approved(cast)
    assert paper.state is ExpenseState.APPROVED
    for login in ("clerk", SUP, "developer_finance"):
        with pytest.raises(Forbidden):
            step(cast, paper, "pay", login, paid_on=now().date(), pay_method=PayMethod.CASH, voucher_number="1")
    paper = step(
        cast, paper, "pay", "finance", paid_on=now().date(), pay_method=PayMethod.TRANSFER, voucher_number="PZ-7"
    )
    assert (paper.state, paper.voucher_number) == (ExpenseState.PAID, "PZ-7")
    with acting_as(SYSTEM):
        told = cast.session.scalars(select(Notice.title).where(Notice.person_id == cast.person_ids["clerk"])).all()
    assert any(title.endswith("已付款") for title in told)


def test_finance_sends_back_what_lacks_a_bill(cast):
    paper = step(cast, approved(cast), "send_back", "finance", note="发票抬头不对")
    assert paper.state is ExpenseState.DRAFT
    assert step(cast, paper, "submit", "clerk").state is ExpenseState.REVIEW


def test_nobody_decides_his_own(cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "1000")
    paper = step(cast, claims.claim(cast, SUP, (office, "80")), "submit", SUP)
    with pytest.raises(Forbidden):
        decided(cast, paper, SUP)


@pytest.mark.parametrize("amount", ["10000.01", "480.00"])
def test_the_general_managers_own_claim_ends_at_the_administration_and_finance_pays(cast, amount):
    """Nobody is above him: above 10,000, or whenever a lower post suffices by amount, somebody else decides."""
    office = claims.subject(cast)
    claims.budget(cast, office, "20000")
    paper = step(cast, claims.claim(cast, GM, (office, amount)), "submit", GM)
    for login in [s for s in (SUP, SM, PM) if Decimal(amount) > 10000] or [SUP]:
        paper = decided(cast, paper, login)
    if Decimal(amount) > 10000:
        assert paper.state is ExpenseState.REVIEW
        with pytest.raises(Forbidden):
            decided(cast, paper, GM)
        assert chain_of(cast, paper) == [SUP, SM, PM, "administration"]
        with acting_as(SYSTEM):
            assert requests_of(cast.session, paper)[-1].steps[-1].remark == "总经理无人可批，转行政部"
        paper = decided(cast, paper, "administration")
    paper = step(cast, paper, "pay", "finance", paid_on=now().date(), pay_method=PayMethod.CASH, voucher_number="1")
    assert paper.state is ExpenseState.PAID


def test_a_supervisor_of_another_team_decides_with_the_lines_before_him(client_as, cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "1000")
    paper = step(cast, claims.claim(cast, SUP, (office, "80")), "submit", SUP)  # 周敏 may not decide her own
    key = paper.id
    with acting_as(SYSTEM):
        request = requests_of(cast.session, paper)[-1].id
    page = client_as("supervisor2").get(f"/approvals/{request}").get_data(as_text=True)
    assert "用途" in page
    assert "剩 1,000.00 元；本单 80.00 元" in page
    assert "用途" in client_as("supervisor2").get(f"/agency-expense/show/{key}").get_data(as_text=True)
    assert decided(cast, paper, "supervisor2").state is ExpenseState.APPROVED
    assert (
        client_as("supervisor2").get(f"/agency-expense/show/{key}").status_code == 404
    )  # decided: no longer his to read


def test_what_is_submitted_is_not_changed_any_more(client_as, cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "1000")
    paper = step(cast, claims.claim(cast, "clerk", (office, "80")), "submit", "clerk")
    key = paper.id
    assert client_as("clerk").get(f"/agency-expense/edit/{key}").status_code == 403
    with pytest.raises(StaleError):
        step(cast, paper, "submit", "clerk")
    step(cast, paper, "expense_agency_withdraw", "clerk")
    assert client_as("clerk").get(f"/agency-expense/edit/{key}").status_code == 200
    assert client_as(SUP).get(f"/agency-expense/edit/{key}").status_code == 403  # nobody writes in another's claim


def test_the_developers_costs_go_his_way(cast):
    office = claims.subject(cast)
    claims.budget(cast, office, "100000", book=claims.DEVELOPER)
    paper = step(cast, claims.claim(cast, SUP, (office, "300"), book=claims.DEVELOPER), "submit", SUP)
    for login in (SM, "developer_marketing", "developer_lead"):
        paper = decided(cast, paper, login)
    assert paper.state is ExpenseState.APPROVED
    with pytest.raises(Forbidden):
        step(cast, paper, "pay", "finance", paid_on=now().date(), pay_method=PayMethod.CASH, voucher_number="1")
    paid = step(
        cast, paper, "pay", "developer_finance", paid_on=now().date(), pay_method=PayMethod.CASH, voucher_number="1"
    )
    assert paid.state is ExpenseState.PAID
    assert "submit" not in {
        s.name
        for s in legal_steps(claims.claim(cast, "clerk", (office, "1"), book=claims.DEVELOPER), cast.actor("clerk"))
    }


@pytest.mark.parametrize(
    ("login", "agency", "developer"),
    [
        ("clerk", {"clerk"}, set()),
        ("consultant1", {"consultant1"}, set()),
        ("supervisor2", {"consultant2"}, {"supervisor2"}),
        (SUP, {"clerk", "consultant1", "consultant2"}, set()),
        (SM, {"clerk", "consultant1", "consultant2"}, {"supervisor2"}),
        ("finance", {"clerk", "consultant1", "consultant2"}, set()),
        ("sales_admin", {"clerk", "consultant1", "consultant2"}, set()),
        ("administration", set(), set()),
        ("developer_marketing", set(), {"supervisor2"}),
        ("developer_finance", set(), {"supervisor2"}),
        ("developer_lead", set(), {"supervisor2"}),
        ("developer_site", set(), set()),
        ("other_supervisor", set(), set()),
        ("admin", set(), set()),
    ],
)
def test_who_reads_whose(cast, login, agency, developer):
    office = claims.subject(cast)
    for owner in ("clerk", "consultant1", "consultant2"):
        claims.claim(cast, owner, (office, "80"))
    claims.claim(cast, "supervisor2", (office, "80"), book=claims.DEVELOPER)
    names = {key: name for name, key in cast.person_ids.items()}
    with acting_as(cast.actor(login)):
        for model, seen in ((AgencyExpense, agency), (DeveloperExpense, developer)):
            cast.session.expire_all()
            assert {names[key] for key in cast.session.scalars(select(model.owner_id))} == seen, model.__name__


@pytest.mark.both_databases
def test_two_claims_on_the_last_of_a_budget(app: Flask, cast) -> None:
    """The second one reads «超预算»: the budget is locked until the first is in."""
    office = claims.subject(cast)
    claims.budget(cast, office, "100")
    people = ("clerk", "consultant1", "assistant")
    papers = [claims.claim(cast, who, (office, "60")).id for who in people]
    actors = [cast.actor(who) for who in people]
    cast.session.rollback()
    refused: list[str] = []
    start = threading.Barrier(len(people))

    def submit(number: int) -> None:
        with app.app_context(), acting_as(actors[number]):
            start.wait()
            try:
                fire(db.session, db.session.get_one(AgencyExpense, papers[number]), "submit", actors[number])
            except RuleError as error:
                refused.append(str(error))
            finally:
                db.session.remove()

    threads = [threading.Thread(target=submit, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2
    assert all("超预算 20.00 元" in sentence for sentence in refused), refused
    with acting_as(SYSTEM):
        states = cast.session.scalars(select(AgencyExpense.state)).all()
    assert sorted(states) == [ExpenseState.DRAFT, ExpenseState.DRAFT, ExpenseState.REVIEW]


def test_a_bill_stays_with_a_claim_that_was_sent_up(cast, client_as):
    of = claims.subject(cast)
    claims.budget(cast, of, "1000")
    paper = claims.claim(cast, "clerk", (of, "150"))
    with acting_as(SYSTEM):
        file = cast.session.scalars(select(Attachment).where(Attachment.owner_table == paper.__tablename__)).one()
        key = file.id
    step(cast, paper, "submit", "clerk")
    answer = client_as("clerk").post(f"/files/{key}/remove", follow_redirects=True)
    assert "已随单据送审，不能移除" in answer.get_data(as_text=True)
    assert f"/files/{key}/remove" not in client_as("clerk").get(
        f"/{paper.__tablename__.replace('_', '-')}/show/{paper.id}"
    ).get_data(as_text=True)
    step(cast, paper, f"{claims.AGENCY.kind}_withdraw", "clerk")
    client_as("clerk").post(f"/files/{key}/remove")
    with acting_as(SYSTEM):
        cast.session.expire_all()
        assert cast.session.get(Attachment, key).removed_at is not None
