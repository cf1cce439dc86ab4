"""Whatever happens to orders, in whatever order: units, orders, receivables and the ledger tell the same (issue 5.12).

Small in the normal suite; `pytest tests/features/deals/test_random_orders.py --full --seed N` walks far and prints its seeds.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.payments.effects import account_of
from app.features.payments.models import FundKind, LedgerEntry, ReceivableState
from app.features.pricing.models import PaymentScheme, SchemeKind, SchemeState
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.checkups import CHECKUPS, faults_of
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o
from tests.features.deals.walk import Walk
from tests.stress import book_checker

PLAN = (FundKind.DEPOSIT, FundKind.FIRST_PAYMENT, FundKind.PRICE, FundKind.BANK_LOAN, FundKind.FUND_LOAN)
SOLD = {
    ReservationState.EFFECTIVE: {UnitState.ORDER, UnitState.DRAFT},
    ReservationState.SIGNED: {UnitState.SIGN},
    ReservationState.LOCKED: {UnitState.LOCK},
    ReservationState.REVIEW: {UnitState.LOCK},
    ReservationState.AWAITING: {UnitState.LOCK},
}
DOCTOR = ("收款总账", "票据", "房源与认购书", "登记痕迹")
SMALL_SEED, SMALL_STEPS = 6, 110
FULL_WALKS, FULL_STEPS = 12, 600


def check(cast: Cast) -> None:
    """Everything that must hold between two acts."""
    session = cast.session
    with acting_as(SYSTEM):
        session.rollback()
        for checkup in CHECKUPS:
            if checkup.label in DOCTOR:
                assert faults_of(checkup, session()) == [], checkup.label
        assert book_checker.faults_of(session.connection()) == []
        assert session.scalar(select(func.coalesce(func.sum(LedgerEntry.amount), 0))) == 0
        live = {
            order.unit_id: order
            for order in session.scalars(
                select(Reservation).where(Reservation.locked_at.is_not(None), Reservation.closed_at.is_(None))
            )
        }
        for unit in session.scalars(select(Unit)):
            order = live.get(unit.id)
            allowed = {UnitState.FREE} if order is None else SOLD[order.state]
            assert unit.state in allowed, f"{unit.full_name} is {unit.state} for {order and order.state}"
        for order in live.values():
            _plan_is_the_total(session(), order)
        session.rollback()


def _plan_is_the_total(session: object, order: Reservation) -> None:
    if order.state not in (ReservationState.EFFECTIVE, ReservationState.SIGNED):
        return
    account = account_of(session, order.id)
    assert account is not None
    planned = sum(
        (r.amount for r in account.receivables if r.kind in PLAN and r.state is not ReceivableState.CANCELLED),
        Decimal(0),
    )
    assert planned == order.total == account.total, (
        f"{order}: plan {planned}, total {order.total}, account {account.total}"
    )


def schemes(cast: Cast) -> tuple[PaymentScheme, ...]:
    loan = saved(cast.session, PaymentScheme(
        project_id=cast.project_ids["a"], name="商业按揭", kind=SchemeKind.MORTGAGE, loan_share=Decimal("0.7"),
        loan_step=Decimal(10000), loan_days=60, deposit=Decimal(20000), discount=Decimal("0.99"), state=SchemeState.ACTIVE,
    ))  # fmt: skip
    return loan, o.scheme(cast)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "number" in metafunc.fixturenames:
        metafunc.parametrize("number", range(FULL_WALKS if metafunc.config.getoption("--full") else 1))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_units_orders_receivables_and_ledger_always_agree(
    cast: Cast, request: pytest.FixtureRequest, record_property, number: int
) -> None:
    full = request.config.getoption("--full")
    seed = request.config.getoption("--seed") + number if full else SMALL_SEED
    walk = Walk(cast, schemes(cast), seed)
    try:
        walk.go(FULL_STEPS if full else SMALL_STEPS, lambda: check(cast), every=2 if full else 5)
    except BaseException:
        print(f"seed {seed}: {walk.told()}")  # noqa: T201 - a failing walk is repeated by its seed
        raise
    assert len(walk.done) > 20, walk.done
    told = f"{sum(walk.done.values())} done, {sum(walk.refused.values())} refused"
    record_property("stress", f"walk, seed {seed}: {told}, {dict(walk.done)}" if full else f"walk, seed {seed}: {told}")
