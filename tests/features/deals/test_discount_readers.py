"""A view that names fewer readers than its scope kind admits: the others find nothing by any address (07 «Everybody else»)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.features.deals.discounts.models import DiscountRequest
from app.kernel.actors import SYSTEM, acting_as
from tests.cast import Cast
from tests.features.deals import orders

Clients = Callable[[str], FlaskClient]


@pytest.fixture
def paper(cast: Cast) -> DiscountRequest:
    """特殊折扣单 of consultant1: read by who made it, its chain and HQ."""
    return orders.discount(cast, orders.unit(cast), orders.customer(cast), orders.scheme(cast), "1100000")


@pytest.mark.parametrize("reader", ["assistant", "contract_officer", "finance", "developer_finance", "developer_legal"])
def test_a_paper_is_no_wider_open_than_its_list(client_as: Clients, paper: DiscountRequest, reader: str) -> None:
    client = client_as(reader)
    assert client.get("/discount-request/list/").status_code == 403
    for address in (f"/discount-request/show/{paper.id}", f"/files/discount_request/{paper.id}"):
        assert client.get(address).status_code == 404, address
    assert client.post(f"/discount-request/step/void/{paper.id}", data={"note": "不是我的"}).status_code == 404


@pytest.mark.parametrize("reader", ["consultant1", "supervisor", "sales_admin", "developer_lead", "auditor"])
def test_its_readers_read_it(client_as: Clients, paper: DiscountRequest, reader: str) -> None:
    assert client_as(reader).get(f"/discount-request/show/{paper.id}").status_code == 200


def test_a_form_shows_no_encrypted_value_and_keeps_it(client_as: Clients, cast: Cast) -> None:
    order = orders.filled(cast, orders.locked(cast, orders.unit(cast), orders.customer(cast)), orders.scheme(cast))
    with acting_as(SYSTEM):
        buyer = orders.fresh(cast, type(order), order.id).buyers[0]
        url, version = f"/buyer/edit/{buyer.id}", buyer.version
    client = client_as("supervisor")
    page = client.get(url).get_data(as_text=True)
    assert orders.ID_NUMBER not in page and "1101**********002X" in page
    form = {
        "reservation_id": str(order.id),
        "name": "王伟",
        "id_kind": "id_card",
        "id_number": "",
        "share": "1",
        "_version": str(version),
    }
    answer = client.post(url, data=form)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    kept = orders.fresh(cast, type(buyer), buyer.id)
    assert kept.id_number == orders.ID_NUMBER
    wrong = client.post(url, data=form | {"id_number": "110105194912310021", "_version": str(kept.version)})
    assert wrong.status_code == 422
