"""Money that goes back: over-payments, 退订, 挞定, 退房 (02 §2.2.3, §2.3.3)."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from app.features.payments.effects import confirmed_total, request_refund, settle
from app.features.payments.models import (
    Credited,
    FundKind,
    LedgerCode,
    LedgerEntry,
    Method,
    ReceivableState,
    Refund,
    RefundState,
)
from app.features.payments.rules import Settlement, refund_parts, require_closes
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from tests.features.payments import makers
from tests.features.payments.makers import act, entered, received, rows, today

PAY = {"credited": Credited.SUPERVISED, "payee_account": "6222 0000 1111", "reference": "F-1"}


@pytest.mark.parametrize(
    ("refundable", "receipts", "expected"),
    [
        ("20000", [(1, "20000")], [(1, "20000")]),
        ("316834", [(1, "20000"), (2, "316834")], [(2, "316834")]),
        ("300000.01", [(1, "20000"), (2, "316834")], [(2, "300000.01")]),
        ("336834", [(1, "20000"), (2, "316834")], [(1, "20000"), (2, "316834")]),
        ("40000", [(1, "20000")], [(1, "40000")]),  # the double of a 定金 at the seller's fault
        ("0", [(1, "20000")], []),
    ],
)
def test_the_youngest_money_goes_back_first(refundable, receipts, expected):
    parts = refund_parts(Decimal(refundable), [(key, Decimal(amount)) for key, amount in receipts])
    assert parts == [(key, Decimal(amount)) for key, amount in expected]


def test_without_receipts_nothing_goes_back():
    with pytest.raises(RuleError, match="没有已确认的收款"):
        refund_parts(Decimal(1), [])


def test_a_division_must_use_up_the_money():
    require_closes(Settlement(kept=Decimal(20000)), Decimal(20000))
    require_closes(Settlement(compensation=Decimal(20000), refundable=Decimal(40000)), Decimal(20000))
    with pytest.raises(RuleError, match="结算不平"):
        require_closes(Settlement(kept=Decimal("19999.99")), Decimal(20000))
    with pytest.raises(RuleError, match="不能为负数"):
        require_closes(Settlement(kept=Decimal(20001), refundable=Decimal(-1)), Decimal(20000))


pytestmark = pytest.mark.usefixtures("sound_book")


def change(cast, number=900):
    """A stand-in for the executed 变更申请."""

    class Change(SimpleNamespace):
        __tablename__ = "change_request"

        def __str__(self):
            return f"BG-JPYL-{self.id}"

    return Change(id=number, project_id=cast.project_ids["a"])


def settled(cast, account, **parts):
    who = cast.actor("developer_finance")
    division = Settlement(**{name: Decimal(value) for name, value in parts.items()})
    with acting_as(who):
        return settle(cast.session, who, account, division, paper=change(cast), reason="客户退订")


def balances(cast, account):
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = {}
        for entry in cast.session.query(LedgerEntry).filter_by(account_id=account.id):
            found[entry.code] = found.get(entry.code, 0) + entry.amount
    return {code: amount for code, amount in found.items() if amount}


def test_a_withdrawal_gives_everything_back_to_its_payer(cast):
    account = makers.account(cast)
    received(cast, account, 20000, payer_name="李娜")
    refunds = settled(cast, account, refundable=20000)
    assert [(r.payee_name, r.amount, r.state) for r in refunds] == [("李娜", 20000, RefundState.PENDING)]
    assert confirmed_total(cast.session, account.id) == 0
    assert {row.state for row in rows(cast, account)} == {ReceivableState.CANCELLED}
    act(cast, refunds[0], "pay", "developer_finance", paid_on=today(), **PAY)
    assert refunds[0].number.startswith("TK-JPYL-")
    assert balances(cast, account) == {LedgerCode.CASH: 20000, LedgerCode.BANK_SUPERVISED: -20000}


def test_a_forfeited_deposit_is_booked_not_paid(cast):
    account = makers.account(cast)
    received(cast, account, 20000)
    assert settled(cast, account, kept=20000) == []
    assert balances(cast, account) == {LedgerCode.CASH: 20000, LedgerCode.FORFEITED: -20000}


def test_a_cancelled_contract_keeps_penalty_and_fee_and_pays_the_bank_back(cast):
    account = makers.account(cast)
    received(cast, account, 336834, FundKind.FIRST_PAYMENT)
    received(cast, account, 770000, FundKind.BANK_LOAN, method=Method.BANK_LOAN, payer_name="江城银行")
    refunds = settled(cast, account, penalty="55341.70", fee="200.00", refundable="1051292.30")
    assert [(r.payee_name, r.amount) for r in refunds] == [
        ("王伟", Decimal("281292.30")),
        ("江城银行", Decimal("770000.00")),
    ]
    assert balances(cast, account)[LedgerCode.PENALTIES] == Decimal("-55341.70")


def test_the_seller_at_fault_pays_double(cast):
    account = makers.account(cast)
    received(cast, account, 20000)
    refunds = settled(cast, account, compensation=20000, refundable=40000)
    assert [r.amount for r in refunds] == [40000]
    assert balances(cast, account)[LedgerCode.COMPENSATION] == 20000


def test_nothing_is_divided_while_money_is_under_way(cast):
    account = makers.account(cast)
    receipt = received(cast, account, 20000)
    waiting = entered(cast, account, 500)
    with pytest.raises(RuleError, match="待确认"):
        settled(cast, account, kept=20000)
    act(cast, waiting, "discard", "clerk", note="未付")
    act(cast, receipt, "ask_reversal", "developer_finance", note="错登")
    with pytest.raises(RuleError, match="正在红冲"):
        settled(cast, account, kept=20000)


def test_an_unpaid_refund_is_paid_before_the_division(cast):
    account = makers.account(cast)
    paper = refund(cast, received(cast, account, "336934.00", FundKind.FIRST_PAYMENT), "100.00")
    with pytest.raises(RuleError, match="待付款的退款单"):
        settled(cast, account, refundable="336934.00")
    act(cast, paper, "pay", "developer_finance", paid_on=today(), **PAY)
    assert sum(r.amount for r in settled(cast, account, refundable="336834.00")) == 336834


def test_an_account_is_settled_once(cast):
    account = makers.account(cast)
    receipt = received(cast, account, 20000)
    settled(cast, account, kept=20000)
    with pytest.raises(RuleError, match="已结清关闭"):
        settled(cast, account)
    with pytest.raises(RuleError, match="已结清关闭"):
        act(cast, receipt, "ask_reversal", "developer_finance", note="错登")


def refund(cast, receipt, amount, login="clerk"):
    who = cast.actor(login)
    with acting_as(who):
        return request_refund(cast.session, who, receipt, Decimal(amount), "多缴")


def test_only_what_was_paid_too_much_goes_back_without_a_change(cast):
    account = makers.account(cast)
    receipt = received(cast, account, "336934.00", FundKind.FIRST_PAYMENT)
    for wrong in ("100.01", "0", "-1"):
        with pytest.raises(RuleError, match=r"100\.00 元"):
            refund(cast, receipt, wrong)
    paper = refund(cast, receipt, "60.00")
    with pytest.raises(RuleError, match=r"40\.00 元"):
        refund(cast, receipt, "40.01")
    act(cast, paper, "pay", "developer_finance", paid_on=today(), **PAY)
    assert confirmed_total(cast.session, account.id) == Decimal("336874.00")


def test_who_asked_for_a_refund_does_not_pay_it(cast):
    account = makers.account(cast)
    receipt = received(cast, account, "336934.00", FundKind.FIRST_PAYMENT)
    paper = refund(cast, receipt, "100.00", "developer_finance")
    with pytest.raises(RuleError, match="申请人以外"):
        act(cast, paper, "pay", "developer_finance", paid_on=today(), **PAY)
    for login in ("clerk", "finance", "developer_lead"):
        with pytest.raises(Forbidden):
            act(cast, paper, "pay", login, paid_on=today(), **PAY)
    act(cast, paper, "pay", "developer_finance2", paid_on=today(), **PAY)
    with pytest.raises(RuleError, match="不能红冲"):
        act(cast, receipt, "ask_reversal", "developer_finance", note="错登")


def test_a_settled_refund_is_never_dropped(cast):
    account = makers.account(cast)
    received(cast, account, 20000)
    paper = settled(cast, account, refundable=20000)[0]
    with pytest.raises((RuleError, Forbidden)):
        act(cast, paper, "discard", "developer_finance", note="不退了")


@pytest.mark.both_databases
def test_parallel_refunds_never_give_back_more_than_there_is(cast, at_once):
    account = makers.account(cast)
    key = received(cast, account, "336934.00", FundKind.FIRST_PAYMENT).id
    clerk = cast.actor("clerk")

    def ask(session, who):
        return request_refund(session, who, session.get(makers.Receipt, key), Decimal("60.00"), "多缴").id

    answers = at_once(ask, [clerk] * 8)
    assert len([a for a in answers if isinstance(a, int)]) == 1
    with acting_as(SYSTEM):
        assert cast.session.query(Refund).count() == 1
