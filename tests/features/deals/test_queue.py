"""认筹 and 小订: before the permit no money, in the queue a number, then a flat, a 定金 or the money back (02 §2.2.1–2)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.features.deals.bookings.effects import expire_bookings
from app.features.deals.bookings.models import Booking, BookingState
from app.features.deals.intentions.effects import check_paper
from app.features.deals.intentions.models import Intention, IntentionState, Keeping
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.verify import verify
from app.features.payments.effects import account_of, confirmed_total
from app.features.payments.models import FundKind, Refund
from app.features.payments.verify import verify as verify_money
from app.features.units.models import Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import Forbidden, RuleError
from app.kernel.transactions import write
from tests.cast import Cast
from tests.features.deals import orders as o
from tests.features.units import makers

PAY_BACK = {"credited": "supervised", "payee_account": "6222", "reference": "T1"}


def healthy(cast: Cast) -> None:
    with acting_as(SYSTEM):
        cast.session.rollback()
        assert [*verify(cast.session()), *verify_money(cast.session())] == []
        cast.session.rollback()


def permitted(cast: Cast, room: str) -> Unit:
    """A unit under a permit."""
    flat, permit = o.unit(cast, room), makers.permit(cast, number=f"预售 {room}")
    with acting_as(SYSTEM):
        write(cast.session, lambda: setattr(cast.session.get_one(Unit, flat.id), "permit_id", permit.id))
    return o.fresh(cast, Unit, flat.id)


def queued(cast: Cast, *flats: Unit, amount: str = "0", keeping: Keeping = Keeping.NONE) -> Intention:
    paper = o.intention(cast, o.customer(cast), *flats, amount=amount, keeping=keeping)
    o.step(cast, paper, "submit", "consultant1")
    return o.decided(cast, paper, "supervisor")


def check(cast: Cast, paper: Intention) -> None:
    with acting_as(SYSTEM), cast.session.no_autoflush:
        check_paper(cast.session(), paper)


def test_before_the_permit_a_wish_is_registered_without_money(cast: Cast) -> None:
    flat, who = o.unit(cast, "1102"), o.customer(cast)
    paper = o.intention(cast, who, flat)
    check(cast, paper)
    for keeping in (Keeping.FROZEN, Keeping.COLLECTED):
        paper.keeping, paper.amount = keeping, Decimal(10000)
        with pytest.raises(RuleError, match="不得收取或冻结"):
            check(cast, paper)
    paper.keeping = Keeping.NONE
    with pytest.raises(RuleError, match="应为 0"):
        check(cast, paper)
    cast.session.rollback()


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_collected_money_is_positive(cast: Cast, amount: str) -> None:
    paper = o.intention(cast, o.customer(cast), permitted(cast, "1102"))
    paper.keeping, paper.amount = Keeping.COLLECTED, Decimal(amount)
    with pytest.raises(RuleError, match="请填写诚意金"):
        check(cast, paper)
    cast.session.rollback()


def test_wishes_are_counted_on_the_board_until_a_flat_is_chosen(cast: Cast) -> None:
    first, second = o.unit(cast, "1102"), o.unit(cast, "1203")
    paper = queued(cast, first, second)
    assert (paper.state, paper.sequence) == (IntentionState.VALID, 1)
    assert [o.fresh(cast, Unit, u.id).wishes for u in (first, second)] == [1, 1]
    paper = o.step(cast, paper, "sign_in", "clerk")
    paper = o.step(cast, paper, "choose", "consultant1", unit_id=second.id)
    assert paper.state is IntentionState.CHOSEN
    assert [o.fresh(cast, Unit, u.id).wishes for u in (first, second)] == [0, 0]
    order = o.fresh(cast, Reservation, paper.reservation_id)
    assert (order.unit_id, order.state) == (second.id, ReservationState.LOCKED)
    for name, more in (
        ("give_up", {"note": "不买了"}),
        ("choose", {"unit_id": first.id}),
    ):  # not offered while the order lives
        with pytest.raises(Forbidden):
            o.step(cast, paper, name, "consultant1", **more)


def test_collected_money_becomes_deposit_of_the_order(cast: Cast) -> None:
    flat = permitted(cast, "1102")
    paper = queued(cast, flat, amount="10000", keeping=Keeping.COLLECTED)
    with pytest.raises(RuleError, match="还没有确认到账"):
        o.step(cast, paper, "sign_in", "clerk")
    o.paid(cast, paper, "10000", FundKind.QUEUE)
    o.step(cast, paper, "sign_in", "clerk")
    paper = o.step(cast, paper, "choose", "consultant1", unit_id=flat.id)
    order = o.filled(cast, o.fresh(cast, Reservation, paper.reservation_id), o.scheme(cast))
    o.step(cast, order, "submit", "consultant1")
    o.decided(cast, order, "supervisor")
    with acting_as(SYSTEM):
        account = account_of(cast.session(), order.id)
        assert confirmed_total(cast.session(), account.id, [FundKind.DEPOSIT]) == Decimal(10000)
    o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    assert o.fresh(cast, Reservation, order.id).state is ReservationState.EFFECTIVE
    healthy(cast)


def test_whoever_leaves_the_queue_gets_his_money_back(cast: Cast) -> None:
    paper = queued(cast, permitted(cast, "1102"), amount="10000", keeping=Keeping.COLLECTED)
    o.paid(cast, paper, "10000", FundKind.QUEUE)
    paper = o.step(cast, paper, "pass_over", "supervisor")
    paper = o.step(cast, paper, "ask_back", "consultant1", note="不买了")
    with pytest.raises(RuleError, match="还没有付款"):
        o.step(cast, paper, "paid_back", "developer_finance")
    with acting_as(SYSTEM):
        refund = cast.session.scalars(select(Refund)).one()
    assert refund.amount == Decimal(10000)
    from app.features.payments.models import Credited

    o.step(cast, refund, "pay", "developer_finance", paid_on=o.today(), **PAY_BACK | {"credited": Credited.SUPERVISED})
    assert o.step(cast, paper, "paid_back", "developer_finance").state is IntentionState.LEFT
    healthy(cast)


def booked(cast: Cast, flat: Unit, **more: object) -> tuple[Reservation, Booking]:
    """A 小订 in effect."""
    order = o.locked(cast, flat, o.customer(cast))
    paper = o.booking(cast, order, **more)
    paper = o.step(cast, paper, "sign", "consultant1", on=o.today())
    assert o.fresh(cast, Unit, flat.id).state is UnitState.LOCK
    o.paid(cast, paper, "2000", FundKind.BOOKING)
    paper = o.fresh(cast, Booking, paper.id)
    assert (paper.state, paper.until) == (BookingState.ACTIVE, o.today(3))
    return order, paper


def test_a_booking_keeps_the_flat_and_becomes_an_order(cast: Cast) -> None:
    flat = o.unit(cast)
    order, paper = booked(cast, flat)
    assert o.fresh(cast, Unit, flat.id).state is UnitState.BOOK
    healthy(cast)
    o.filled(cast, order, o.scheme(cast))
    o.step(cast, order, "submit", "consultant1")
    o.decided(cast, order, "supervisor")
    assert o.fresh(cast, Booking, paper.id).state is BookingState.CONVERTED
    o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    o.paid(cast, order, "18000")
    done = o.fresh(cast, Reservation, order.id)
    assert (done.state, done.short_until) == (ReservationState.EFFECTIVE, None)
    assert o.fresh(cast, Unit, flat.id).state is UnitState.ORDER
    healthy(cast)


@pytest.mark.parametrize(("refundable", "refunds"), [(True, 1), (False, 0)])
def test_a_booking_runs_out_and_the_money_follows_the_print(cast: Cast, refundable: bool, refunds: int) -> None:
    flat = o.unit(cast)
    order, paper = booked(cast, flat, refundable=refundable)
    with acting_as(SYSTEM):
        assert write(cast.session, lambda: expire_bookings(cast.session())) == 0
        write(
            cast.session,
            lambda: setattr(cast.session.get_one(Booking, paper.id), "until", o.today() - timedelta(days=1)),
        )
        assert write(cast.session, lambda: expire_bookings(cast.session())) == 1
        assert write(cast.session, lambda: expire_bookings(cast.session())) == 0
        assert len(cast.session.scalars(select(Refund)).all()) == refunds
    assert o.fresh(cast, Unit, flat.id).state is UnitState.FREE
    assert o.fresh(cast, Reservation, order.id).state is ReservationState.CLOSED
    healthy(cast)


def test_the_days_of_a_booking_are_one_to_seven(cast: Cast) -> None:
    order = o.locked(cast, o.unit(cast), o.customer(cast))
    with pytest.raises(RuleError, match="1 至 7 天"):
        o.booking(cast, order, days=8)
