"""按揭 on its way: born at the signature, papers on file, 补首付, refusal, end with the order (02 §2.2.2)."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest

from app.features.archive.papers.models import Paper
from app.features.deals.contracts.models import Contract
from app.features.deals.mortgages.models import LoanKind, MortgageState
from app.features.deals.mortgages.opening import monthly_sum, open_mortgage
from app.features.deals.mortgages.rules import first_payment
from app.features.deals.reservations.models import Reservation
from app.features.payments.effects import account_of, plan_rows_of
from app.features.payments.models import FundKind, Receivable
from app.features.payments.verify import verify
from app.features.pricing.models import SchemeKind
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.notices.records import Notice
from app.kernel.workflow import as_step
from tests.features.deals import loans, orders

CO = "contract_officer"
S = MortgageState


def rows_of(cast, order):
    with acting_as(SYSTEM):
        cast.session.rollback()
        account = account_of(cast.session, order.id)
        sums: dict = {}
        for row in plan_rows_of(cast.session, account):
            key = (row.kind.value, row.payer.label)
            sums[key] = sums.get(key, Decimal(0)) + row.amount
        return sums, account


def test_the_signature_opens_the_loan_with_its_days(cast):
    order = loans.effective(cast)
    loans.signed(cast, order)
    mortgage = loans.loans_of(cast, order)[LoanKind.BANK]
    assert mortgage.number.startswith("AJ-JPYL-")
    assert (mortgage.papers_due_on, mortgage.release_due_on) == (orders.today(7), orders.today(45))
    assert mortgage.age is not None  # from the buyer's identity number
    assert len(mortgage.papers) == 8
    assert orders.fresh(cast, Unit, order.unit_id).loan_state == "预审"


def test_both_lenders_of_a_combined_loan(cast):
    order = loans.effective(cast, kind=SchemeKind.COMBINED, fund="600000")
    loans.signed(cast, order)
    found = loans.loans_of(cast, order)
    assert set(found) == {LoanKind.BANK, LoanKind.FUND}
    assert found[LoanKind.FUND].amount == Decimal(600000)
    assert found[LoanKind.FUND].lender == "公积金管理中心"
    assert [paper.name for paper in found[LoanKind.FUND].papers][-1] == "公积金缴存证明"


def test_the_check_names_what_speaks_against_the_loan(cast):
    order = loans.effective(cast)
    loans.signed(cast, order)
    mortgage = loans.facts(cast, loans.loans_of(cast, order)[LoanKind.BANK], age=50, monthly_income=Decimal(5000))
    with pytest.raises(RuleError) as refusal:
        orders.step(cast, mortgage, "pass_check", CO)
    assert "年龄加贷款年限" in str(refusal.value) and "月收入不足" in str(refusal.value)
    passed = orders.step(cast, mortgage, "pass_check", CO, exception="有共同借款人")
    assert passed.state is S.COLLECTING and passed.exception == "有共同借款人"


def test_complete_only_with_every_paper_and_then_on_file(cast):
    order = loans.effective(cast)
    contract = loans.signed(cast, order)
    mortgage = loans.facts(cast, loans.loans_of(cast, order)[LoanKind.BANK], age=35, monthly_income=Decimal(20000))
    orders.step(cast, mortgage, "pass_check", CO)
    with pytest.raises(RuleError, match="收入证明"):
        orders.step(cast, mortgage, "complete", CO)
    orders.step(cast, mortgage, "receive_rest", CO, on=orders.today())
    assert orders.step(cast, mortgage, "complete", CO).complete_on == orders.today()
    assert orders.fresh(cast, Contract, contract.id).papers_complete
    with acting_as(SYSTEM):
        awaited = {p.title for p in cast.session.query(Paper).filter_by(source="mortgage")}
    assert "收入证明" in awaited and "征信授权书（夫妻双方）" in awaited
    assert "首付款收据" in awaited


@pytest.mark.both_databases
def test_a_smaller_grant_moves_the_rest_to_the_buyer(cast):
    order = loans.effective(cast)
    loans.signed(cast, order)
    before, _account = rows_of(cast, order)
    mortgage = loans.to_submitted(cast, loans.loans_of(cast, order)[LoanKind.BANK])
    loan = mortgage.amount
    granted = orders.step(cast, mortgage, "grant", CO, on=orders.today(), granted=loan - 70000)
    assert granted.state is S.GRANTED and granted.granted == loan - 70000
    after, account = rows_of(cast, order)
    assert after["按揭", "银行"] == loan - 70000
    assert sum(after.values()) == sum(before.values()) == account.total
    with acting_as(SYSTEM):
        row = cast.session.query(Receivable).order_by(Receivable.id.desc()).first()
        assert (row.kind, row.amount, row.due_on) == (FundKind.FIRST_PAYMENT, Decimal(70000), orders.today(7))
        assert list(verify(cast.session)) == []
        assert cast.session.query(Notice).filter(Notice.title.contains("补首付")).count() >= 1


def test_more_than_asked_is_a_wrong_entry(cast):
    order = loans.effective(cast)
    loans.signed(cast, order)
    mortgage = loans.to_submitted(cast, loans.loans_of(cast, order)[LoanKind.BANK])
    with pytest.raises(RuleError, match="超过申请"):
        orders.step(cast, mortgage, "grant", CO, on=orders.today(), granted=mortgage.amount + 1)


def test_the_whole_way_to_the_registered_mortgage(cast):
    order = loans.effective(cast)
    loans.signed(cast, order)
    mortgage = loans.to_submitted(cast, loans.loans_of(cast, order)[LoanKind.BANK])
    orders.step(cast, mortgage, "ask_more", CO, what="近三个月流水")
    with pytest.raises(RuleError, match="近三个月流水"):
        orders.step(cast, mortgage, "submit_again", CO, on=orders.today())
    orders.step(cast, mortgage, "receive_rest", CO, on=orders.today())
    orders.step(cast, mortgage, "submit_again", CO, on=orders.today())
    orders.step(cast, mortgage, "grant", CO, on=orders.today(), granted=mortgage.amount)
    with pytest.raises(RuleError, match="预告抵押"):
        orders.step(cast, mortgage, "release_at_once", CO, on=orders.today())
    orders.step(cast, mortgage, "note_lien", CO, on=orders.today(), lien_on=orders.today())
    orders.step(cast, mortgage, "release", CO, on=orders.today())
    done = orders.step(cast, mortgage, "register", CO, on=orders.today(), number="DY-1")
    assert done.state is S.REGISTERED
    assert orders.fresh(cast, Unit, order.unit_id).loan_state == "正式抵押"
    with acting_as(SYSTEM):  # the money is not received before 甲方财务 confirms it
        assert (
            next(
                r for r in plan_rows_of(cast.session, account_of(cast.session, order.id)) if r.kind.value == "按揭"
            ).confirmed
            == 0
        )


def test_a_refused_loan_offers_another_payment_and_another_bank(cast, client_as):
    order = loans.effective(cast)
    loans.signed(cast, order)
    mortgage = loans.loans_of(cast, order)[LoanKind.BANK]
    with pytest.raises(RuleError, match="拒贷日期不能晚于今天"):
        orders.step(cast, mortgage, "refuse", CO, note="征信不良", on=orders.today(1))
    refused = orders.step(cast, mortgage, "refuse", CO, note="征信不良", on=orders.today(-2))
    assert (refused.refused_why, refused.refused_on) == ("征信不良", orders.today(-2))
    assert refused.step_since == orders.today(-2), "entered two days late"
    assert str(orders.today(-2)) in client_as(CO).get("/mortgage/list/?state=refused").text
    page = client_as("consultant1").get(f"/mortgage/show/{mortgage.id}").get_data(as_text=True)
    assert f"/change-request/add?reservation_id={order.id}&amp;kind=payment" in page
    answer = client_as(CO).get(f"/mortgage/add?reservation_id={order.id}").get_data(as_text=True)
    assert "770" in answer or "800" in answer  # the amount of the plan is there already
    assert client_as(CO).get("/mortgage/list/?chip=refused").status_code == 200


def test_an_order_that_ends_lends_no_more(cast):
    from app.features.deals.mortgages.opening import open_mortgage
    from app.kernel.transactions import write
    from app.kernel.workflow import as_step

    order = loans.effective(cast)

    def work():
        with as_step(cast.session):
            open_mortgage(
                cast.session, cast.actor(CO), orders.fresh(cast, type(order), order.id), LoanKind.BANK, Decimal(500000)
            )

    with acting_as(SYSTEM):
        write(cast.session, work)
    from app.features.deals.changes.models import ChangeKind, FaultOf

    paper = orders.approved_change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY)
    orders.step(cast, paper, "execute", "developer_finance")
    assert loans.loans_of(cast, order)[LoanKind.BANK].state is S.VOID


def test_the_form_of_the_contract_officer_keeps_dates_of_papers(cast, client_as):
    order = loans.effective(cast)
    loans.signed(cast, order)
    mortgage = loans.loans_of(cast, order)[LoanKind.BANK]
    names, version, officer = [paper.name for paper in mortgage.papers], mortgage.version, client_as(CO)
    form = officer.get(f"/mortgage/edit/{mortgage.id}").get_data(as_text=True)
    assert "身份证明（夫妻双方）" in form
    lines = {}
    for number, name in enumerate(names):
        lines |= {f"line-{number}-name": name, f"line-{number}-copies": "2", f"line-{number}-received_on": ""}
    lines["line-0-received_on"] = orders.today().isoformat()
    data = {
        "reservation_id": order.id, "kind": "bank", "lender": "江城银行", "contact": "", "amount": "77万", "years": "30",
        "yearly_rate": "3.5%", "repayment": "level", "age": "35", "monthly_income": "20000", "note": "", "_version": version,
    }  # fmt: skip
    answer = officer.post(f"/mortgage/edit/{mortgage.id}", data=data | lines)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    kept = loans.loans_of(cast, order)[LoanKind.BANK]
    assert kept.papers[0].received_on == orders.today() and kept.papers[1].received_on is None
    assert kept.monthly_payment == Decimal("3457.64")
    tomorrow = data | lines | {"_version": kept.version, "line-1-received_on": orders.today(1).isoformat()}
    assert "不能晚于今天" in officer.post(f"/mortgage/edit/{mortgage.id}", data=tomorrow).get_data(as_text=True)


def test_the_calculator(cast, client_as):
    seller = client_as("consultant1")
    assert seller.get("/loan-calculator/").status_code == 200
    asked = {"bank_amount": "170000", "bank_rate": "3.5%", "bank_years": "30", "fund_amount": "60万", "fund_rate": "2.6%", "fund_years": "20",
             "repayment": "level"}  # fmt: skip
    page = seller.post("/loan-calculator/", data=asked).get_data(as_text=True)
    for number in ("3,972.11", "3,208.73", "763.38"):
        assert number in page
    falling = seller.post(
        "/loan-calculator/",
        data={"bank_amount": "1000000", "bank_rate": "3.5%", "bank_years": "30", "repayment": "falling"},
    ).get_data(as_text=True)
    for number in ("5,694.44", "5,686.34", "2,785.88", "526,458.33"):
        assert number in falling
    for wrong in (
        {"bank_amount": "NaN"},
        {"bank_amount": "-1"},
        {},
        {"bank_amount": "1", "bank_years": "99", "bank_rate": "3.5%"},
    ):
        assert seller.post("/loan-calculator/", data=wrong | {"repayment": "level"}).status_code == 422


def test_another_payment_ends_the_loan(cast):
    from app.features.deals.changes.models import ChangeKind

    order = loans.effective(cast)
    contract = loans.signed(cast, order)
    lump = orders.scheme(cast)
    paper = orders.agreed(
        cast, orders.change(cast, order, ChangeKind.PAYMENT, new_scheme_id=lump.id), "submit_payment_change",
        "supervisor", "site_manager", "developer_site",
    )  # fmt: skip
    orders.step(cast, paper, "execute_payment", "developer_finance")
    assert loans.loans_of(cast, order)[LoanKind.BANK].state is S.VOID
    anew, then = orders.fresh(cast, Contract, contract.id), orders.fresh(cast, Reservation, order.id)
    assert anew.scheme_id == lump.id
    assert (anew.total, anew.unit_price) == (then.total, then.unit_price)  # what 面积补差 reckons with
    sums, account = rows_of(cast, order)
    assert "按揭" not in {kind for kind, _payer in sums} and sum(sums.values()) == account.total


def test_one_household_has_one_income_and_both_instalments(cast, client_as):
    """组合贷: 900,000 of the fund and the rest of a bank; what one paper knows the other knows."""
    order = loans.effective(cast, kind=SchemeKind.COMBINED, fund="600000")
    loans.signed(cast, order)
    found = loans.loans_of(cast, order)
    bank, fund = found[LoanKind.BANK], found[LoanKind.FUND]
    together = bank.monthly_payment + fund.monthly_payment
    body = {
        "reservation_id": order.id, "kind": "bank", "lender": bank.lender, "amount": str(bank.amount), "years": "30", "yearly_rate": "0.035",
        "repayment": "level", "age": "35", "monthly_income": str(together * 2 - 1), "_key": "k", "_version": str(bank.version),
    }  # fmt: skip
    officer = client_as(CO)
    answer = officer.post(f"/mortgage/edit/{bank.id}", data=body)
    assert answer.status_code == 302, answer.text
    fund = loans.loans_of(cast, order)[LoanKind.FUND]
    assert (fund.age, fund.monthly_income) == (35, together * 2 - 1)
    with pytest.raises(RuleError, match="月收入不足"):
        orders.step(cast, fund, "pass_check", CO)
    assert f"{together:,.2f}" in officer.get(f"/mortgage/show/{fund.id}").text


def test_the_lender_without_a_paper_yet_counts_by_the_plan(cast):
    order = loans.effective(cast, kind=SchemeKind.COMBINED, fund="600000")
    with acting_as(SYSTEM):
        cast.session.rollback()
        held = cast.session.get(Reservation, order.id)
        with as_step(cast.session):
            paper = open_mortgage(cast.session, SYSTEM, held, LoanKind.BANK, Decimal(170000))
        assert paper.monthly_payment == Decimal("763.38")
        assert monthly_sum(cast.session, paper) == Decimal("763.38") + first_payment(
            Decimal(600000), Decimal("0.026"), 30, paper.repayment
        )
        cast.session.rollback()


def test_a_saved_list_keeps_its_kinds_of_paper(cast, client_as):
    """Forms fold （） to (): the archive's kind must not be lost by it."""
    order = loans.effective(cast)
    loans.signed(cast, order)
    bank = loans.loans_of(cast, order)[LoanKind.BANK]
    body = {
        "reservation_id": order.id, "kind": "bank", "lender": bank.lender, "amount": str(bank.amount), "years": "30", "yearly_rate": "0.035",
        "repayment": "level", "age": "35", "_key": "k", "_version": str(bank.version),
        "line-0-id": str(bank.papers[0].id), "line-0-name": bank.papers[0].name, "line-0-copies": "2",
        "line-0-received_on": str(orders.today()), "line-1-name": "其他材料", "line-1-copies": "1",
    }  # fmt: skip
    assert client_as(CO).post(f"/mortgage/edit/{bank.id}", data=body).status_code == 302
    papers = loans.loans_of(cast, order)[LoanKind.BANK].papers
    assert [(paper.name, paper.code) for paper in papers] == [("身份证明（夫妻双方）", "identity"), ("其他材料", "")]


