"""Short makers of orders: a priced unit, a customer with an owner, and the way to a signed contract."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.features.customers.choices import ContactKind, Source
from app.features.customers.effects import NewCustomer, register
from app.features.customers.models import Customer
from app.features.deals.bookings.effects import fill_from_order as fill_booking
from app.features.deals.bookings.models import Booking
from app.features.deals.changes.effects import fill_from_order
from app.features.deals.changes.effects.buyers import propose_present
from app.features.deals.changes.models import ChangeKind, ChangeRequest, ChangeState, FaultOf, Proof, Relation
from app.features.deals.contracts.effects import copy_order
from app.features.deals.contracts.models import Contract
from app.features.deals.discounts.effects import price_request
from app.features.deals.discounts.models import DiscountRequest
from app.features.deals.forms.effects import make_forms
from app.features.deals.forms.models import FormBatch
from app.features.deals.intentions.models import Intention, Keeping
from app.features.deals.reservations.locking import lock_unit
from app.features.deals.reservations.models import Buyer, Reservation, Standing
from app.features.deals.reservations.price import price_order
from app.features.deals.sets.effects import fill_from_order as fill_set
from app.features.deals.sets.models import ContractSet, Place
from app.features.deals.slips.effects import fill_from_order as fill_slip
from app.features.deals.slips.models import SigningSlip
from app.features.payments.effects import account_of, enter_receipt
from app.features.payments.models import FundKind, Method
from app.features.pricing.models import PaymentScheme, SchemeKind, SchemeState
from app.features.units.models import Building, Unit, UnitState
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.approval.engine import decide
from app.kernel.approval.finding import current_step, open_of
from app.kernel.attachments import attach, receive
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import as_step, fire
from tests.browser.picture import png
from tests.cast import Cast
from tests.factories import saved

ID_NUMBER = "11010519491231002X"
LIST, FLOOR, FILED = Decimal("12800"), Decimal("11900"), Decimal("13000")
AREA = Decimal("89.53")


def today(days: int = 0) -> date:
    return now().date() + timedelta(days=days)


def fresh(cast: Cast, model: type[Any], pk: int) -> Any:
    """The row as it is now, read as SYSTEM."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.get(model, pk, populate_existing=True)


def scheme(cast: Cast, project: str = "a") -> PaymentScheme:
    """一次性 without discount, deposit 20,000."""
    return saved(
        cast.session,
        PaymentScheme(
            project_id=cast.project_ids[project], name="一次性", kind=SchemeKind.LUMP_SUM, lump_sum_days=7,
            deposit=Decimal(20000), state=SchemeState.ACTIVE,
        ),
    )  # fmt: skip


def unit(cast: Cast, room: str = "1102", project: str = "a") -> Unit:
    """A free unit of 89.53 ㎡ at 12,800 (floor 11,900, filed 13,000)."""
    project_id = cast.project_ids[project]
    building = saved(cast.session, Building(project_id=project_id, name=f"{room}栋", floors=18, sections=1))
    return saved(
        cast.session,
        Unit(
            project_id=project_id, building_id=building.id, section="1", floor=11, room=room, full_name=f"{room}栋1单元{room}",
            building_area=AREA, inner_area=Decimal("70.12"), list_unit_price=LIST, list_total=Decimal("1145984.00"),
            filed_unit_price=FILED, filed_total=Decimal("1163890.00"), floor_unit_price=FLOOR, confirmed=True, state=UnitState.FREE,
        ),
    )  # fmt: skip


def customer(
    cast: Cast, login: str = "consultant1", phone: str = "10000001234", name: str = "王伟", project: str = "a"
) -> Customer:
    actor = cast.actor(login)
    with acting_as(actor):
        data = NewCustomer(kind=ContactKind.FIRST_VISIT, source=Source.PASSING, name=name, phones=(phone,))
        return register(cast.session, actor, cast.project_ids[project], data)


def locked(cast: Cast, where: Unit, who: Customer, login: str = "consultant1") -> Reservation:
    actor = cast.actor(login)
    with acting_as(actor):
        return lock_unit(cast.session, actor, where.id, who.id)


def filled(
    cast: Cast, order: Reservation, paid_by: PaymentScheme, total: Decimal | None = None, deposit: str = "20000"
) -> Reservation:
    """Price, plan and one buyer, as the form would write them."""

    def work() -> None:
        row = cast.session.get(Reservation, order.id)
        with as_step(cast.session):
            row.scheme_id, row.total, row.deposit = paid_by.id, total, Decimal(deposit)
            price_order(cast.session, row, cast.session.get(Unit, row.unit_id))
            buyer = {"project_id": row.project_id, "owner_id": row.owner_id, "team_id": row.team_id}
            cast.session.add(Buyer(reservation_id=row.id, name="王伟", id_number=ID_NUMBER, **buyer))
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, work)
    return order


def step(cast: Cast, paper: Any, name: str, login: str, **form: Any) -> Any:
    """The person takes a step; the paper as it is afterwards."""
    actor = cast.actor(login)
    with acting_as(actor):
        fire(cast.session, paper, name, actor, **form)
    return fresh(cast, type(paper), paper.id)


