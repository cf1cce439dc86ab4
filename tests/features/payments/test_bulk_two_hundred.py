"""Many receipts confirmed at once: one wrong row loses nobody else, and no page takes longer than a server waits (02 §2.1.1)."""

from __future__ import annotations

import re

import pytest

from app.extensions import db
from app.features.payments.models import FundKind, Receipt, ReceiptState
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.screens import bulk_steps
from tests.features.payments import makers
from tests.features.payments.makers import act, entered
from tests.matrix.test_statements import statements

FIN_D = "developer_finance"


def waiting(cast, accounts, each):
    """Receipts that nobody has confirmed."""
    made = [makers.account(cast, number) for number in range(1, accounts + 1)]
    return [entered(cast, account, 1000 + n, FundKind.PRICE) for account in made for n in range(each)]


def asked(client, receipts):
    page = client.post("/receipt/list/bulk", data={"step": "confirm", "ids": [str(one.id) for one in receipts]})
    return re.findall(r'name="ids" value="([^"]+)"', page.text)


def sent(client, ids, **more):
    return client.post("/receipt/list/bulk", data={"step": "confirm", "sure": "1", "ids": ids, **more})


def states(cast, receipts):
    keys = [one.id for one in receipts]
    with acting_as(SYSTEM):
        cast.session.rollback()
        found = {one.id: one.state for one in cast.session.query(Receipt).filter(Receipt.id.in_(keys))}
        assert list(verify(cast.session)) == []
    return [found[key] for key in keys]


@pytest.mark.both_databases
def test_one_wrong_row_among_many_loses_no_other(cast, client_as):
    """Statements grow with the rows and by no more: 46 for each receipt before the list was read at once, 42 now."""
    receipts = waiting(cast, 4, 6)
    client = client_as(FIN_D)
    ids = asked(client, receipts)
    assert len(ids) == 24
    act(cast, receipts[7], "discard", "clerk", note="重复登记")
    with statements(db.engine) as told:
        answer = sent(client, ids)
    assert answer.status_code == 200
    assert "已处理 23 条" in answer.text and "1 条没有办成" in answer.text and "现在是「已作废」" in answer.text
    expected = [ReceiptState.CONFIRMED] * 24
    expected[7] = ReceiptState.VOID
    assert states(cast, receipts) == expected
    assert len(told) / 23 < 45


def test_what_is_not_reached_in_time_goes_on_with_a_button(cast, client_as, monkeypatch):
    """A slow machine: the page stops between two receipts instead of being given up by the server."""
    receipts = waiting(cast, 1, 3)
    client = client_as(FIN_D)
    monkeypatch.setattr(bulk_steps, "BULK_SECONDS", -1.0)
    page = sent(client, asked(client, receipts), arrived_on=str(makers.today()))
    assert "已处理 1 条" in page.text and "还有 2 条没有轮到" in page.text and "接着办剩下的 2 条" in page.text
    for left in (1, 0):
        ids = re.findall(r'name="ids" value="([^"]+)"', page.text)
        assert len(ids) == left + 1
        assert f'name="arrived_on" value="{makers.today()}"' in page.text, "the answers are asked once"
        page = sent(client, ids, arrived_on=str(makers.today()))
    assert page.status_code == 302
    assert set(states(cast, receipts)) == {ReceiptState.CONFIRMED}
