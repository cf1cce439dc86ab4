"""The main job: lock → 认购书 with an extra discount → approvals → deposit → contract → signed; and the legal ways out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.features.deals.changes.models import ChangeKind, ChangeState, FaultOf
from app.features.deals.contracts.models import Contract, ContractState
from app.features.deals.discounts.models import DiscountRequest, DiscountState
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, NotFound, RuleError, StaleError
from app.kernel.jobs import JOBS, run
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.features.deals import orders as o

pytestmark = pytest.mark.both_databases


def state_of(cast: Cast, where: Unit) -> UnitState:
    return o.fresh(cast, Unit, where.id).state


def test_the_main_job_from_the_lock_to_the_signed_contract(cast: Cast) -> None:
    paid_by, where, who = o.scheme(cast), o.unit(cast), o.customer(cast)
    order = o.locked(cast, where, who)
    assert state_of(cast, where) is UnitState.LOCK and order.state is ReservationState.LOCKED
    o.filled(cast, order, paid_by, Decimal("1120000"))
    with pytest.raises(RuleError, match="特殊折扣单"):
        o.step(cast, order, "submit", "consultant1")
    paper = o.discount(cast, where, who, paid_by, "1120000")
    o.step(cast, paper, "submit", "consultant1")
    granted = {"granted_total": Decimal("1120000"), "valid_until": o.today(3)}
    returned = o.decided(cast, paper, "developer_lead", "return", "请补竞品比价")
    assert returned.state is DiscountState.DRAFT
    o.step(cast, paper, "submit", "consultant1")
    assert o.decided(cast, paper, "developer_lead", **granted).state is DiscountState.APPROVED
    assert o.step(cast, order, "submit", "consultant1").state is ReservationState.REVIEW
    assert o.decided(cast, order, "supervisor").state is ReservationState.AWAITING
    assert o.fresh(cast, DiscountRequest, paper.id).state is DiscountState.USED
    o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    assert state_of(cast, where) is UnitState.LOCK
    o.paid(cast, order, "20000")
    order = o.fresh(cast, Reservation, order.id)
    assert order.state is ReservationState.EFFECTIVE and order.sign_due_on == o.today(7)
    assert state_of(cast, where) is UnitState.ORDER
    contract = o.signed(cast, order)
    assert contract.state is ContractState.SIGNED and contract.total == Decimal("1120000")
    assert state_of(cast, where) is UnitState.SIGN
    assert o.fresh(cast, Reservation, order.id).state is ReservationState.SIGNED


def test_a_taken_unit_is_taken_once(cast: Cast) -> None:
    where, first, second = o.unit(cast), o.customer(cast), o.customer(cast, "consultant2", "10000005678", "赵雅婷")
    o.locked(cast, where, first)
    with pytest.raises(StaleError) as refused:
        o.locked(cast, where, second, "consultant2")
    assert "林晓" not in str(refused.value) and "分钟" in str(refused.value)  # another team: no name


def test_a_lock_that_runs_out_frees_the_unit(cast: Cast) -> None:
    where = o.unit(cast)
    order = o.locked(cast, where, o.customer(cast))

    def back_date() -> None:
        with as_step(cast.session):
            row = cast.session.get(Unit, where.id)
            row.lock_until = row.locked_at
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, back_date)
        import time

        time.sleep(1.1)
        assert [run(cast.session, JOBS["units.expire_locks"]) for _ in range(2)] == [1, 0]
    closed = o.fresh(cast, Reservation, order.id)
    assert (closed.state, closed.close_kind) == (ReservationState.CLOSED, CloseKind.RELEASED)
    assert state_of(cast, where) is UnitState.FREE
    o.locked(cast, where, o.customer(cast, "consultant2", "10000005678", "赵雅婷"), "consultant2")


def test_nobody_decides_his_own_order(cast: Cast) -> None:
    paid_by, where = o.scheme(cast), o.unit(cast)
    order = o.filled(cast, o.locked(cast, where, o.customer(cast), "supervisor"), paid_by)
    o.step(cast, order, "submit", "supervisor")
    with pytest.raises(Forbidden):
        o.decided(cast, order, "supervisor")
    assert o.decided(cast, order, "site_manager").state is ReservationState.AWAITING


def test_a_returned_order_is_mended_and_submitted_again(cast: Cast) -> None:
    paid_by, where = o.scheme(cast), o.unit(cast)
    order = o.filled(cast, o.locked(cast, where, o.customer(cast)), paid_by)
    o.step(cast, order, "submit", "consultant1")
    returned = o.decided(cast, order, "supervisor", "return", "请核对送达地址")
    assert returned.state is ReservationState.LOCKED and o.fresh(cast, Unit, where.id).lock_until is not None
    assert o.step(cast, order, "submit", "consultant1").number == returned.number


def test_a_colleague_and_a_stranger_touch_nothing(cast: Cast) -> None:
    order = o.locked(cast, o.unit(cast), o.customer(cast))
    for login, refusal in (
        ("consultant2", Forbidden),
        ("other_supervisor", Forbidden),
        ("developer_finance", Forbidden),
    ):
        with pytest.raises((refusal, NotFound)):
            o.step(cast, order, "release", login, note="想要这套")
    assert o.fresh(cast, Reservation, order.id).state is ReservationState.LOCKED


def test_money_forbids_a_plain_release(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    with pytest.raises(StaleError):
        o.step(cast, order, "release", "supervisor", note="客户不买了")


def test_a_forfeited_order_keeps_the_deposit_and_frees_the_unit(cast: Cast) -> None:
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    paper = o.change(cast, order, ChangeKind.FORFEITURE, FaultOf.BUYER)
    assert (paper.kept, paper.refundable) == (Decimal("20000"), Decimal(0))
    o.step(cast, paper, "submit", "consultant1")
    for login in ("supervisor", "site_manager", "developer_lead"):
        o.decided(cast, paper, login)
    assert o.step(cast, paper, "execute", "developer_finance").state is ChangeState.EXECUTED
    closed = o.fresh(cast, Reservation, order.id)
    assert (closed.state, closed.close_kind) == (ReservationState.CLOSED, CloseKind.FORFEITED)
    assert state_of(cast, where) is UnitState.FREE


def test_a_withdrawal_without_fault_refunds_everything(cast: Cast) -> None:
    order = o.effective(cast, o.unit(cast), o.customer(cast), o.scheme(cast))
    assert o.change(cast, order, ChangeKind.WITHDRAWAL, FaultOf.NOBODY).refundable == Decimal("20000")


def test_a_signed_unit_returns_only_after_the_contract_is_revoked(cast: Cast) -> None:
    where = o.unit(cast)
    order = o.effective(cast, where, o.customer(cast), o.scheme(cast))
    contract = o.signed(cast, order)
    with pytest.raises(RuleError, match="须有已批的退房、换房、更名或变更付款方式申请"):
        o.step(cast, contract, "revoke", "contract_officer", note="客户退房")
    paper = o.change(cast, order, ChangeKind.CANCELLATION, FaultOf.BUYER, "0.03")
    assert paper.penalty == (order.total * Decimal("0.03")).quantize(Decimal("0.01"))
    o.step(cast, paper, "submit_cancellation", "consultant1")
    for login in ("supervisor", "site_manager", "project_manager", "developer_lead"):
        o.decided(cast, paper, login)
    with pytest.raises(RuleError, match="撤销"):
        o.step(cast, paper, "execute", "developer_finance")
    assert state_of(cast, where) is UnitState.SIGN
    o.step(cast, contract, "revoke", "contract_officer", note="客户退房")
    o.step(cast, contract, "accept_revocation", "contract_officer")
    assert o.step(cast, contract, "revoked", "contract_officer").state is ContractState.REVOKED
    assert o.step(cast, paper, "execute", "developer_finance").state is ChangeState.EXECUTED
    assert state_of(cast, where) is UnitState.FREE
    assert o.fresh(cast, Contract, contract.id).state is ContractState.REVOKED


@pytest.mark.parametrize(
    ("asked", "decider"),
    [
        ("1140300", "developer_site"),
        ("1123500", "developer_site"),
        ("1123000", "developer_lead"),
        ("1065000", "developer_lead"),
    ],
)
def test_without_a_mandate_every_extra_goes_to_the_developer(cast: Cast, asked: str, decider: str) -> None:
    paid_by, where, who = o.scheme(cast), o.unit(cast), o.customer(cast)
    paper = o.discount(cast, where, who, paid_by, asked)
    o.step(cast, paper, "submit", "consultant1")
    granted = {"granted_total": Decimal(asked), "valid_until": o.today(3)}
    assert o.decided(cast, paper, decider, **granted).state is DiscountState.APPROVED


def test_the_approver_grants_no_more_than_was_asked(cast: Cast) -> None:
    paid_by, where, who = o.scheme(cast), o.unit(cast), o.customer(cast)
    paper = o.discount(cast, where, who, paid_by, "1123000")
    o.step(cast, paper, "submit", "consultant1")
    with pytest.raises(RuleError, match="核定总价"):
        o.decided(cast, paper, "developer_lead", granted_total=Decimal("1100000"), valid_until=o.today(3))
