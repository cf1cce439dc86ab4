"""The screens of money with the fixed cast: who opens what, what is shown, what a retry does (07, 04 R4)."""

from __future__ import annotations

import pytest

from app.features.payments.effects import confirmed_total
from app.features.payments.models import FundKind, LedgerPosting, PaymentNotice, Receipt, ReceiptState, Refund
from app.kernel.actors import SYSTEM, acting_as
from tests.features.payments import makers
from tests.features.payments.makers import entered, received, today
from tests.kernel.papers.words import printed_words

LISTS = ("order-account", "receivable", "payment-notice", "receipt", "refund")
SEE_ALL = (
    "supervisor", "site_manager", "project_manager", "sales_admin", "general_manager", "clerk", "contract_officer",
    "finance", "developer_site", "developer_finance", "developer_lead", "auditor",
)  # fmt: skip
SEE_NOTHING = ("assistant", "channel_officer", "marketing", "administration", "developer_legal", "admin")


def form(account, **more):
    return {
        "account_id": account.id, "kind": "deposit", "amount": "20,000.00", "paid_on": str(today()), "method": "cash",
        "credited": "supervised", "payer_name": "", "fee": "0",
    } | more  # fmt: skip


def receipts(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.query(Receipt).order_by(Receipt.id).all()


@pytest.mark.parametrize("reader", SEE_ALL)
def test_the_chain_and_the_money_posts_read_the_lists(cast, client_as, reader):
    received(cast, makers.account(cast), 20000)
    client = client_as(reader)
    for name in LISTS:
        assert client.get(f"/{name}/list/").status_code == 200, name
    assert "1栋1102 王伟" in client.get("/order-account/list/").text
    assert client.get("/order-account/show/1").status_code == 200


@pytest.mark.parametrize("reader", SEE_NOTHING)
def test_everybody_else_gets_nothing(cast, client_as, reader):
    received(cast, makers.account(cast), 20000)
    client = client_as(reader)
    for path in ("/order-account/list/", "/receipt/list/", "/receipt/show/1", "/order-account/show/1"):
        answer = client.get(path)
        assert answer.status_code in (403, 404), path
        assert "王伟" not in answer.text


def test_the_other_project_is_missing(cast, client_as):
    received(cast, makers.account(cast), 20000)
    client = client_as("other_finance")
    assert client.get("/receipt/show/1").status_code == 404
    assert client.post("/receipt/step/confirm/1", data={"arrived_on": str(today())}).status_code == 404
    assert "王伟" not in client.get("/receipt/list/").text


def test_the_account_page_shows_what_is_owed_received_and_waiting(cast, client_as):
    account = makers.account(cast)
    received(cast, account, 20000)
    entered(cast, account, 5000)
    text = client_as("consultant1").get(f"/order-account/show/{account.id}").text
    for shown in ("316,834.00", "20,000.00", "5,000.00", "770,000.00", "1,106,834.00", "贰万元整", "待确认"):
        assert shown in text, shown


def test_a_consultant_reads_state_and_amount_of_his_own(cast, client_as):
    own = received(cast, makers.account(cast, 1), 20000, payer_name="李娜")
    other = received(cast, makers.account(cast, 2, login="consultant2"), 20000)
    client = client_as("consultant1")
    text = client.get(f"/receipt/show/{own.id}").text
    assert "20,000.00" in text
    for hidden in ("付款人", "流水号", "POS 终端号", "入账账户"):
        assert hidden not in text, hidden
    assert client.get(f"/receipt/show/{other.id}").status_code == 404
    assert client.get("/receipt/add").status_code in (302, 403)


def test_a_receipt_is_entered_once_and_confirmed_by_the_cashier(cast, client_as):
    account = makers.account(cast)
    clerk = client_as("clerk")
    assert clerk.get(f"/receipt/add?account_id={account.id}").status_code == 200
    body = form(account, _key="k1")
    first, again = clerk.post("/receipt/add", data=body), clerk.post("/receipt/add", data=body)
    assert (first.status_code, again.status_code) == (302, 302)
    assert first.headers["Location"] == again.headers["Location"]
    other = clerk.post("/receipt/add", data=body | {"amount": "30,000"})
    assert (other.status_code, "内容却和上次不同" in other.text) == (422, True)
    (receipt,) = receipts(cast)
    assert (receipt.payer_name, receipt.owner_id) == ("王伟", account.owner_id)
    cashier = client_as("developer_finance")
    body = {"arrived_on": str(today()), "_key": "k2", "_version": str(receipt.version)}
    path = f"/receipt/step/confirm/{receipt.id}"
    assert clerk.post(path, data=body).status_code == 403
    assert [cashier.post(path, data=body).status_code for _ in range(3)] == [302, 302, 302]
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert cast.session.query(LedgerPosting).count() == 1
        assert confirmed_total(cast.session, account.id) == 20000
    assert cashier.post(path, data=body | {"_key": "k3"}).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "0"}, "大于零"),
        ({"amount": "-1"}, "不能是负数"),
        ({"amount": "0.001"}, "两位小数"),
        ({"amount": "NaN"}, "不是金额"),
        ({"amount": "1e9"}, "不是金额"),
        ({"amount": ""}, "请填写金额"),
        ({"payer_name": "张三"}, "代付声明"),
        ({"account_id": "999"}, "没有找到所选"),
        ({"method": "transfer"}, "流水号"),
    ],
)
def test_a_wrong_entry_comes_back_as_it_was_typed(cast, client_as, wrong, sentence):
    account = makers.account(cast)
    answer = client_as("clerk").post("/receipt/add", data=form(account, remark="收据已交", **wrong))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "收据已交" in answer.text
    assert receipts(cast) == []


