"""Bad amounts and dates in every money form: a Chinese sentence at the field, nothing written (issue 5, 04 §3 B)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.features.payments.closing.models import MonthClose, MonthState
from app.features.payments.models import FundKind, Method, PaymentNotice, Receipt, Receivable, Refund
from app.kernel.actors import SYSTEM, acting_as
from tests.factories import saved
from tests.features.payments import makers
from tests.features.payments.makers import received, rows, today
from tests.tables import plain

REFUSED = {
    "0": "大于零", "-1": "", "0.001": "两位小数", "1e9": "", "NaN": "", "Infinity": "", "": "", "十二万元": "", "１２.345": "两位小数",
    "1,00,0": "", "--5": "", "1000000000000": "",
}  # fmt: skip
ACCEPTED = {
    "１００": "100.00",
    "1,000.00": "1000.00",
    "¥100": "100.00",
    "￥1,000": "1000.00",
    "1万": "10000.00",
    " 100 ": "100.00",
}


def receipt_form(cast, account, amount, **more):
    values = {
        "account_id": account.id, "kind": "price", "amount": amount, "paid_on": today(), "method": "cash", "credited": "supervised",
        "payer_name": "王伟", "fee": "0",
    }  # fmt: skip
    return "/receipt/add", "clerk", values | more


def notice_form(cast, account, amount, **more):
    return "/payment-notice/add", "consultant1", {"account_id": account.id, "kind": "price", "amount": amount} | more


def refund_form(cast, account, amount, **more):
    with acting_as(SYSTEM):
        receipt = cast.session.query(Receipt).filter_by(account_id=account.id).first()
    if receipt is None:
        receipt = received(cast, account, 2000000, FundKind.PRICE, method=Method.TRANSFER, reference="A1")
    return "/refund/add", "clerk", {"receipt_id": receipt.id, "amount": amount, "reason": "多缴"} | more


def promise_form(cast, account, amount, **more):
    row = rows(cast, account)[0]
    values = {"how": "电话", "promised_on": today(1), "promised_amount": amount}
    return f"/receivable/step/remind/{row.id}", "consultant1", values | more


FORMS = {"receipt": receipt_form, "notice": notice_form, "refund": refund_form, "promise": promise_form}
NEEDED = {"receipt", "notice", "refund"}  # a promise without a sum means the whole row


def counts(cast):
    with acting_as(SYSTEM):
        cast.session.rollback()
        promised = sum(row.reminders for row in cast.session.query(Receivable))
        return [cast.session.query(model).count() for model in (Receipt, PaymentNotice, Refund)] + [promised]


def send(client_as, way):
    path, login, values = way
    return client_as(login).post(path, data={name: str(value) for name, value in values.items()})


@pytest.mark.parametrize("form", list(FORMS))
def test_amounts_that_are_none(cast, client_as, form):
    account = makers.account(cast)
    path, login, values = FORMS[form](cast, account, "0")
    client, before = client_as(login), counts(cast)
    field = "promised_amount" if form == "promise" else "amount"
    for text, sentence in REFUSED.items():
        if text == "" and form not in NEEDED:
            continue
        answer = client.post(path, data={name: str(value) for name, value in (values | {field: text}).items()})
        assert answer.status_code == 422, (text, answer.status_code)
        page = plain(answer.get_data(as_text=True))
        assert sentence in page, (text, page[-400:])
        assert "金额" in page and "Traceback" not in page
    assert counts(cast) == before


@pytest.mark.parametrize("text", list(ACCEPTED))
def test_amounts_in_chinese_habits_are_understood(cast, client_as, text):
    account = makers.account(cast)
    assert send(client_as, receipt_form(cast, account, text)).status_code == 302
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert cast.session.query(Receipt).one().amount == Decimal(ACCEPTED[text])


def test_an_over_payment_is_kept_and_an_over_refund_refused(cast, client_as):
    account = makers.account(cast)
    received(
        cast, account, 2000000, FundKind.PRICE, method=Method.TRANSFER, reference="A1"
    )  # 1,663,166 more than the buyer owes
    answer = send(client_as, refund_form(cast, account, "1663166.01"))
    assert answer.status_code == 422 and "1,663,166.00" in plain(answer.get_data(as_text=True))
    assert send(client_as, refund_form(cast, account, "1663166.00")).status_code == 302


def test_days_ahead_and_in_a_closed_month(cast, client_as):
    account = makers.account(cast)
    shut = today().replace(day=1) - timedelta(days=1)
    saved(cast.session, MonthClose(project_id=account.project_id, month=f"{shut:%Y-%m}", state=MonthState.CLOSED))
    client = client_as("clerk")
    for day, sentence in (
        (str(today(1)), "收款日不能晚于今天"), (str(shut), f"{shut.year} 年 {shut.month} 月已结账，收款日不能是 {shut}"),
        ("2026-02-30", "日期"), ("明天", "日期"),
    ):  # fmt: skip
        path, _login, values = receipt_form(cast, account, "100", paid_on=day)
        answer = client.post(path, data={name: str(value) for name, value in values.items()})
        assert answer.status_code == 422, day
        assert sentence in plain(answer.get_data(as_text=True)), day
    assert counts(cast)[0] == 0
