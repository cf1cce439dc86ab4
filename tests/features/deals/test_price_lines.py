"""房款, 装修款, 车位, 储藏间: each line is computed on its own, their sum is the order's total, their units go together (02 §2.3.1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.features.deals.changes.models import ChangeKind, FaultOf
from app.features.deals.lines.models import OrderLine
from app.features.deals.reservations.attaching import choose_attached
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.reservations.price import plan_of, price_order
from app.features.deals.verify import verify
from app.features.payments.effects import account_of, plan_rows_of
from app.features.pricing.effects import SellingTerms
from app.features.pricing.models import (
    CompoundingKind,
    PaymentScheme,
    PricedLine,
    PublicDiscount,
    RoundingStep,
    RoundingWay,
    SalesScheme,
    SchemeKind,
)
from app.features.pricing.rules import Rounding
from app.features.units.models import PricingBasis, Product, Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.errors import NotFound, RuleError
from app.kernel.money import RoundingMode
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.factories import saved
from tests.features.deals import orders as o
from tests.features.deals.test_concessions import PUBLIC, mortgage

HOME_LIST = Decimal("1145984.00")
PLACE = Decimal(150000)


def place(cast: Cast, room: str = "B1-001", product: Product = Product.PARKING, **more: Any) -> Unit:
    """A free parking place of 150,000, filed at 160,000."""
    made = o.unit(cast, room)
    values = {"product": product, "pricing_basis": PricingBasis.WHOLE, "list_unit_price": PLACE, "list_total": PLACE,
              "filed_total": Decimal(160000), "floor_unit_price": None, **more}  # fmt: skip
    return changed(cast, Unit, made.id, **values)


def changed(cast: Cast, model: type[Any], pk: int, **values: Any) -> Any:
    """The row with other values, as a step would write them."""

    def work() -> None:
        row = cast.session.get(model, pk)
        with as_step(cast.session):
            for name, value in values.items():
                setattr(row, name, value)
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, work)
    return o.fresh(cast, model, pk)


def chosen(cast: Cast, order: Reservation, *places: Unit, login: str = "consultant1") -> Reservation:
    actor = cast.actor(login)
    ids = [one.id for one in places]
    with acting_as(actor):
        write(cast.session, lambda: choose_attached(cast.session, cast.session.get(Reservation, order.id), ids, actor))
    return o.fresh(cast, Reservation, order.id)


def states(cast: Cast, *found: Unit) -> list[UnitState]:
    return [o.fresh(cast, Unit, one.id).state for one in found]


def terms(compounding: CompoundingKind, *discounts: PublicDiscount, on: PricedLine = PricedLine.HOME) -> SellingTerms:
    sales = SalesScheme(
        name="方案", compounding=compounding, rounding_step=RoundingStep.YUAN, rounding_way=RoundingWay.HALF_UP
    )
    scheme = PaymentScheme(name="按揭", kind=SchemeKind.MORTGAGE, discount=Decimal("0.98"), discount_on=on)
    return SellingTerms(scheme, sales, discounts, Rounding(Decimal(1), RoundingMode.HALF_UP))


def off(name: str, on: PricedLine, **how: Decimal) -> PublicDiscount:
    return PublicDiscount(position=1, name=name, applies_to=on, **how)


LINE = PricedLine
IN_TIME, FIXED = {"factor": Decimal("0.99")}, {"amount": Decimal(5000)}


@pytest.mark.parametrize(
    ("kind", "line", "start", "on", "reach", "total"),
    [
        (CompoundingKind.MULTIPLIED, LINE.HOME, "1145984", LINE.HOME, LINE.HOME, "1106834"),  # P2–P4
        (CompoundingKind.ADDED, LINE.HOME, "1145984", LINE.HOME, LINE.HOME, "1106604"),  # P7 with −5,000
        (
            CompoundingKind.MULTIPLIED,
            LINE.FINISH,
            "89530",
            LINE.HOME,
            LINE.HOME,
            "89530",
        ),  # nothing is taken off 装修款
        (
            CompoundingKind.MULTIPLIED,
            LINE.FINISH,
            "89530",
            LINE.ALL,
            LINE.HOME,
            "87739",
        ),  # only the 付款折扣: 87,739.40
        (CompoundingKind.MULTIPLIED, LINE.FINISH, "89530", LINE.ALL, LINE.ALL, "86862"),  # × 0.98 × 0.99 = 86,862.01
        (CompoundingKind.ADDED, LINE.FINISH, "89530", LINE.ALL, LINE.ALL, "86844"),  # 1 − 0.02 − 0.01 = 86,844.10
        (CompoundingKind.ADDED, LINE.PARKING, "150000", LINE.HOME, LINE.PARKING, "148500"),
        (CompoundingKind.MULTIPLIED, LINE.STORE, "35000", LINE.HOME, LINE.PARKING, "35000"),
    ],
)
def test_each_line_has_the_discounts_that_are_taken_off_it(kind, line, start, on, reach, total):
    discounts = [off("按时签约", reach, **IN_TIME), off("团购", LINE.HOME, **FIXED)]
    chain = terms(kind, *discounts, on=on).chain(line, line.label, Decimal(start))
    assert (chain.list_total, chain.deal_total) == (Decimal(start), Decimal(total))
    assert chain.list_total + sum(step.change for step in chain.steps[1:]) == chain.deal_total


def test_a_fixed_amount_names_its_line(cast: Cast, client_as) -> None:
    from app.features.pricing.effects.schemes import check_discount

    sales = SalesScheme(name="方案")
    with pytest.raises(RuleError, match="选定房款、装修款"):
        check_discount(off("全部减", LINE.ALL, **FIXED), sales)
    check_discount(off("车位减", LINE.PARKING, **FIXED), sales)
    assert off("车位减", LINE.PARKING, **FIXED).short == "1. 车位减 减 5,000.00 元（车位）"


amounts = st.integers(min_value=100_00, max_value=900_000_00).map(lambda fen: Decimal(fen).scaleb(-2))


def test_lines_total_and_plan_always_add_up(cast: Cast) -> None:
    paid_by, where = mortgage(cast), o.unit(cast)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        finish=st.none() | amounts,
        places=st.lists(amounts, max_size=3),
        less=st.integers(0, 3000),
        on=st.sampled_from(PricedLine),
    )
    def adds_up(finish: Decimal | None, places: list[Decimal], less: int, on: PricedLine) -> None:
        with acting_as(SYSTEM), cast.session.no_autoflush:
            unit = cast.session.get(Unit, where.id)
            unit.finish_price = finish
            cast.session.get(PaymentScheme, paid_by.id).discount_on = on
            order = Reservation(
                project_id=where.project_id, scheme_id=paid_by.id, deposit=Decimal(20000), extras_total=Decimal(0)
            )
            order.lines = [
                OrderLine(kind=LINE.PARKING, unit_id=n, name="车位", list_total=p) for n, p in enumerate(places, 1)
            ]
            price_order(cast.session, order, unit)
            if less:
                order.total = order.public_total - less
                price_order(cast.session, order, unit)
            assert order.home_total + sum((line.public_total for line in order.lines), Decimal(0)) == order.total
            assert sum((row.amount for row in plan_of(order)), Decimal(0)) == order.total
            assert order.list_total == HOME_LIST + sum((line.list_total for line in order.lines), Decimal(0))
            assert order.home_public_total - order.home_total == less
            assert len(order.lines) == len(places) + (finish is not None)
            cast.session.rollback()

    adds_up()


@pytest.mark.both_databases
def test_an_order_with_finish_and_parking_from_the_lock_to_the_contract(cast: Cast) -> None:
    paid_by, where, car = o.scheme(cast), o.unit(cast), place(cast)
    changed(cast, Unit, where.id, finish="精装", finish_price=Decimal(89530))
    order = o.filled(cast, o.locked(cast, where, o.customer(cast)), paid_by)
    order = chosen(cast, order, car)
    assert states(cast, where, car) == [UnitState.LOCK] * 2
    assert o.fresh(cast, Unit, car.id).lock_until is None, "a companion has no timer of its own"
    assert (order.home_total, order.extras_total, order.total) == (HOME_LIST, Decimal(239530), Decimal("1385514.00"))
    with acting_as(SYSTEM):
        kept = [(line.kind, line.public_total) for line in order.lines]
    assert kept == [(LINE.FINISH, Decimal(89530)), (LINE.PARKING, PLACE)]
    assert order.unit_price == Decimal("12800.00"), "per ㎡ of the home alone"
    o.step(cast, order, "submit", "consultant1")
    o.decided(cast, order, "supervisor")
    o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    o.paid(cast, order, "20000")
    assert states(cast, where, car) == [UnitState.ORDER] * 2
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id)
        assert account.total == Decimal("1385514.00") == sum(r.amount for r in plan_rows_of(cast.session, account))
    paper = o.signed(cast, o.fresh(cast, Reservation, order.id))
    assert (paper.total, paper.unit_price) == (Decimal("1385514.00"), Decimal("12800.00"))
    assert states(cast, where, car) == [UnitState.SIGN] * 2
    with acting_as(SYSTEM):
        assert list(verify(cast.session)) == []


def test_a_place_comes_off_again_and_an_agreed_price_of_the_home_stays(cast: Cast) -> None:
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast), HOME_LIST - 1000)
    car, store = place(cast), place(cast, "储001", Product.STORE, list_total=Decimal(35000))
    order = chosen(cast, order, car, store)
    assert (order.home_total, order.total) == (HOME_LIST - 1000, HOME_LIST - 1000 + PLACE + 35000)
    order = chosen(cast, order, store)
    assert order.total == HOME_LIST - 1000 + 35000 and states(cast, car, store) == [UnitState.FREE, UnitState.LOCK]
    assert o.fresh(cast, Unit, car.id).reservation_id is None
    o.step(cast, order, "release", "consultant1", note="客户不要了")
    assert states(cast, store) == [UnitState.FREE]
    with acting_as(SYSTEM):
        assert list(verify(cast.session)) == []
        assert cast.session.scalars(select(OrderLine)).one().left_at is not None


def test_a_concession_is_measured_on_the_home_alone(cast: Cast) -> None:
    """D2: 1,101,300 of 1,106,834 is 0.50 %; with a place of 150,000 beside it the share of the sum would be 0.44 %."""
    paid_by, where, who = mortgage(cast), o.unit(cast), o.customer(cast)
    order = chosen(cast, o.filled(cast, o.locked(cast, where, who), paid_by), place(cast))
    assert order.public_total == PUBLIC + PLACE
    order = changed(cast, Reservation, order.id, total=Decimal(1101300) + PLACE)
    changed_price(cast, order)
    with pytest.raises(RuleError, match="特殊折扣单"):
        o.step(cast, order, "submit", "consultant1")
    paper = o.discount(cast, where, who, paid_by, "1101300")
    o.step(cast, paper, "submit", "consultant1")
    o.decided(cast, paper, "developer_site", granted_total=Decimal(1101300), valid_until=o.today(3))
    assert o.step(cast, order, "submit", "consultant1").state is ReservationState.REVIEW


def changed_price(cast: Cast, order: Reservation) -> None:
    def work() -> None:
        row = cast.session.get(Reservation, order.id)
        with as_step(cast.session):
            price_order(cast.session, row, row.unit)
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, work)


def test_a_place_is_sold_once(cast: Cast) -> None:
    car = place(cast)
    first = chosen(cast, o.locked(cast, o.unit(cast), o.customer(cast)), car)
    second = o.locked(
        cast, o.unit(cast, "1103"), o.customer(cast, "consultant2", "10000005678", "赵雅婷"), "consultant2"
    )
    with pytest.raises(RuleError, match="销控"):
        chosen(cast, second, car, login="consultant2")
    with pytest.raises(RuleError):
        o.locked(cast, car, o.customer(cast, "consultant2", "10000005679", "李静"), "consultant2")
    scope = {"project_id": first.project_id, "owner_id": first.owner_id}
    twice = OrderLine(
        reservation_id=second.id, kind=LINE.PARKING, unit_id=car.id, name="车位", list_total=PLACE, public_total=PLACE,
        taken_at=first.locked_at, **scope,
    )  # fmt: skip
    with pytest.raises((IntegrityError, RuleError)):
        saved(cast.session, twice)
    cast.session.rollback()


def test_what_belongs_to_a_home_is_locked_with_it_and_not_alone(cast: Cast) -> None:
    where = o.unit(cast)
    car = place(cast, attached_to_id=where.id)
    who = o.customer(cast)
    with pytest.raises(RuleError, match="一起卖"):
        o.locked(cast, car, who)
    order = o.locked(cast, where, who)
    assert states(cast, where, car) == [UnitState.LOCK] * 2
    other = o.locked(cast, o.unit(cast, "1103"), o.customer(cast, "consultant1", "10000005678", "赵雅婷"))
    with pytest.raises(RuleError, match="随别的房源一起卖"):
        chosen(cast, other, place(cast, "B1-002", attached_to_id=where.id))
    o.step(cast, order, "release", "consultant1", note="不要了")
    assert states(cast, car) == [UnitState.FREE]


def test_a_place_above_its_filed_price_is_not_submitted(cast: Cast) -> None:
    car = place(cast, list_total=Decimal(170000))
    order = chosen(cast, o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast)), car)
    with pytest.raises(RuleError, match="备案总价"):
        o.step(cast, order, "submit", "consultant1")


def test_the_place_goes_along_to_another_home_and_is_free_after_a_withdrawal(cast: Cast) -> None:
    paid_by, where, car, other = o.scheme(cast), o.unit(cast), place(cast), o.unit(cast, "1103")
    order = chosen(cast, o.filled(cast, o.locked(cast, where, o.customer(cast)), paid_by), car)
    o.step(cast, order, "submit", "consultant1")
    o.decided(cast, order, "supervisor")
    o.step(cast, order, "customer_sign", "consultant1", on=o.today())
    o.paid(cast, order, "20000")
    paper = o.change(cast, o.fresh(cast, Reservation, order.id), ChangeKind.EXCHANGE, new_unit_id=other.id)
    assert paper.new_total == HOME_LIST + PLACE
    paper = o.agreed(cast, paper, "submit_exchange", "supervisor", "site_manager", "developer_site")
    o.step(cast, paper, "execute_exchange", "developer_finance", signed_on=o.today())
    assert states(cast, where, car, other) == [UnitState.FREE, UnitState.ORDER, UnitState.ORDER]
    made = o.fresh(cast, Reservation, paper.new_reservation_id)
    assert o.fresh(cast, Unit, car.id).reservation_id == made.id and made.total == HOME_LIST + PLACE
    with acting_as(SYSTEM):
        assert list(verify(cast.session)) == []
    end = o.approved_change(cast, made, ChangeKind.WITHDRAWAL, FaultOf.NOBODY)
    o.step(cast, end, "execute", "developer_finance")
    assert states(cast, other, car) == [UnitState.FREE] * 2
    with acting_as(SYSTEM):
        assert list(verify(cast.session)) == []


def test_the_page_offers_free_places_to_who_may_fill_the_order(cast: Cast, client_as) -> None:
    order = o.filled(cast, o.locked(cast, o.unit(cast), o.customer(cast)), o.scheme(cast))
    car, gone = place(cast), place(cast, "B1-002", stopped=True)
    client = client_as("consultant1")
    shown = client.get(f"/order-lines/{order.id}").text
    assert car.full_name in shown and "表价 150,000.00 元" in shown and gone.full_name not in shown
    assert client.post(f"/order-lines/{order.id}", data={"units": [str(gone.id)]}).status_code != 302
    assert client.post(f"/order-lines/{order.id}", data={"units": [str(car.id)]}).status_code == 302
    page = client.get(f"/reservation/show/{order.id}").text
    assert f"车位 {car.full_name}" in page and "1,295,984.00" in page
    assert client_as("consultant2").get(f"/order-lines/{order.id}").status_code == 404
    o.step(cast, order, "submit", "consultant1")
    assert "已提交" in client.get(f"/order-lines/{order.id}").text


def test_a_stranger_attaches_nothing(cast: Cast) -> None:
    order, car = o.locked(cast, o.unit(cast), o.customer(cast)), place(cast)
    foreign = cast.actor("other_clerk")
    with acting_as(SYSTEM), pytest.raises(NotFound):
        write(
            cast.session,
            lambda: choose_attached(cast.session, cast.session.get(Reservation, order.id), [car.id], foreign),
        )
