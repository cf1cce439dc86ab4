"""A retry never repeats an effect (04 R4): the same key twenty times at once, over HTTP, on both databases."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.features.payments.effects import request_refund
from app.features.payments.models import FundKind, Method
from app.kernel.actors import acting_as
from tests.bench.web import HOST, Server
from tests.cast import Cast
from tests.features.deals.orders import customer
from tests.features.payments import makers
from tests.features.payments.test_bills import book
from tests.features.units.makers import house
from tests.stress.buyers import Answer, Visitor, refusal_in

TIMES = 20
pytestmark = [pytest.mark.slow, pytest.mark.stress_small, pytest.mark.both_databases]
Send = Callable[[dict[str, str]], Answer]


def at_once(send: Send, form: dict[str, str]) -> Counter[tuple[int, str]]:
    """The answers to the same form sent TIMES times in parallel: (status, where it leads) → how often."""
    with ThreadPoolExecutor(TIMES) as pool:
        answers = list(pool.map(lambda _: send(form), range(TIMES)))
    return Counter((a.status, a.location or refusal_in(a.text)) for a in answers)


def visitor(server: Server, login: str, path: str) -> Send:
    """Sends forms to one address as one signed-in person."""
    who = Visitor(HOST, server.port)
    who.sign_in(login, path)
    return lambda form: who.ask("POST", path, form)


def count(cast: Cast, table: str, where: str = "1 = 1") -> int:
    cast.session.rollback()
    return cast.session.execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one()


@pytest.fixture
def lock(cast: Cast, server: Server) -> tuple[Send, dict[str, str]]:
    """The form that locks a free unit for one's own customer, and a second customer beside it."""
    (unit,), mine = house(cast, "1102"), customer(cast)
    other = customer(cast, phone="10000005678", name="李娜")
    path, form = f"/lock/{unit.id}", {"customer_id": str(mine.id), "other": str(other.id)}
    cast.session.remove()
    return visitor(server, "consultant1", path), form


@pytest.fixture
def receipt(cast: Cast, server: Server) -> tuple[Send, dict[str, str]]:
    """The form that confirms a receipt of 20,000."""
    path = f"/receipt/step/confirm/{makers.entered(cast, makers.account(cast), 20000).id}"
    cast.session.remove()
    return visitor(server, "developer_finance", path), {"arrived_on": str(makers.today())}


def test_a_lock_is_taken_once(cast, lock):
    send, form = lock
    form, other = {"customer_id": form["customer_id"], "_key": "k"}, {"customer_id": form["other"], "_key": "k"}
    assert at_once(send, form) == {(302, "/reservation/show/1"): TIMES}
    assert count(cast, "reservation") == 1
    assert count(cast, "state_change", "subject = 'unit' AND step = 'lock'") == 1
    changed = send(other)
    assert changed.status == 422
    assert "已经提交过一次" in refusal_in(changed.text)


def test_without_a_key_only_one_lock_is_answered_so(cast, lock):
    """The harness can fail: with no key the nineteen others are refused, though nothing happens twice."""
    send, form = lock
    answers = at_once(send, {"customer_id": form["customer_id"]})
    assert Counter({status: n for (status, _), n in answers.items()}) == {302: 1, 409: TIMES - 1}
    assert count(cast, "reservation") == 1


def test_a_receipt_is_confirmed_once(cast, receipt):
    send, form = receipt
    assert at_once(send, {**form, "_key": "k"}) == {(302, "/receipt/show/1"): TIMES}
    assert count(cast, "ledger_posting") == 1
    assert count(cast, "state_change", "subject = 'receipt' AND step = 'confirm'") == 1
    changed = send({"arrived_on": str(makers.today(-1)), "_key": "k"})
    assert changed.status == 422
    assert "已经提交过一次" in refusal_in(changed.text)


def test_the_answer_outlives_the_process(server, receipt):
    send, form = receipt
    first = send({**form, "_key": "k"})
    for pid in server.worker_pids():
        os.kill(pid, signal.SIGKILL)
    again = send({**form, "_key": "k"})
    assert (first.status, first.location) == (again.status, again.location) == (302, "/receipt/show/1")


def money_forms(cast: Cast, what: str) -> tuple[str, str, dict[str, str], dict[str, str], str]:
    """(login, address, form, another body, what is counted) of a money form."""
    account = makers.account(cast)
    today = str(makers.today())
    if what == "entry":
        form = {"account_id": str(account.id), "kind": "price", "amount": "100", "paid_on": today, "method": "cash",
                "credited": "supervised", "payer_name": "王伟", "fee": "0"}  # fmt: skip
        return "clerk", "/receipt/add", form, form | {"amount": "101"}, "receipt"
    paid = makers.received(cast, account, 2000000, FundKind.PRICE, method=Method.TRANSFER, reference="A1")
    if what == "refund":
        clerk = cast.actor("clerk")
        with acting_as(clerk):
            refund = request_refund(cast.session, clerk, paid, Decimal(100), "多缴")
        form = {"paid_on": today, "credited": "supervised", "payee_account": "6222000011112222", "reference": "T1"}
        return "developer_finance", f"/refund/step/pay/{refund.id}", form, form | {"reference": "T2"}, "ledger_posting"
    if what == "reversal":
        path = f"/receipt/step/ask_reversal/{paid.id}"
        return "developer_finance", path, {"note": "错登"}, {"note": "另一个原因"}, "approval_request"
    book(cast)
    form = {"serial": "A000001", "payer": "王伟", "amount": "100"}
    path = f"/receipt/step/issue_receipt/{paid.id}"
    return (
        "developer_finance",
        path,
        form,
        form | {"amount": "99"},
        "state_change WHERE subject = 'bill' AND step = 'issue'",
    )


@pytest.mark.parametrize("what", ["entry", "refund", "reversal", "bill"])
def test_each_money_form_has_one_effect(cast, server, what):
    login, path, form, other, counted = money_forms(cast, what)
    cast.session.rollback()
    before = cast.session.execute(text(f"SELECT count(*) FROM {counted}")).scalar_one()
    cast.session.remove()
    send = visitor(server, login, path)
    answers = at_once(send, {**form, "_key": "k"})
    assert len(answers) == 1 and {status for status, _ in answers} == {302}, answers
    cast.session.rollback()
    assert cast.session.execute(text(f"SELECT count(*) FROM {counted}")).scalar_one() == before + 1
    changed = send({**other, "_key": "k"})
    assert changed.status == 422 and "已经提交过一次" in refusal_in(changed.text)
