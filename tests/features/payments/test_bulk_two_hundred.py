"""Many receipts confirmed at once: one wrong row loses nobody else, and no page takes longer than a server waits (02 §2.1.1)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from app.extensions import db
from app.features.payments.models import FundKind, Receipt, ReceiptState
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.screens import bulk_steps
from app.kernel.transactions import write
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
        given = hidden(page.text)
        assert len(given["ids"]) == left + 1
        assert given["arrived_on"] == [str(makers.today())], "the answers are asked once"
        page = client.post("/receipt/list/bulk", data=given)
    assert page.status_code == 302
    assert set(states(cast, receipts)) == {ReceiptState.CONFIRMED}
    told = client.get("/receipt/list/").text
    assert "已处理 3 条，合计 3,003.00 元" in told, "all of them are counted, also those of the pages before"


def hidden(page):
    """What the form of «接着办» sends."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if "接着办" in f)
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found.setdefault(name[1], []).append(value[1] if value else "")
    return found


def test_what_was_refused_before_is_still_told_at_the_end(cast, client_as, monkeypatch):
    receipts = waiting(cast, 1, 3)
    client = client_as(FIN_D)
    ids = asked(client, receipts)
    act(cast, receipts[0], "discard", "clerk", note="重复登记")
    monkeypatch.setattr(bulk_steps, "BULK_SECONDS", -1.0)
    page = sent(client, ids)
    assert "1 条没有办成" in page.text
    elsewhere(cast, receipts[2])
    for _turn in range(2):
        page = client.post("/receipt/list/bulk", data=hidden(page.text))
    assert page.status_code == 200
    assert "已处理 1 条" in page.text and "2 条没有办成" in page.text
    assert "现在是「已作废」" in page.text and "已不在你的范围内" in page.text
    forged = {"step": "confirm", "sure": "1", "ids": ids[1:2], "_so_far": "W10.nonsense"}
    assert client.post("/receipt/list/bulk", data=forged).status_code == 302


def elsewhere(cast, receipt):
    """Out of his reach."""

    def work():
        cast.session.execute(update(Receipt).where(Receipt.id == receipt.id).values(project_id=cast.project_ids["b"]))

    with acting_as(SYSTEM):
        write(cast.session, work)


def test_a_row_that_leaves_his_reach_on_the_way_takes_nothing_back(cast, client_as, monkeypatch):
    receipts = waiting(cast, 1, 3)
    client = client_as(FIN_D)
    ids, fire = asked(client, receipts), bulk_steps.fire

    def fired(session, record, *more, **given):
        fire(session, record, *more, **given)
        if record.id == receipts[0].id:
            elsewhere(cast, receipts[0])
            elsewhere(cast, receipts[1])

    monkeypatch.setattr(bulk_steps, "fire", fired)
    page = sent(client, ids)
    assert page.status_code == 200
    assert "已处理 2 条，合计 2,002.00 元" in page.text
    assert "1 条没有办成" in page.text and "已不在你的范围内" in page.text
