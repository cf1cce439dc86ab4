"""办公用品: what comes in, is signed for, given back, counted and written off; stock is the sum of its movements."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.features.office.supplies.effects import purchase_from_minima
from app.features.office.supplies.kinds import CheckKind, CheckState, HandKind, HandState, PurchaseState
from app.features.office.supplies.models import SupplyItem
from app.features.office.supplies.rules import runs_low, runs_out_soon, to_buy
from app.features.office.supplies.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.notices import Notice
from app.kernel.transactions import write
from app.kernel.workflow import legal_steps
from tests.features.office import store


@pytest.mark.parametrize(
    ("stock", "minimum", "low", "soon", "buy"),
    [
        (0, 0, False, False, 0),
        (0, 1, True, False, 2),
        (4, 5, True, False, 6),
        (5, 5, False, True, 0),
        (7, 5, False, True, 0),  # 7 × 100 = 700 ≤ 750
        (8, 5, False, False, 0),
        (2, 3, True, False, 4),
    ],
)
def test_low_and_soon_and_what_to_buy(stock, minimum, low, soon, buy):
    assert runs_low(stock, minimum) is low
    assert runs_out_soon(stock, minimum, 150) is soon
    assert to_buy(stock, minimum, 200) == buy


def test_the_purchase_is_rounded_up():
    assert to_buy(0, 3, 150) == 5


def test_goods_come_in_and_leave_with_a_signature(cast):
    paper = store.item(cast, stock=10)
    slip = store.step(cast, store.hand(cast, paper, 3), "hand", "clerk")
    assert (slip.state, slip.number[:7], slip.team_id) == (HandState.WAITING, "LY-JPYL", cast.team_ids["a1"])
    assert store.fresh(cast, paper).stock == 10  # nothing left the store before the signature
    with acting_as(SYSTEM):
        told = cast.session.scalars(select(Notice).where(Notice.url == f"/supply-hand/show/{slip.id}")).one()
    assert told.person_id == cast.person_ids["consultant1"]
    slip = store.step(cast, slip, "sign", "consultant1")
    assert slip.state is HandState.SIGNED
    assert slip.signed_at is not None
    assert store.movements(cast, paper) == [("receipt", 10, 10), ("issue", -3, 7)]
    assert store.fresh(cast, paper).stock == 7


def test_nobody_signs_for_another(cast):
    slip = store.step(cast, store.hand(cast, store.item(cast, stock=2), 1), "hand", "clerk")
    for login in ("consultant2", "clerk", "supervisor"):
        assert "sign" not in {s.name for s in legal_steps(slip, cast.actor(login))}
        with pytest.raises(Forbidden):
            store.step(cast, slip, "sign", login)


def test_what_is_wrong_goes_back_to_the_clerk(cast):
    slip = store.step(cast, store.hand(cast, store.item(cast, stock=2), 1), "hand", "clerk")
    slip = store.step(cast, slip, "reject", "consultant1", note="少一包")
    assert slip.state is HandState.DRAFT


def test_more_than_there_is_is_refused(cast):
    paper = store.item(cast, stock=2)
    with pytest.raises(RuleError, match="复印纸」库存只有 2 包，不够 3 包"):
        store.step(cast, store.hand(cast, paper, 3), "hand", "clerk")


def test_stock_taken_meanwhile_is_refused_at_the_signature(cast):
    paper = store.item(cast, stock=3)
    first, second = (
        store.step(cast, store.hand(cast, paper, 2, who), "hand", "clerk") for who in ("consultant1", "assistant")
    )
    store.step(cast, first, "sign", "consultant1")
    with pytest.raises(RuleError, match="库存只有 1 包，不够 2 包"):
        store.step(cast, second, "sign", "assistant")
    assert store.fresh(cast, second).state is HandState.WAITING
    assert store.fresh(cast, paper).stock == 1


def test_one_gives_back_what_one_took_and_no_more(cast):
    paper = store.item(cast, stock=10)
    store.step(cast, store.step(cast, store.hand(cast, paper, 4), "hand", "clerk"), "sign", "consultant1")
    back = store.hand(cast, paper, 5, kind=HandKind.RETURN)
    with pytest.raises(RuleError, match="名下的「复印纸」只有 4 包，不能退还 5 包"):
        store.step(cast, back, "hand", "clerk")
    back = store.step(cast, store.hand(cast, paper, 1, kind=HandKind.RETURN), "hand", "clerk")
    store.step(cast, back, "sign", "consultant1")
    assert store.movements(cast, paper)[-1] == ("return", 1, 7)


def test_a_count_is_decided_by_the_supervisor_and_books_the_difference(cast):
    paper = store.item(cast, stock=10)
    with pytest.raises(RuleError, match="有差异，请写明差异原因"):
        store.step(cast, store.check(cast, paper, 8), "submit", "clerk")
    count = store.step(cast, store.check(cast, paper, 8, note="少了两包"), "submit", "clerk")
    assert (count.lines[0].book, count.lines[0].difference) == (10, -2)
    store.step(cast, store.step(cast, store.hand(cast, paper, 3), "hand", "clerk"), "sign", "consultant1")
    count = store.decided(cast, count, "supervisor")
    assert count.state is CheckState.POSTED
    assert store.fresh(cast, paper).stock == 5  # 10 − 3 issued meanwhile − 2 missing


def test_a_count_that_agrees_moves_nothing(cast):
    paper = store.item(cast, stock=10)
    count = store.step(cast, store.check(cast, paper, 10), "submit", "clerk")
    store.decided(cast, count, "supervisor")
    assert store.movements(cast, paper) == [("receipt", 10, 10)]


def test_a_loss_is_decided_by_administration(cast):
    paper = store.item(cast, stock=10)
    loss = store.check(cast, paper, 2, CheckKind.LOSS, "受潮")
    assert "submit" not in {s.name for s in legal_steps(loss, cast.actor("clerk"))}
    loss = store.step(cast, loss, "submit_loss", "clerk")
    with pytest.raises(Forbidden):
        store.decided(cast, loss, "supervisor")
    assert store.decided(cast, loss, "administration").state is CheckState.POSTED
    assert store.movements(cast, paper)[-1] == ("loss", -2, 8)


def test_the_purchase_list_comes_from_the_minima_and_arrives_with_the_goods(cast):
    low = store.item(cast, stock=2, minimum=5)
    store.item(cast, "中性笔", stock=20, minimum=5)
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        wanted = write(cast.session, lambda: purchase_from_minima(cast.session, cast.project_ids["a"], clerk))
        assert wanted is not None
        assert [(line.item_id, line.quantity, line.amount) for line in wanted.lines] == [(low.id, 8, 160)]
    wanted = store.step(cast, wanted, "submit", "clerk")
    wanted = store.decided(cast, wanted, "supervisor")  # 160 ≤ 500
    assert wanted.state is PurchaseState.APPROVED
    store.step(cast, store.receipt(cast, (low, 8, "21"), purchase_id=wanted.id), "post", "clerk")
    assert store.fresh(cast, wanted).state is PurchaseState.ARRIVED
    assert (store.fresh(cast, low).stock, store.fresh(cast, low).last_price) == (10, 21)


def test_nothing_is_bought_when_nothing_is_missing(cast):
    store.item(cast, stock=9, minimum=5)
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        assert write(cast.session, lambda: purchase_from_minima(cast.session, cast.project_ids["a"], clerk)) is None


@pytest.mark.both_databases
def test_movements_are_never_changed(cast):
    store.item(cast, stock=2)
    for statement in ("UPDATE stock_movement SET quantity = 5", "DELETE FROM stock_movement"):
        with pytest.raises(DBAPIError, match="只能追加"):
            cast.session.execute(text(statement))
        cast.session.rollback()


def test_the_doctor_compares_stock_and_movements(cast):
    paper = store.item(cast, stock=2)
    with acting_as(SYSTEM):
        assert list(verify(cast.session)) == []
        write(cast.session, lambda: cast.session.execute(update(SupplyItem).values(stock=3)))
        assert list(verify(cast.session)) == [f"物品 {paper.id}「复印纸」库存记为 3，流水合计是 2"]


def test_one_item_is_counted_once_at_a_time(cast):
    """Two counts against the same book would book their differences both: 10 counted as 8 twice is 8, not 6."""
    paper = store.item(cast, stock=10)
    first, second = store.check(cast, paper, 8, note="月末"), store.check(cast, paper, 8, note="再点一次")
    first = store.step(cast, first, "submit", "clerk")
    with pytest.raises(RuleError, match="还没有批完"):
        store.step(cast, second, "submit", "clerk")
    store.decided(cast, first, "supervisor")
    second = store.step(cast, store.fresh(cast, second), "submit", "clerk")
    store.decided(cast, second, "supervisor")
    assert store.fresh(cast, paper).stock == 8
