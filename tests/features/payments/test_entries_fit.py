"""What an entry must fit: its account, its 缴款通知单, what is owed; found by a walk from the first interest to the title deed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.features.payments.dunning.models import DunningRecord, Promise
from app.features.payments.effects import add_receivable, open_earnest_account
from app.features.payments.models import FundKind, NoticeState, PaymentNotice
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from tests.factories import saved
from tests.features.payments import makers
from tests.features.payments.makers import act, confirm, entered, received, rows, today
from tests.features.payments.test_receipts import ask_reversal, decide_as
from tests.tables import plain

pytestmark = pytest.mark.usefixtures("sound_book")


def issued(cast, account, amount="20000", kind=FundKind.DEPOSIT):
    scope = {"project_id": account.project_id, "owner_id": account.owner_id, "team_id": account.team_id}
    return saved(
        cast.session, PaymentNotice(number="JK-1", account_id=account.id, kind=kind, amount=Decimal(amount), **scope)
    )


def again(cast, record):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.get(type(record), record.id, populate_existing=True)


def page(client, url):
    return plain(client.get(url).text)


def test_a_notice_is_registered_once(cast):
    account = makers.account(cast)
    notice = issued(cast, account)
    first = entered(cast, account, "20000", notice_id=notice.id)
    with pytest.raises(RuleError, match=r"JK-1 的 20,000\.00 元已经登记过收款") as refused:
        entered(cast, account, "0.01", notice_id=notice.id)
    assert refused.value.field == "notice_id"
    act(cast, first, "discard", "clerk", note="刷错卡")
    confirm(cast, entered(cast, account, "20000", notice_id=notice.id))
    assert again(cast, notice).state is NoticeState.PAID


def test_two_cards_pay_one_notice(cast):
    account = makers.account(cast)
    notice = issued(cast, account)
    received(cast, account, "12000.55", notice_id=notice.id)
    assert again(cast, notice).state is NoticeState.ISSUED
    received(cast, account, "7999.45", notice_id=notice.id)
    assert again(cast, notice).state is NoticeState.PAID


def test_a_voided_notice_takes_nothing(cast):
    account = makers.account(cast)
    notice = issued(cast, account)
    act(cast, notice, "discard", "clerk", note="写错")
    with pytest.raises(RuleError, match="JK-1 已作废"):
        entered(cast, account, "20000", notice_id=notice.id)


def test_a_notice_is_not_voided_under_money_that_waits(cast):
    account = makers.account(cast)
    notice = issued(cast, account)
    waiting = entered(cast, account, "20000", notice_id=notice.id)
    with pytest.raises(RuleError, match=r"通知单有待确认的收款（.*），请先确认或作废收款"):
        act(cast, notice, "discard", "clerk", note="写错")
    act(cast, waiting, "discard", "clerk", note="写错")
    act(cast, notice, "discard", "clerk", note="写错")


def test_money_registered_before_is_confirmed_whatever_became_of_its_notice(cast):
    account = makers.account(cast)
    notice = issued(cast, account)
    waiting = entered(cast, account, "20000", notice_id=notice.id)
    with acting_as(SYSTEM):
        cast.session.get(PaymentNotice, notice.id).state = NoticeState.VOID  # as older versions let it happen
        cast.session.commit()
    assert confirm(cast, waiting).number
    assert again(cast, notice).state is NoticeState.VOID


def test_more_than_the_notice_asks_for_is_told_and_taken(cast, client_as):
    account = makers.account(cast)
    notice = issued(cast, account)
    beyond = entered(cast, account, "20500.55", notice_id=notice.id)
    cashier = client_as("developer_finance")
    assert "比缴款通知单多收 500.55 元" in page(cashier, f"/receipt/step/confirm/{beyond.id}")
    with pytest.raises(RuleError, match="已经登记过收款"):
        entered(cast, account, "1", notice_id=notice.id)
    confirm(cast, beyond)
    assert again(cast, notice).state is NoticeState.PAID


def test_all_doubts_are_told(cast, client_as):
    account = makers.account(cast)
    first, second = (entered(cast, account, "1200000", FundKind.PRICE) for _ in range(2))
    told = page(client_as("developer_finance"), f"/receipt/step/confirm/{second.id}")
    for words in ("请核验付款人身份和资金来源", "比这一户的应收多", "请核对是否重复登记"):
        assert words in told, words
    act(cast, first, "discard", "clerk", note="重复")


def test_money_that_was_taken_back_is_no_twin(cast, client_as):
    account = makers.account(cast)
    first = received(cast, account, "100")
    second = entered(cast, account, "100")
    address = f"/receipt/step/confirm/{second.id}"
    assert "请核对是否重复登记" in page(client_as("developer_finance"), address)
    decide_as(cast, ask_reversal(cast, first), "developer_finance2")
    assert "请核对是否重复登记" not in page(client_as("developer_finance"), address)


def test_what_goes_beyond_the_debt_is_said_before_it_is_confirmed(cast, client_as):
    account = makers.account(cast)
    fits = entered(cast, account, "336834", FundKind.PRICE)
    beyond = entered(cast, account, "0.07", FundKind.PRICE)
    apart = entered(cast, account, "100", FundKind.COLLECTED)
    cashier = client_as("developer_finance")
    for url in (f"/receipt/show/{beyond.id}", f"/receipt/step/confirm/{beyond.id}"):
        assert "比这一户的应收多 0.07 元，确认后记为预收" in page(cashier, url), url
    for receipt in (fits, apart):
        assert "确认后记为预收" not in page(cashier, f"/receipt/show/{receipt.id}")


def test_the_same_money_twice_is_pointed_out(cast, client_as):
    account = makers.account(cast)
    first, second = (entered(cast, account, "100", FundKind.DEPOSIT) for _ in range(2))
    assert "请核对是否重复登记" in page(client_as("developer_finance"), f"/receipt/step/confirm/{second.id}")
    act(cast, first, "discard", "clerk", note="重复")
    assert "请核对是否重复登记" not in page(client_as("developer_finance"), f"/receipt/show/{second.id}")


@pytest.mark.parametrize("kind", [FundKind.BOOKING, FundKind.QUEUE])
def test_earnest_money_is_no_deposit_of_an_order(cast, client_as, kind):
    account = makers.account(cast)
    with pytest.raises(RuleError, match="认购书的定金请选「定金」") as refused:
        entered(cast, account, "20000", kind)
    assert refused.value.field == "kind"
    body = {"account_id": account.id, "kind": kind.value, "amount": "20000"}
    answer = client_as("clerk").post("/payment-notice/add", data=body)
    assert answer.status_code == 422 and "认购书的定金请选" in plain(answer.text)


def test_an_earnest_account_takes_what_it_waits_for(cast, client_as):
    made = makers.order(cast)
    made.__label__, made.customer_name = "认筹单", "王伟"
    with acting_as(SYSTEM):
        account = open_earnest_account(
            cast.session, SYSTEM, subject="intention", paper=made, unit=made.unit, kind=FundKind.QUEUE, amount=Decimal(10000)
        )  # fmt: skip
    with pytest.raises(RuleError, match="只收「排号费」"):
        entered(cast, account, "10000", FundKind.DEPOSIT)
    received(cast, account, "10000.55", FundKind.QUEUE)
    told = page(client_as("developer_finance"), f"/order-account/show/{account.id}")
    assert "应交10,000.00" in told.replace(" ", "") and "其中预收未用0.55" in told.replace(" ", "")
    assert "成交总价" not in told.split("已收")[-1] and "-0.55" not in told


def test_the_plan_begins_with_what_is_due_first(cast, client_as):
    account = makers.account(cast)
    with acting_as(SYSTEM):
        for row in rows(cast, account)[1:]:
            row.due_on = None
        cast.session.commit()
    told = page(client_as("developer_finance"), f"/order-account/show/{account.id}").split("应收计划")[-1]
    assert told.index("定金") < told.index("首期") < told.index("按揭")


def test_what_is_still_owed_counts_the_difference_of_the_area(cast, client_as):
    account = makers.account(cast)
    with acting_as(SYSTEM):
        add_receivable(cast.session, account, SYSTEM, FundKind.DIFFERENCE, Decimal("49407.75"), today(15))
    told = page(client_as("developer_finance"), f"/order-account/show/{account.id}").replace(" ", "")
    assert "房款未收1,156,241.75" in told
    received(cast, account, "49407.75", FundKind.DIFFERENCE)
    told = page(client_as("developer_finance"), f"/order-account/show/{account.id}").replace(" ", "")
    assert "房款未收1,106,834.00" in told


def test_a_promise_that_another_replaced_in_time_was_one(cast):
    row = rows(cast, makers.account(cast))[0]
    for days in (2, 4):
        act(cast, row, "remind", "consultant1", how="电话", promised_on=today(days), note="")
    with acting_as(SYSTEM):
        found = [r.promise for r in cast.session.query(DunningRecord).order_by(DunningRecord.id)]
    assert found == [Promise.RENEWED, Promise.OPEN]