def test_extra_fields_of_a_form_change_nothing(cast, client_as):
    account = makers.account(cast)
    extra = {
        "state": "confirmed",
        "number": "SK-1",
        "confirmed_by": "1",
        "owner_id": "1",
        "project_id": "2",
        "id": "99",
    }
    client_as("clerk").post("/receipt/add", data=form(account, **extra))
    (receipt,) = receipts(cast)
    assert (receipt.state, receipt.number, receipt.confirmed_by) == (ReceiptState.PENDING, None, None)
    assert (receipt.owner_id, receipt.project_id, receipt.id) == (account.owner_id, account.project_id, 1)


def test_a_receipt_is_never_edited_or_deleted(cast, client_as):
    receipt = entered(cast, makers.account(cast), 20000)
    for login in ("clerk", "developer_finance"):
        client = client_as(login)
        assert client.get(f"/receipt/edit/{receipt.id}").status_code == 403
        assert client.post(f"/receipt/delete/{receipt.id}").status_code == 403
    assert len(receipts(cast)) == 1


def test_much_cash_is_pointed_out(cast, client_as):
    receipt = entered(cast, makers.account(cast), 50000)
    small = entered(cast, makers.account(cast, 2), "49999.99")
    client = client_as("developer_finance")
    assert "资金来源" in client.get(f"/receipt/show/{receipt.id}").text
    assert "资金来源" not in client.get(f"/receipt/show/{small.id}").text


def test_a_notice_gets_its_number_when_it_is_issued(cast, client_as):
    account = makers.account(cast)
    answer = client_as("consultant1").post(
        "/payment-notice/add",
        data={"account_id": account.id, "kind": "deposit", "amount": "2万", "pay_by": str(today(3))},
    )
    assert answer.status_code == 302
    with acting_as(SYSTEM):
        cast.session.rollback()
        (notice,) = cast.session.query(PaymentNotice).all()
    assert notice.number.startswith("JK-JPYL-")
    assert notice.amount == 20000
    clerk = client_as("clerk")
    made = clerk.post(f"/print/payment_notice/{notice.id}", data={"form": "docx", "copies": "1"})
    printed = printed_words(cast.session, made)
    for shown in (notice.number, "人民币贰万元整", "1栋1102", "王伟、李娜", "不作收款凭据"):
        assert shown in printed, shown
    assert f"notice_id={notice.id}" in clerk.get(f"/payment-notice/show/{notice.id}").text
    assert client_as("consultant2").get(f"/print/payment_notice/{notice.id}").status_code == 404


