"""How an order ends otherwise: an approved ending stops the contract, money that moved asks for a new decision (02 §2.2.3)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from app.features.deals.changes.models import ENDINGS, ChangeKind, ChangeRequest, ChangeState, FaultOf
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.deals.verify import verify
from app.features.payments.effects import account_of
from app.features.payments.models import FundKind, Receipt, Receivable
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.finding import requests_of
from app.kernel.approval.records import RequestState
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.money import half_up
from tests.cast import Cast
from tests.features.deals import orders as o
from tests.features.deals.orders import approved_change


def test_an_approved_withdrawal_stops_the_contract_and_voids_its_draft(cast: Cast) -> None:
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    contract = o.contract(cast, order)
    paper = approved_change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY)
    assert o.fresh(cast, Reservation, order.id).ends_as is CloseKind.WITHDRAWN
    with pytest.raises(RuleError, match="已批准退订"):
        o.step(cast, contract, "submit", "contract_officer")
    o.step(cast, paper, "execute", "developer_finance")
    assert o.fresh(cast, Contract, contract.id).state is ContractState.VOID
    assert o.fresh(cast, Unit, where.id).state is UnitState.FREE


def test_a_voided_change_lets_the_order_go_on(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    paper = approved_change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY)
    assert o.step(cast, paper, "void", "consultant1", note="客户改变主意").state is ChangeState.VOID
    assert o.fresh(cast, Reservation, order.id).ends_as is None
    assert o.step(cast, o.contract(cast, order), "submit", "contract_officer").state is ContractState.REVIEW


def test_after_the_entry_the_authority_revokes_first(cast: Cast) -> None:
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    contract = o.entered(cast, order)
    assert o.fresh(cast, Unit, where.id).state is UnitState.DRAFT
    with pytest.raises(RuleError, match="须有已批的退订、挞定、换房、更名或变更付款方式申请"):
        o.step(cast, contract, "revoke", "contract_officer", note="客户不买了")
    paper = approved_change(cast, order, ChangeKind.FORFEITURE, FaultOf.BUYER)
    with pytest.raises(RuleError, match="须先办完撤销"):
        o.step(cast, paper, "execute", "developer_finance")
    o.step(cast, contract, "revoke", "contract_officer", note="已批挞定")
    with pytest.raises(RuleError, match="只能办完"):
        o.step(cast, paper, "void", "consultant1", note="反悔")
    o.step(cast, contract, "accept_revocation", "contract_officer")
    o.step(cast, contract, "revoked", "contract_officer")
    o.step(cast, paper, "execute", "developer_finance")
    assert o.fresh(cast, Unit, where.id).state is UnitState.FREE
    assert o.fresh(cast, Reservation, order.id).close_kind is CloseKind.FORFEITED


def test_money_after_the_approval_asks_for_a_new_decision(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    paper = approved_change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY)
    o.paid(cast, order, "1000", FundKind.PRICE)
    with pytest.raises(RuleError, match="退回重算"):
        o.step(cast, paper, "execute", "developer_finance")
    assert o.step(cast, paper, "rework", "developer_finance", note="又到账 1,000").state is ChangeState.DRAFT
    assert o.fresh(cast, Reservation, order.id).ends_as is None
    with pytest.raises(RuleError, match="重新计算"):
        o.step(cast, paper, "submit", "consultant1")


def test_who_pays_too_late_owes_a_share_of_what_was_due(cast: Cast) -> None:
    """L5 (02 §2.3.6): 5 % of 累计应付款, not of the price; the seller's fault pays interest instead."""
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    o.signed(cast, order)
    account = payable(cast, order)
    due = sum((row.amount for row in account), Decimal(0))
    asked = {"fault": FaultOf.BUYER, "share": "0.05"}
    whole = o.change(cast, order, ChangeKind.CANCELLATION, **asked)
    assert whole.penalty == half_up(order.total * Decimal("0.05"))
    o.step(cast, whole, "void", "consultant1", note="重写")
    assert 0 < due < order.total, "the second row is due seven days after the signature"
    late = o.change(cast, order, ChangeKind.CANCELLATION, **asked, penalty_on_due=True)
    assert late.penalty == half_up(due * Decimal("0.05"))
    o.step(cast, late, "void", "consultant1", note="重写")
    with pytest.raises(RuleError, match="买方逾期付款被解除"):
        o.change(cast, order, ChangeKind.CANCELLATION, FaultOf.SELLER, penalty_on_due=True)
    back = o.change(cast, order, ChangeKind.CANCELLATION, FaultOf.SELLER, interest=Decimal(3200))
    assert (back.compensation, back.refundable) == (Decimal(3200), order.total + 3200)


