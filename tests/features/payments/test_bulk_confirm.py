"""甲方财务 ticks several 待确认 and confirms them at once: one page with count and sum, each receipt in a step of its own (02 §2.1.1)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.features.payments.models import FundKind, Method, Receipt, ReceiptState
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from tests.cast import Cast
from tests.features.deals import orders

FIN_D = "developer_finance"


@pytest.fixture
def waiting(cast: Cast) -> list[Receipt]:
    """Three receipts of 20,000, 30,000 and 40,000 of one order, entered by the clerk."""
    from app.features.payments.effects import account_of, enter_receipt

    order = orders.filled(cast, orders.locked(cast, orders.unit(cast), orders.customer(cast)), orders.scheme(cast))
    orders.step(cast, order, "submit", "consultant1")
    orders.decided(cast, order, "supervisor")
    clerk = cast.actor("clerk")
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
    made = []
    with acting_as(clerk):
        for n, kind in ((2, FundKind.DEPOSIT), (3, FundKind.PRICE), (4, FundKind.PRICE)):
            made.append(
                enter_receipt(
                    cast.session, clerk, account, kind=kind, amount=Decimal(n * 10_000), method=Method.TRANSFER,
                    paid_on=orders.today(-n), reference=f"LS{n}",
                )
            )  # fmt: skip
    cast.session.commit()
    return made


def ticks(receipts: list[Receipt]) -> list[str]:
    return [str(one.id) for one in receipts]


def state_of(cast: Cast, one: Receipt) -> ReceiptState:
    found: ReceiptState = orders.fresh(cast, Receipt, one.id).state
    return found


def asked(client: FlaskClient, receipts: list[Receipt]) -> Any:
    return client.post("/receipt/list/bulk", data={"step": "confirm", "ids": ticks(receipts)})


def sent(client: FlaskClient, page: str, **more: str) -> Any:
    ids = re.findall(r'name="ids" value="([^"]+)"', page)
    return client.post("/receipt/list/bulk", data={"step": "confirm", "sure": "1", "ids": ids, **more})


def test_count_and_sum_come_first_then_each_is_confirmed(cast: Cast, client_as: Any, waiting: list[Receipt]) -> None:
    client = client_as(FIN_D)
    page = asked(client, waiting)
    assert page.status_code == 200 and "3 条" in page.text and "90,000.00" in page.text
    assert {state_of(cast, one) for one in waiting} == {ReceiptState.PENDING}, "nothing moves before he says so"
    answer = sent(client, page.text)
    assert answer.status_code == 302
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = cast.session.query(Receipt).order_by(Receipt.id).all()
        assert [(r.state, r.arrived_on) for r in found] == [
            (ReceiptState.CONFIRMED, orders.today(-n)) for n in (2, 3, 4)
        ], "left empty, the day of arrival is each receipt's own"
        assert len({r.number for r in found}) == 3
        assert list(verify(cast.session)) == []
    assert "已处理 3 条，合计 90,000.00 元" in client.get("/receipt/list/").text


def test_sent_twice_it_confirms_once(cast: Cast, client_as: Any, waiting: list[Receipt]) -> None:
    client = client_as(FIN_D)
    page = asked(client, waiting).text
    sent(client, page)
    numbers = [orders.fresh(cast, Receipt, one.id).number for one in waiting]
    again = sent(client, page)
    assert again.status_code == 302 and "3 条之前已经办过" in client.get("/receipt/list/").text
    assert [orders.fresh(cast, Receipt, one.id).number for one in waiting] == numbers
    with acting_as(SYSTEM):
        assert list(verify(cast.session)) == []


def test_one_day_for_all_and_failures_by_name(cast: Cast, client_as: Any, waiting: list[Receipt]) -> None:
    """One was voided meanwhile: it is named with its reason, the others are confirmed all the same."""
    client = client_as(FIN_D)
    page = asked(client, waiting).text
    orders.step(cast, waiting[1], "discard", "clerk", note="重复登记")
    answer = sent(client, page, arrived_on=str(orders.today()))
    assert answer.status_code == 200 and "已处理 2 条" in answer.text and "1 条没有办成" in answer.text
    assert f"/receipt/show/{waiting[1].id}" in answer.text
    assert [state_of(cast, one) for one in waiting] == [
        ReceiptState.CONFIRMED, ReceiptState.VOID, ReceiptState.CONFIRMED,
    ]  # fmt: skip
    assert orders.fresh(cast, Receipt, waiting[0].id).arrived_on == now().date()


def test_what_cannot_be_confirmed_is_left_out_before(cast: Cast, client_as: Any, waiting: list[Receipt]) -> None:
    orders.step(cast, waiting[0], "discard", "clerk", note="重复登记")
    page = asked(client_as(FIN_D), waiting).text
    assert "2 条" in page and "70,000.00" in page and "另有 1 条现在不能办" in page


def test_a_wrong_day_keeps_the_page(cast: Cast, client_as: Any, waiting: list[Receipt]) -> None:
    client = client_as(FIN_D)
    answer = sent(client, asked(client, waiting).text, arrived_on="31.31.2026")
    assert answer.status_code == 422 and "31.31.2026" in answer.text
    assert {state_of(cast, one) for one in waiting} == {ReceiptState.PENDING}


def test_who_may_not_confirm_one_confirms_none(cast: Cast, client_as: Any, waiting: list[Receipt]) -> None:
    for login in ("clerk", "finance", "supervisor"):
        client = client_as(login)
        client.post("/receipt/list/bulk", data={"step": "confirm", "sure": "1", "ids": ticks(waiting)})
        assert {state_of(cast, one) for one in waiting} == {ReceiptState.PENDING}, login
    assert client_as("other_finance").post(
        "/receipt/list/bulk", data={"step": "confirm", "ids": ticks(waiting)}
    ).status_code in (403, 404)


def test_a_reason_is_asked_once_for_all(cast: Cast, client_as: Any) -> None:
    """收盘 needs a reason: without its page every ticked room was refused."""
    rooms = [orders.unit(cast, "1102"), orders.unit(cast, "1103")]
    client = client_as("developer_site")
    ids = [str(room.id) for room in rooms]
    page = client.post("/unit/list/bulk", data={"step": "close", "ids": ids})
    assert page.status_code == 200 and "2 条" in page.text and "原因" in page.text
    kept = re.findall(r'name="ids" value="([^"]+)"', page.text)
    assert client.post("/unit/list/bulk", data={"step": "close", "sure": "1", "ids": kept}).status_code == 422
    done = client.post("/unit/list/bulk", data={"step": "close", "sure": "1", "ids": kept, "note": "调整推盘"})
    assert done.status_code == 302
    assert {orders.fresh(cast, type(rooms[0]), room.id).state.value for room in rooms} == {"wait"}