def decided(cast: Cast, paper: Any, login: str, verdict: str = "approve", opinion: str = "同意", **values: Any) -> Any:
    """The person decides the open station."""
    actor = cast.actor(login)
    with acting_as(actor):
        request = open_of(cast.session, paper)
        assert request is not None
        decide(cast.session, request.id, current_step(request).id, actor, verdict, opinion, **values)
    return fresh(cast, type(paper), paper.id)


def discount(
    cast: Cast, where: Unit, who: Customer, paid_by: PaymentScheme, asked: str, login: str = "consultant1"
) -> DiscountRequest:
    """A draft 特殊折扣单."""

    def work() -> DiscountRequest:
        paper = DiscountRequest(
            project_id=where.project_id, unit_id=where.id, customer_id=who.id, customer_name=who.name, scheme_id=paid_by.id, asked_total=Decimal(asked),
            reason="老业主介绍", wanted_until=today(7), owner_id=cast.person_ids[login], team_id=who.team_id,
            created_by=cast.person_ids[login],
        )  # fmt: skip
        with as_step(cast.session):
            price_request(cast.session, paper, cast.session.get(Unit, where.id))
            cast.session.add(paper)
            cast.session.flush()
        return paper

    with acting_as(SYSTEM):
        return write(cast.session, work)


def paid(
    cast: Cast, order: Any, amount: str, kind: FundKind = FundKind.DEPOSIT, cashier: str = "developer_finance"
) -> None:
    """A receipt entered by the clerk and confirmed by 甲方财务; order: or another paper with an account."""
    clerk = cast.actor("clerk")
    with acting_as(SYSTEM):
        account = account_of(cast.session, order.id, order.__tablename__)
    with acting_as(clerk):
        receipt = enter_receipt(cast.session, clerk, account, kind=kind, amount=Decimal(amount), method=Method.CASH)
    step(cast, receipt, "confirm", cashier, arrived_on=today())


def effective(
    cast: Cast, where: Unit, who: Customer, paid_by: PaymentScheme, login: str = "consultant1"
) -> Reservation:
    """The usual way from the lock to 有效."""
    order = filled(cast, locked(cast, where, who, login), paid_by)
    step(cast, order, "submit", login)
    decided(cast, order, "supervisor")
    step(cast, order, "customer_sign", login, on=today())
    paid(cast, order, "20000")
    return fresh(cast, Reservation, order.id)


def contract(cast: Cast, order: Reservation) -> Contract:
    """A draft contract of an effective order."""

    def work() -> Contract:
        paper = Contract(reservation_id=order.id, created_by=cast.person_ids["contract_officer"])
        with as_step(cast.session):
            copy_order(paper, cast.session.get(Reservation, order.id))
            cast.session.add(paper)
            cast.session.flush()
        return paper

    with acting_as(SYSTEM):
        return write(cast.session, work)


def entered(cast: Cast, order: Reservation) -> Contract:
    """From 有效 to 网签录入·草签."""
    paper = contract(cast, order)
    step(cast, paper, "submit", "contract_officer")
    for login in ("supervisor", "site_manager", "developer_site"):
        decided(cast, paper, login)
    return step(cast, paper, "enter", "contract_officer", online_no="WQ-1", contract_no="HT-1")


def signed(cast: Cast, order: Reservation) -> Contract:
    """From 有效 to 已签, all money of the 一次性 plan paid."""
    paper = entered(cast, order)
    step(cast, paper, "buyer_sign", "contract_officer", on=today())
    step(cast, paper, "seller_seal", "developer_site", on=today())
    paid(cast, order, str((order.total or Decimal(0)) - Decimal(20000)), FundKind.PRICE)
    return step(cast, paper, "sign", "contract_officer", on=today(), contract_no="HT-1")


def signed_again(cast: Cast, order: Reservation) -> Contract:
    """From 有效 to 已签 where the money is there already, as after a 换房."""
    paper = entered(cast, order)
    step(cast, paper, "buyer_sign", "contract_officer", on=today())
    step(cast, paper, "seller_seal", "developer_site", on=today())
    return step(cast, paper, "sign", "contract_officer", on=today(), contract_no="HT-2")


def change(
    cast: Cast, order: Reservation, kind: ChangeKind, fault: FaultOf | None = None, share: str = "0", *, proof: bool = True, **asked: Any
) -> ChangeRequest:  # fmt: skip
    """A draft 变更申请 with the sums of now, kinship proven; asked: the fields of its kind."""

    def work() -> ChangeRequest:
        paper = ChangeRequest(
            kind=kind, reservation_id=order.id, fault=fault, reason="客户放弃", penalty_share=Decimal(share), fee=Decimal(0),
            created_by=cast.person_ids["consultant1"], state=ChangeState.DRAFT, **asked,
        )  # fmt: skip
        with as_step(cast.session), cast.session.no_autoflush:
            held = cast.session.get(Reservation, order.id)
            fill_from_order(cast.session, paper, held)
            cast.session.add(paper)
            cast.session.flush()
            if kind is ChangeKind.CO_BUYERS:
                propose_present(cast.session, paper, held)
        return paper

    with acting_as(SYSTEM):
        paper = write(cast.session, work)
    kin = kind in (ChangeKind.RENAME, ChangeKind.CO_BUYERS) and asked.get("relation") is not Relation.NONE
    return proven(cast, paper) if kin and proof else paper