def payable(cast: Cast, order: Any) -> list[Receivable]:
    """The buyer's rows of the price that are due today."""
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
        rows = cast.session.query(Receivable).filter_by(account_id=account.id).all()
        return [row for row in rows if row.payable_on is not None and row.payable_on <= o.today()]


def test_a_reversed_deposit_is_a_short_deposit(cast: Cast) -> None:
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    o.step(cast, order, "submit", "consultant1")
    o.decided(cast, order, "supervisor")
    o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    o.paid(cast, order, "4999")
    assert o.fresh(cast, Reservation, order.id).state is ReservationState.AWAITING  # below the minimum of 5,000
    o.paid(cast, order, "5001")
    short = o.fresh(cast, Reservation, order.id)
    assert (short.state, short.short_until) == (ReservationState.EFFECTIVE, o.today(3))
    o.paid(cast, order, "10000")
    assert o.fresh(cast, Reservation, order.id).short_until is None
    with acting_as(SYSTEM):
        last = cast.session.query(Receipt).order_by(Receipt.id.desc()).first()
    o.step(cast, last, "ask_reversal", "developer_finance", note="刷错账户")
    o.decided(cast, last, "developer_finance2")
    assert o.fresh(cast, Reservation, order.id).short_until == o.today(3)


def test_a_contract_is_signed_only_when_everything_is_there(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    contract = o.entered(cast, order)

    def sign() -> Contract:
        return o.step(cast, contract, "sign", "contract_officer", on=o.today(), contract_no="HT-1")

    with pytest.raises(RuleError, match="买方签署、甲方盖章"):
        sign()
    o.step(cast, contract, "buyer_sign", "contract_officer", on=o.today())
    o.step(cast, contract, "seller_seal", "developer_site", on=o.today())
    with pytest.raises(RuleError, match="未确认到账"):
        sign()
    o.paid(cast, order, str((order.total or Decimal(0)) - Decimal(20000)), FundKind.PRICE)
    assert sign().state is ContractState.SIGNED


def found(cast: Cast) -> list[str]:
    with acting_as(SYSTEM):
        cast.session.rollback()
        findings = list(verify(cast.session))
        cast.session.rollback()
    return findings


def put(cast: Cast, model: type[Unit | Reservation], pk: int, **values: object) -> None:
    """Behind the flows' back, as a fault would."""
    cast.session.rollback()
    table = model.__table__
    with cast.session.get_bind().begin() as connection:
        connection.execute(table.update().where(table.c.id == pk).values(**values))


def test_the_doctor_finds_an_order_whose_unit_says_something_else(cast: Cast) -> None:
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    unit_id, name, order_id, number = where.id, where.full_name, order.id, order.number
    assert found(cast) == []
    put(cast, Unit, unit_id, state=UnitState.FREE)
    assert found(cast) == [f"{name}：房源是「可售」，认购书 {number} 是「有效」"]
    put(cast, Unit, unit_id, reservation_id=None)
    assert found(cast) == [f"{name}：认购书 {number} 有效，房源却没有记着它"]
    put(cast, Reservation, order_id, closed_at=now(), close_kind=CloseKind.RELEASED, state=ReservationState.CLOSED)
    put(cast, Unit, unit_id, reservation_id=order_id)
    assert found(cast) == [f"{name}：房源记着一份已不存在或已关闭的认购书"]


@pytest.mark.parametrize("kind", sorted(ENDINGS), ids=lambda kind: kind.value)
def test_whoever_submitted_an_ending_takes_it_back_while_it_is_decided(cast: Cast, client_as, kind: ChangeKind) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    if kind is ChangeKind.CANCELLATION:
        o.signed(cast, order)
    fault = FaultOf.BUYER if kind is ChangeKind.FORFEITURE else FaultOf.NOBODY
    paper = o.change(cast, order, kind, fault)
    cancels = kind is ChangeKind.CANCELLATION
    paper = o.step(cast, paper, "submit_cancellation" if cancels else "submit", "consultant1")
    assert paper.state is ChangeState.REVIEW
    offered = set(re.findall(r"/change-request/step/(\w+_withdraw)/", client_as("consultant1").get(_page(paper)).text))
    assert offered == {"cancellation_withdraw" if cancels else "order_end_withdraw"}
    assert "_withdraw/" not in client_as("clerk").get(_page(paper)).text, "only whoever submitted it"
    assert o.step(cast, paper, offered.pop(), "consultant1").state is ChangeState.DRAFT
    with acting_as(SYSTEM):
        states = {r.state for r in requests_of(cast.session, paper)}
    assert states == {RequestState.WITHDRAWN}


def _page(paper: ChangeRequest) -> str:
    return f"/change-request/show/{paper.id}"