def test_released_money_is_entered_as_the_lenders(cast, client_as):
    order = loans.effective(cast)
    loans.signed(cast, order)
    bank = loans.to_submitted(cast, loans.loans_of(cast, order)[LoanKind.BANK])
    orders.step(cast, bank, "grant", CO, on=orders.today(), granted=bank.amount)
    orders.step(cast, bank, "note_lien", CO, on=orders.today(), lien_on=orders.today())
    key = orders.step(cast, bank, "release", CO, on=orders.today()).id
    cashier = client_as("developer_finance")
    page = cashier.get(f"/mortgage/show/{key}").text
    url = html.unescape(re.search(r'href="(/receipt/add[^"]+)"', page)[1])
    form = cashier.get(url).text
    assert f'value="{bank.lender}"' in form and f"{bank.amount:.2f}" in form.replace(",", "")
    body = {"account_id": rows_of(cast, order)[1].id, "kind": "bank_loan", "amount": "1000", "paid_on": str(orders.today()),
            "method": "bank_loan", "credited": "supervised", "payer_name": "", "fee": "0", "reference": "L1", "_key": "k"}  # fmt: skip
    assert "付款人请填放款的银行" in cashier.post("/receipt/add", data=body).text
    orders.paid(cast, order, str(bank.amount), FundKind.BANK_LOAN)
    assert "/receipt/add" not in cashier.get(f"/mortgage/show/{key}").text