class Upload:
    """A file as the pages hand it on."""

    filename = "关系证明.png"

    def read(self) -> bytes:
        return png()


def proven(cast: Cast, paper: ChangeRequest, proof: Proof = Proof.HOUSEHOLD) -> ChangeRequest:
    """关系证明 uploaded by consultant1, as the step's page does it."""
    actor = cast.actor("consultant1")
    with acting_as(actor):
        given = receive(cast.session(), actor, Upload())
        fire(cast.session, paper, "prove", actor, proof=proof, file=given)
        write(cast.session, lambda: attach(cast.session(), actor, cast.session.get(ChangeRequest, paper.id), given))
    return fresh(cast, ChangeRequest, paper.id)


def intention(
    cast: Cast, who: Customer, *wished: Unit, amount: str = "0", keeping: Keeping = Keeping.NONE
) -> Intention:
    """A draft 认筹单 of consultant1 for one to three units."""
    names = ("first_unit_id", "second_unit_id", "third_unit_id")
    paper = Intention(
        customer_id=who.id, customer_name=who.name, keeping=keeping, amount=Decimal(amount), project_id=who.project_id,
        owner_id=who.owner_id, team_id=who.team_id, created_by=cast.person_ids["consultant1"],
        **{name: unit.id for name, unit in zip(names, wished, strict=False)},
    )  # fmt: skip
    return saved(cast.session, paper)


def booking(cast: Cast, order: Reservation, amount: str = "2000", *, refundable: bool = True, days: int = 3) -> Booking:
    """A draft 小订单 of a locked order."""

    def work() -> Booking:
        paper = Booking(
            reservation_id=order.id,
            amount=Decimal(amount),
            refundable=refundable,
            days=days,
            created_by=cast.person_ids["consultant1"],
        )
        with as_step(cast.session):
            fill_booking(paper, cast.session.get_one(Reservation, order.id))
            cast.session.add(paper)
            cast.session.flush()
        return paper

    with acting_as(SYSTEM):
        return write(cast.session, work)


def slip(cast: Cast, order: Reservation) -> SigningSlip:
    """A 签约流转单 at its first desk."""
    return _made(
        cast, order, SigningSlip(reservation_id=order.id, created_by=cast.person_ids["consultant1"]), fill_slip
    )


def contract_set(cast: Cast, order: Reservation, place: Place = Place.SITE) -> ContractSet:
    """A set with the usual list, nothing there yet."""
    return _made(
        cast,
        order,
        ContractSet(reservation_id=order.id, place=place, created_by=cast.person_ids["contract_officer"]),
        fill_set,
    )


def _made(cast: Cast, order: Reservation, paper: Any, fill: Any) -> Any:
    def work() -> Any:
        with as_step(cast.session):
            fill(paper, cast.session.get_one(Reservation, order.id))
            cast.session.add(paper)
            cast.session.flush()
        return paper

    with acting_as(SYSTEM):
        return write(cast.session, work)


def forms(cast: Cast, first: int = 1, last: int = 3) -> FormBatch:
    """A run of printed contract forms."""

    def work() -> FormBatch:
        batch = FormBatch(
            project_id=cast.project_ids["a"],
            prefix="HT-",
            first=first,
            last=last,
            width=4,
            created_by=cast.person_ids["clerk"],
        )
        with as_step(cast.session):
            cast.session.add(batch)
            cast.session.flush()
            make_forms(cast.session, batch)
        return batch

    with acting_as(SYSTEM):
        return write(cast.session, work)


def proposed(cast: Cast, paper: ChangeRequest, name: str, number: str, **more: Any) -> Buyer:
    """One more new buyer on a 更名 or 增减名."""
    scope = {n: getattr(paper, n) for n in ("project_id", "owner_id", "team_id")}
    new = {"reservation_id": paper.reservation_id, "change_id": paper.id, "standing": Standing.PROPOSED}
    return saved(cast.session, Buyer(name=name, id_number=number, **new, **scope, **more))


def agreed(cast: Cast, paper: ChangeRequest, submit: str, *posts: str) -> ChangeRequest:
    """Submitted by consultant1 and approved by everybody of the chain."""
    paper = step(cast, paper, submit, "consultant1")
    for login in posts:
        paper = decided(cast, paper, login)
    return paper


def approved_change(cast: Cast, order: Reservation, kind: ChangeKind, fault: FaultOf) -> ChangeRequest:
    """退订 or 挞定 through its whole chain."""
    paper = step(cast, change(cast, order, kind, fault), "submit", "consultant1")
    for login in ("supervisor", "site_manager", "developer_lead"):
        paper = decided(cast, paper, login)
    return paper