def test_a_reminder_is_registered_on_the_row(cast, client_as):
    account = makers.account(cast)
    client = client_as("consultant1")
    assert client.get("/receivable/step/remind/1").status_code == 200
    body = {"how": "电话", "promised_on": str(today(3)), "next_on": str(today(2)), "note": "在筹款"}
    assert client.post("/receivable/step/remind/1", data=body).status_code == 302
    assert client.post("/receivable/step/remind/1", data=body | {"how": "喊话"}).status_code == 422
    assert client.post("/receivable/step/pay_off/1").status_code == 404
    row = makers.rows(cast, account)[0]
    assert (row.reminders, row.promised_on, row.next_reminder_on) == (1, today(3), today(2))


def test_a_consultant_issues_notices_for_his_own_accounts_only(cast, client_as):
    account = makers.account(cast, login="consultant2")
    body = {"account_id": account.id, "kind": "deposit", "amount": "20000"}
    assert client_as("consultant1").post("/payment-notice/add", data=body).status_code == 422


def test_a_refund_of_an_overpayment_goes_through_the_form(cast, client_as):
    receipt = received(cast, makers.account(cast), "336934.00", FundKind.FIRST_PAYMENT)
    clerk = client_as("clerk")
    body = {"receipt_id": receipt.id, "amount": "100.01", "reason": "多缴"}
    assert "100.00 元" in clerk.post("/refund/add", data=body).text
    assert clerk.post("/refund/add", data=body | {"amount": "100"}).status_code == 302
    pay = {"paid_on": str(today()), "credited": "supervised", "payee_account": "6222 0000", "reference": "F1"}
    assert client_as("developer_finance").post("/refund/step/pay/1", data=pay).status_code == 302
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert cast.session.query(Refund).one().number.startswith("TK-JPYL-")


def test_the_ledger_is_read_by_its_posts_only(cast, client_as):
    received(cast, makers.account(cast), 20000)
    finance = client_as("finance")
    assert "凭证号" in finance.get("/ledger-posting/list/").text
    page = finance.get("/ledger-posting/show/1")
    assert page.status_code == 200
    assert "预收房款" in page.text
    for login in ("consultant1", "clerk", "supervisor"):
        assert client_as(login).get("/ledger-posting/list/").status_code in (302, 403), login


def test_the_home_page_counts_confirmed_money_only(cast, client_as):
    account = makers.account(cast)
    received(cast, account, "12345.67")
    entered(cast, account, "7654.33")
    received(cast, makers.account(cast, 2, login="consultant2"), 1000)
    text = client_as("developer_finance").get("/").text
    assert "13,345.67" in text
    assert "7,654.33" in text
    assert "1 笔收款待确认" in text
    own = client_as("consultant1").get("/").text
    assert "12,345.67" in own
    assert "13,345.67" not in own
    assert "笔应收即将到期" in own


def test_an_export_is_a_right_of_its_own(cast, client_as):
    received(cast, makers.account(cast), 20000)
    assert client_as("consultant1").get("/receivable/list/export").status_code in (302, 403)
    assert client_as("finance").get("/receivable/list/export").status_code == 200


def test_a_paper_that_was_turned_down_says_why_on_top(cast, client_as):
    receipt = entered(cast, makers.account(cast), 20000)
    pk = receipt.id
    cast.session.remove()
    clerk = client_as("clerk")
    assert 'class="note warn"' not in clerk.get(f"/receipt/show/{pk}").text
    money = client_as("developer_finance")
    assert money.post(f"/receipt/step/discard/{pk}", data={"note": "银行流水里没有这笔"}).status_code == 302
    page = clerk.get(f"/receipt/show/{pk}").text
    assert '<p class="note warn">作废：银行流水里没有这笔' in page
    assert page.index("银行流水里没有这笔") < page.index("收款账户</dt>")


def test_beside_a_step_sums_of_nothing_are_left_out(cast, client_as):
    receipt = entered(cast, makers.account(cast), 20000)
    page = client_as("developer_finance").get(f"/receipt/step/confirm/{receipt.id}").text
    assert "20,000.00" in page
    assert "超额定金转房款" not in page
