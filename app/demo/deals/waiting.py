"""Before and beside the orders: the queue for the next batch, 小订 in every state, sets and forms for the next signings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.approvals import answer
from app.demo.deals import queue_ends
from app.demo.deals.buyers import new_customer
from app.demo.deals.deal import Deal
from app.demo.deals.sites import RIVER
from app.demo.deals.timetable import Life
from app.demo.payments import enter
from app.demo.world import World
from app.features.deals.bookings.effects import account_for as booking_account
from app.features.deals.bookings.effects import fill_from_order as fill_booking
from app.features.deals.bookings.models import Booking
from app.features.deals.forms.effects import make_forms
from app.features.deals.forms.models import ContractForm, FormBatch
from app.features.deals.intentions.effects import account_for
from app.features.deals.intentions.models import Intention, IntentionState, Keeping
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.sets.effects import fill_from_order as fill_set
from app.features.deals.sets.models import ContractSet, Place, Presence
from app.features.deals.slips.effects import fill_from_order as fill_slip
from app.features.deals.slips.models import SigningSlip
from app.features.payments.models import FundKind
from app.features.units.models import Unit, UnitState
from app.kernel.transactions import write
from app.kernel.workflow import fire

LENT = "商业按揭"
ELSEWHERE = (
    "3栋2单元104",
    "3栋2单元1201",
    "3栋2单元1202",
    "3栋2单元1203",
    "3栋2单元1204",
)  # homes with a story of their own
SERVED = {"choose": queue_ends.chosen, "to_deposit": queue_ends.deposited}
# who, how it is kept, amount, days ago, how far it went
QUEUE = (
    ("consultant1", Keeping.COLLECTED, 10_000, 6, "sign_in"), ("consultant2", Keeping.COLLECTED, 10_000, 6, "paid"),
    ("consultant3", Keeping.COLLECTED, 10_000, 5, "asked"), ("consultant4", Keeping.FROZEN, 20_000, 5, "pass_over"),
    ("consultant1", Keeping.NONE, 0, 4, "valid"), ("consultant2", Keeping.NONE, 0, 4, "valid"), ("consultant3", Keeping.NONE, 0, 3, "give_up"),
    ("consultant4", Keeping.COLLECTED, 10_000, 3, "ask_back"), ("consultant1", Keeping.NONE, 0, 1, "submit"), ("consultant2", Keeping.NONE, 0, 1, "draft"),
    ("consultant3", Keeping.COLLECTED, 10_000, 4, "choose"), ("consultant4", Keeping.COLLECTED, 10_000, 4, "to_deposit"),
    ("consultant2", Keeping.COLLECTED, 10_000, 7, "paid_back"),
)  # fmt: skip
# home, consultant, hours ago, refundable, last stage
BOOKED = (
    ("2栋1单元101", "consultant1", 20, True, "active"), ("2栋1单元102", "consultant3", 3, False, "signed"),
    ("2栋1单元603", "consultant2", 70, True, "give_up"),
)  # fmt: skip


def waiting(session: Any, world: World) -> Iterator[Life]:
    """Lives of queue papers and bookings, and one of the desk that prepares signings."""
    for number, line in enumerate(QUEUE):
        yield _queued(session, world, number, *line)
    for home, seller, hours, refundable, stop in BOOKED:
        start = world.at(0, 12) - timedelta(hours=hours + 10)
        deal = Deal(session, world, home, seller, LENT, start, "lock")
        yield _booked(deal, stop, refundable=refundable)
    yield _prepared(session, world)


def _wished(session: Any, world: World, number: int, keeping: Keeping) -> list[int]:
    """Up to three homes: those on sale where money is taken, those still waiting for their permit else."""
    state = UnitState.WAIT if keeping is Keeping.NONE else UnitState.FREE
    query = select(Unit.id).where(
        Unit.project_id == world.projects["JPYL"].id, Unit.state == state, Unit.list_total.is_not(None)
    )
    if keeping is not Keeping.NONE:
        query = query.where(Unit.full_name.like("3栋2单元%"), Unit.full_name.not_in(ELSEWHERE))
    found = list(session.scalars(query.order_by(Unit.id).limit(12)))
    start = number % max(len(found) - 3, 1)
    return found[start : start + 1 + number % 3]


def _queued(
    session: Any, world: World, number: int, seller: str, keeping: Keeping, amount: int, ago: int, stop: str
) -> Life:
    start = world.at(ago, 14, 5 + number)
    yield start - timedelta(days=1)
    customer = new_customer(session, world, "JPYL", seller, start - timedelta(days=1))
    yield start
    paper = _written(session, world, customer, seller, keeping, amount, _wished(session, world, number, keeping), start)
    if paper is None or stop == "draft":
        return
    yield start + timedelta(minutes=4)
    _step(session, world, seller, paper, "submit", start + timedelta(minutes=4))
    if stop == "submit":
        return
    yield start + timedelta(minutes=40)
    answer(session, world, paper, RIVER.supervisor, start + timedelta(minutes=40), "approve", "同意排号")
    if keeping is Keeping.COLLECTED and stop != "asked":
        yield from _money(
            session, world, account_for(session, paper), FundKind.QUEUE, Decimal(amount), start + timedelta(hours=1)
        )
    if stop in ("sign_in", "pass_over", "give_up", "ask_back", *SERVED, "paid_back"):
        moment = start + timedelta(hours=20)
        yield moment
        name = "sign_in" if stop in SERVED else "ask_back" if stop == "paid_back" else stop
        note = "" if name == "sign_in" else "客户改变主意"
        _step(session, world, RIVER.supervisor, paper, name, moment, note=note)
    if stop in SERVED:
        yield from SERVED[stop](session, world, seller, paper, start + timedelta(hours=21))
    elif stop == "paid_back":
        yield from queue_ends.paid_back(session, world, paper, start + timedelta(hours=44))


def _written(
    session: Any,
    world: World,
    customer: Any,
    seller: str,
    keeping: Keeping,
    amount: int,
    wished: list[int],
    moment: datetime,
) -> Intention | None:
    if not wished:
        return None
    names = ("first_unit_id", "second_unit_id", "third_unit_id")
    with world.acting(seller, moment) as who:

        def work() -> Intention:
            paper = Intention(
                project_id=customer.project_id, customer_id=customer.id, customer_name=customer.name, owner_id=customer.owner_id,
                team_id=customer.team_id, keeping=keeping, amount=Decimal(amount), created_by=who.person_id, state=IntentionState.DRAFT,
                **dict(zip(names, wished, strict=False)),
            )  # fmt: skip
            session.add(paper)
            session.flush()
            return paper

        return write(session, work)


def _money(session: Any, world: World, account: Any, kind: FundKind, amount: Decimal, moment: datetime) -> Life:
    yield moment
    receipt = enter(session, world, account, kind, amount, moment, clerk=RIVER.clerk)
    yield moment + timedelta(minutes=20)
    _step(session, world, RIVER.cashier, receipt, "confirm", moment + timedelta(minutes=20), arrived_on=moment.date())


def _booked(deal: Deal, stop: str, *, refundable: bool) -> Life:
    yield from deal.life()
    session, world = deal.session, deal.world
    moment = deal.later(6)
    yield moment
    with world.acting(deal.seller, moment) as who:

        def work() -> Booking:
            paper = Booking(
                reservation_id=deal.order.id,
                amount=Decimal(2000),
                days=3,
                refundable=refundable,
                created_by=who.person_id,
            )
            fill_booking(paper, deal.order)
            session.add(paper)
            session.flush()
            return paper

        paper = write(session, work)
    yield deal.later(9)
    _step(session, world, deal.seller, paper, "sign", deal.later(9), on=moment.date())
    if stop == "signed":
        return
    yield from _money(session, world, booking_account(session, paper), FundKind.BOOKING, Decimal(2000), deal.later(20))
    if stop == "give_up":
        yield deal.later(1500)
        _step(session, world, RIVER.supervisor, paper, "give_up", deal.later(1500), note="客户家人不同意")


def _prepared(session: Any, world: World) -> Life:
    """The desk: forms come in with a gap, some go out; sets at both places, slips at three desks."""
    moment = world.at(60, 9, 30)
    yield moment
    with world.acting(RIVER.clerk, moment) as who:

        def receive() -> None:
            for first, last in ((1, 20), (23, 30)):
                batch = FormBatch(project_id=world.projects["JPYL"].id, prefix="JF2026-", first=first, last=last, width=4, source="房管局领取",
                                  received_on=moment.date(), created_by=who.person_id)  # fmt: skip
                session.add(batch)
                session.flush()
                make_forms(session, batch)

        write(session, receive)
    yield moment + timedelta(hours=1)
    _issue(session, world, moment + timedelta(hours=1))
    ready = world.at(1, 16, 40)
    yield ready
    _lay_out(session, world, ready)


def _issue(session: Any, world: World, moment: datetime) -> None:
    forms = session.scalars(select(ContractForm).order_by(ContractForm.id).limit(6)).all()
    for form in forms:
        _step(session, world, RIVER.clerk, form, "issue", moment, holder_id=world.people[RIVER.officer].id)
    _step(session, world, RIVER.clerk, forms[5], "give_back", moment)
    _step(session, world, RIVER.officer, forms[4], "spoil", moment, note="打印错位")


def _lay_out(session: Any, world: World, moment: datetime) -> None:
    query = select(Reservation).where(
        Reservation.project_id == world.projects["JPYL"].id,
        Reservation.state == ReservationState.EFFECTIVE,
        Reservation.ends_as.is_(None),
    )
    orders = session.scalars(query.order_by(Reservation.id.desc()).limit(4)).all()
    with world.acting(RIVER.officer, moment) as who:

        def work() -> list[ContractSet]:
            made = []
            for number, order in enumerate(orders):
                kit = ContractSet(
                    reservation_id=order.id,
                    place=(Place.SITE, Place.SHANGHAI)[number % 2],
                    sign_on=order.sign_due_on,
                    created_by=who.person_id,
                )
                fill_set(kit, order)
                for item in kit.items if number < 2 else kit.items[:3]:
                    item.presence = Presence.THERE
                session.add(kit)
                made.append(kit)
            session.flush()
            return made

        kits = write(session, work)
    for kit in kits[:2]:
        _step(session, world, RIVER.officer, kit, "ready", moment)
    for number, order in enumerate(orders[:3]):
        _slip(session, world, order, number, moment)


def _slip(session: Any, world: World, order: Reservation, number: int, moment: datetime) -> None:
    with world.acting(RIVER.supervisor, moment) as who:

        def work() -> SigningSlip:
            slip = SigningSlip(reservation_id=order.id, created_by=who.person_id)
            fill_slip(slip, order)
            session.add(slip)
            session.flush()
            return slip

        slip = write(session, work)
    for login, name in ((RIVER.supervisor, "hand_over"), (RIVER.clerk, "papers_checked"))[:number]:
        _step(session, world, login, slip, name, moment)


def _step(session: Any, world: World, login: str, paper: Any, name: str, moment: datetime, **form: Any) -> None:
    with world.acting(login, moment) as who:
        fire(session, paper, name, who, **form)
