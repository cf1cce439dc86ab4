"""Money goes with its buyer from one order to the next: to the fen, each kind as it was, red entries and refunds included."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from app.features.payments.effects import confirmed_total, transfer
from app.features.payments.effects.ledger import held_by_kind
from app.features.payments.models import FundKind, LedgerPosting, OrderAccount, PostingKind, Receipt, ReceivableState
from app.features.payments.rules import Scheme, payment_plan
from app.features.payments.verify import verify
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import RuleError
from tests.cast import Cast
from tests.features.payments import makers

DEARER = payment_plan(Scheme.LUMP_SUM, Decimal("1200000.00"), Decimal(20000))
PAPER = SimpleNamespace(__tablename__="change_request", id=1, project_id=0)


def moved(cast: Cast, old: OrderAccount, new: OrderAccount) -> None:
    PAPER.project_id = old.project_id
    with acting_as(cast.actor("developer_finance")):
        transfer(cast.session, cast.actor("developer_finance"), old, new, paper=PAPER, reason="换房")
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert list(verify(cast.session())) == []


def held(cast: Cast, of: OrderAccount) -> dict[FundKind, Decimal]:
    with acting_as(SYSTEM):
        return held_by_kind(cast.session(), of.id)


def test_all_money_moves_and_keeps_its_kind(cast: Cast) -> None:
    old, new = makers.account(cast, 1), makers.account(cast, 2, plan=DEARER)
    makers.received(cast, old, "20000")
    makers.received(cast, old, "316834", FundKind.FIRST_PAYMENT)
    moved(cast, old, new)
    assert held(cast, old) == {}
    assert held(cast, new) == {FundKind.DEPOSIT: Decimal(20000), FundKind.FIRST_PAYMENT: Decimal(316834)}
    with acting_as(SYSTEM):
        assert cast.session.get_one(OrderAccount, old.id).closed_at is not None
        assert {r.state for r in makers.rows(cast, old)} == {ReceivableState.CANCELLED}
        paid = [(r.kind, r.received, r.state) for r in makers.rows(cast, new)]
        assert paid == [
            (FundKind.DEPOSIT, Decimal(20000), ReceivableState.PAID),
            (FundKind.PRICE, Decimal(316834), ReceivableState.PARTIAL),
        ]
        posting = cast.session.query(LedgerPosting).filter_by(kind=PostingKind.TRANSFER).one()
        assert sum(e.amount for e in posting.entries) == 0
        assert {e.account_id for e in posting.entries} == {old.id, new.id}


def test_a_red_entry_after_the_move_takes_the_money_from_where_it_lies(cast: Cast) -> None:
    old, new = makers.account(cast, 1), makers.account(cast, 2, plan=DEARER)
    receipt = makers.received(cast, old, "20000")
    moved(cast, old, new)
    makers.act(cast, receipt, "ask_reversal", "developer_finance", note="错登")
    from tests.features.deals.orders import decided

    decided(cast, receipt, "developer_finance2")
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert confirmed_total(cast.session(), new.id) == 0
        assert cast.session.get_one(Receipt, receipt.id).account_id == new.id
        assert list(verify(cast.session())) == []


def test_over_payment_stays_prepaid_and_the_late_fee_stays_where_it_was_paid(cast: Cast) -> None:
    old = makers.account(cast, 1)
    small = payment_plan(Scheme.LUMP_SUM, Decimal("30000.00"), Decimal(20000))
    new = makers.account(cast, 2, plan=small)
    makers.received(cast, old, "336834", FundKind.FIRST_PAYMENT)
    makers.received(cast, old, "120", FundKind.LATE_FEE)
    makers.received(cast, old, "500", FundKind.COLLECTED)
    moved(cast, old, new)
    with acting_as(SYSTEM):
        assert confirmed_total(cast.session(), new.id) == Decimal(336834)
        assert sum(r.received for r in makers.rows(cast, new)) == Decimal(30000)
        assert confirmed_total(cast.session(), new.id, [FundKind.COLLECTED]) == Decimal(500)
        assert confirmed_total(cast.session(), old.id, [FundKind.LATE_FEE]) == Decimal(120)


def test_nothing_moves_while_money_is_under_way_or_lent(cast: Cast) -> None:
    old, new = makers.account(cast, 1), makers.account(cast, 2, plan=DEARER)
    makers.received(cast, old, "20000")
    waiting = makers.entered(cast, old, "100", FundKind.PRICE)
    PAPER.project_id = old.project_id
    cashier = cast.actor("developer_finance")
    with acting_as(cashier), pytest.raises(RuleError, match="待确认"):
        transfer(cast.session, cashier, old, new, paper=PAPER, reason="换房")
    makers.act(cast, waiting, "discard", "clerk", note="录错")
    makers.received(cast, old, "770000", FundKind.BANK_LOAN)
    with acting_as(cashier), pytest.raises(RuleError, match="已经放款"):
        transfer(cast.session, cashier, old, new, paper=PAPER, reason="换房")
