"""催款函, 代付声明, 收据换票单, 滞纳金减免单 on paper."""

from __future__ import annotations

from app.features.payments.bills.effects import take_receipts, tie_receipts
from app.features.payments.bills.models import BillExchange
from app.features.payments.letters.models import DunningLetter, LetterKind
from app.features.payments.models import Receipt
from app.features.payments.waivers.models import LateFeeWaiver
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.money import capitals
from app.kernel.transactions import write
from tests.features.payments import makers
from tests.features.payments.makers import act, today
from tests.features.payments.test_bills import book, issue
from tests.features.payments.test_letters import approved, letter
from tests.features.payments.test_receivables import aged, first_payment, on, waiver, with_terms
from tests.kernel.papers.words import told


def fresh(cast, model, pk):
    cast.session.rollback()
    return cast.session.get(model, pk, populate_existing=True)


def test_a_letter_names_every_overdue_row(cast):
    account = with_terms(cast)
    aged(cast, today(10))
    with on(today(10)):
        paper = letter(cast, account)
        with acting_as(SYSTEM):
            assert told(cast.session, fresh(cast, DunningLetter, paper.id)) == {}, "nothing unapproved is sent"
        act(cast, paper, "submit", "consultant1")
        approved(cast, paper, "supervisor")
        with acting_as(SYSTEM):
            papers = told(cast.session, fresh(cast, DunningLetter, paper.id))
    assert set(papers) == {"demand_letter"}
    for text in (
        "336,834.00",
        "人民币叁拾叁万陆仟捌佰叁拾肆元整",
        "673.67",
        "20,000.00",
        "316,834.00",
        paper.number or "",
    ):
        assert text in papers["demand_letter"], text


def test_a_termination_tells_ground_sums_and_leaves_its_day_open(cast):
    account = with_terms(cast, days=30)
    aged(cast, today(31))
    with on(today(31)):
        demand = letter(cast, account)
        act(cast, demand, "submit", "consultant1")
        approved(cast, demand, "supervisor")
        act(cast, demand, "send", "clerk", on=today(), express_no="SF1")
        notice = letter(cast, account, LetterKind.TERMINATION)
        act(cast, notice, "submit_termination", "consultant1")
        approved(cast, notice, "supervisor", "site_manager", "developer_site")
        with acting_as(SYSTEM):
            text = told(cast.session, fresh(cast, DunningLetter, notice.id))["termination_letter"]
    for words in (
        "解除通知函",
        "人民币叁拾叁万陆仟捌佰叁拾肆元整",
        capitals(account.total, prefix="人民币"),
        "____年__月__日",
        "五百六十五条",
    ):
        assert words in text, words


def test_who_pays_for_another_declares_it(cast):
    account = makers.account(cast)
    own = makers.received(cast, account, 5000)
    other = makers.entered(cast, account, 15000, payer_name="李强", third_party_paper="声明 1")
    with acting_as(SYSTEM):
        assert set(told(cast.session, fresh(cast, Receipt, own.id))) == {"receipt"}
        text = told(cast.session, fresh(cast, Receipt, other.id))["third_party"]
    assert "李强" in text and "人民币壹万伍仟元整" in text


def test_an_exchange_lists_its_receipts(cast):
    account = makers.account(cast)
    receipt = makers.received(cast, account, 20000)
    book(cast)
    issue(cast, receipt, "A000001")

    def make():
        paper = BillExchange(project_id=account.project_id, account_id=account.id, number="HP-1")
        take_receipts(cast.session, paper)
        cast.session.add(paper)
        cast.session.flush()
        tie_receipts(cast.session, paper)
        return paper

    with acting_as(SYSTEM):
        cast.session.rollback()
        made = write(cast.session, make)
        text = told(cast.session, fresh(cast, BillExchange, made.id))["bill_exchange"]
    for part in ("HP-1", "A000001", receipt.number, "人民币贰万元整"):
        assert part in text, part


def test_a_waiver_carries_its_trail(cast):
    account = with_terms(cast)
    aged(cast, today(10))
    with on(today(10)):
        with acting_as(SYSTEM):
            row = first_payment(cast, account)
        paper = waiver(cast, row)
        act(cast, paper, "submit", "consultant1")
        with acting_as(SYSTEM):
            text = told(cast.session, fresh(cast, LateFeeWaiver, paper.id))["late_fee_waiver"]
    assert "人民币伍佰元整" in text and "银行系统故障" in text
