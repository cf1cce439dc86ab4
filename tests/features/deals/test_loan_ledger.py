"""The bank's 按揭台账 opens loans and moves them on, never back; a taken-over contract has its loan (02 §2.2.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.deals.contracts.models import Contract
from app.features.deals.mortgages.catching_up import WAY, is_behind, require_dates
from app.features.deals.mortgages.models import LoanKind, Mortgage, MortgageState
from app.features.payments.effects import account_of, plan_rows_of
from app.features.payments.models import FundKind
from app.features.pricing.rules.plan import RowKind
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from app.kernel.transactions import write
from app.kernel.workflow import FLOWS, as_step, fire
from tests.cast import Cast
from tests.features.deals import loans
from tests.features.deals import orders as o
from tests.tables import bring, plain, table

S = MortgageState
TODAY = date(2026, 11, 30)
HEAD = ["合同编号", "贷款银行", "贷款金额", "进度", "齐件日", "批贷日", "预告登记日", "放款日", "正式抵押日"]


@pytest.mark.parametrize(
    ("state", "dates", "field"),
    [
        (S.GRANTED, {"granted_on": TODAY}, None),
        (S.GRANTED, {}, "granted_on"),
        (S.GRANTED, {"complete_on": date(2026, 11, 1), "granted_on": TODAY}, None),
        (S.GRANTED, {"complete_on": TODAY, "granted_on": date(2026, 11, 1)}, "granted_on"),
        (S.GRANTED, {"granted_on": date(2026, 12, 1)}, "granted_on"),
        (S.GRANTED, {"granted_on": date(2026, 11, 1), "released_on": TODAY}, "released_on"),
        (S.REGISTERED, {"released_on": date(2026, 11, 1), "registered_on": TODAY}, None),
    ],
)
def test_the_days_of_a_row(state, dates, field):
    if field is None:
        require_dates(state, dates, TODAY)
        return
    with pytest.raises(RuleError) as refused:
        require_dates(state, dates, TODAY)
    assert refused.value.field == field


def test_a_ledger_step_only_leads_on(app):
    for step in FLOWS[Mortgage].steps:
        if step.name.startswith("ledger_"):
            assert step.internal
            for source in step.source:
                assert is_behind(Mortgage(state=source), step.target), (source, step.target)
    assert not is_behind(Mortgage(state=S.SUPPLEMENT), S.SUBMITTED)
    assert [is_behind(Mortgage(state=state), S.GRANTED) for state in WAY] == [True] * 5 + [False] * 4


def of_order(cast: Cast, order_id: int) -> Mortgage:
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.scalars(select(Mortgage).where(Mortgage.reservation_id == order_id)).one()


def brought(client_as, *rows):
    return bring(client_as("contract_officer"), "mortgage", table(HEAD, *rows)).check()


def test_the_ledger_moves_a_loan_on_and_the_older_ledger_does_nothing(cast: Cast, client_as) -> None:
    order = loans.effective(cast)
    contract_no = loans.signed(cast, order).contract_no
    asked = loans.loans_of(cast, order)[LoanKind.BANK].amount
    day = o.today().isoformat()
    way = brought(client_as, [contract_no, "招商银行", str(asked - 70000), "批贷", day, day, "", "", ""])
    assert "1 行新增" in plain(way.preview)
    assert way.confirm().status_code == 302
    loan = of_order(cast, order.id)
    assert (loan.state, loan.lender, loan.granted, loan.granted_on) == (S.GRANTED, "招商银行", asked - 70000, o.today())
    with acting_as(SYSTEM):
        rows = plan_rows_of(cast.session, account_of(cast.session, order.id))
        assert sum(row.amount for row in rows) == order.total, "the plan still closes"
        lent = sum(row.amount for row in rows if row.kind is RowKind.BANK_LOAN)
        assert lent == asked - 70000, "the rest is the buyer's"
    old = brought(client_as, [contract_no, "工商银行", "", "齐件", day, "", "", "", ""])
    assert "0 行新增，1 条已存在" in plain(old.preview)
    loan = of_order(cast, order.id)
    assert (loan.state, loan.lender) == (S.GRANTED, "招商银行")
    early = brought(client_as, [contract_no, "", "", "放款", "", "", "", day, ""])
    assert "预售房要先登记预告抵押" in plain(early.preview)
    assert brought(client_as, [contract_no, "", "", "放款", "", "", day, day, ""]).confirm().status_code == 302
    assert of_order(cast, order.id).state is S.RELEASED


def test_an_order_without_a_loan_is_refused(cast: Cast, client_as) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    way = brought(client_as, [order.number, "", "", "齐件", o.today().isoformat(), "", "", "", ""])
    assert "付款计划里没有商业贷款" in plain(way.preview)


@pytest.mark.parametrize("lent", [False, True])
def test_a_taken_over_contract_has_its_loan(cast: Cast, lent: bool) -> None:
    order = loans.effective(cast)
    with acting_as(SYSTEM):
        plan = plan_rows_of(cast.session, account_of(cast.session, order.id))
        loan = sum((row.amount for row in plan if row.kind is RowKind.BANK_LOAN), Decimal(0))
    if lent:
        o.paid(cast, order, str(order.total - loan - Decimal(20000)), FundKind.FIRST_PAYMENT)
        o.paid(cast, order, str(loan), FundKind.BANK_LOAN)
    paper = o.contract(cast, order)

    def bring_in() -> None:
        row = cast.session.get(Contract, paper.id)
        with as_step(cast.session):
            row.signed_on, row.taken_over_on = o.today(-10), o.today()
            cast.session.flush()
        fire(cast.session, row, "take_over_signed", cast.actor("developer_finance"), internal=True, note="期初接管")

    with acting_as(SYSTEM):
        write(cast.session, bring_in)
    loan_paper = of_order(cast, order.id)
    assert loan_paper.amount == loan and loan_paper.signed_on == o.today(-10)
    assert loan_paper.state is (S.RELEASED if lent else S.PRECHECK)
    assert loan_paper.released_on == (o.today(-10) if lent else None)
