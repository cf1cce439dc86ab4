"""Short makers of homes that were signed and paid for, ready for the survey, the keys and the deed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.features.deals.contracts.models import Contract
from app.features.handover.areas.effects import fill, note_survey
from app.features.handover.areas.models import AreaSettlement
from app.features.handover.handings.models import Handover
from app.features.handover.household import follow
from app.features.payments.effects import account_of
from app.features.payments.models import Receipt
from app.features.units.models import Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.transactions import write
from app.kernel.workflow import as_step
from tests.cast import Cast
from tests.features.deals import orders

SVC, CO = "developer_service", "contract_officer"


def signed_home(cast: Cast, room: str = "1102", phone: str = "10000001234", paid_by: Any = None) -> Contract:
    """一次性, everything paid, 已签: 89.53 ㎡."""
    customer = orders.customer(cast, phone=phone)
    order = orders.effective(cast, orders.unit(cast, room), customer, paid_by or orders.scheme(cast))
    return orders.signed(cast, order)


def changed(cast: Cast, record: Any, **values: Any) -> None:
    """Columns as they are, without any step."""

    def work() -> None:
        row = cast.session.get(type(record), record.id)
        with as_step(cast.session):
            for name, value in values.items():
                setattr(row, name, value)
            cast.session.flush()

    with acting_as(SYSTEM):
        write(cast.session, work)


def receipts_of(cast: Cast, contract: Contract) -> list[Receipt]:
    """The money of a home, the deposit first."""
    with acting_as(SYSTEM):
        account = account_of(cast.session, contract.reservation_id)
        assert account is not None
        return cast.session.query(Receipt).filter_by(account_id=account.id).order_by(Receipt.id).all()


def settlement(cast: Cast, contract: Contract, surveyed: str, **more: Any) -> AreaSettlement:
    """A draft as the form would write it."""
    actor = cast.actor(SVC)

    def work() -> AreaSettlement:
        with as_step(cast.session):
            unit_id = more.pop("unit_id", None) or contract.unit_id
            paper = AreaSettlement(unit_id=unit_id, surveyed_area=Decimal(surveyed), created_by=actor.person_id, **more)
            fill(cast.session, paper)
            cast.session.add(paper)
            cast.session.flush()
            note_survey(cast.session, paper, actor)
        return paper

    with acting_as(SYSTEM):
        return write(cast.session, work)


def even(cast: Cast, contract: Contract) -> AreaSettlement:
    """Nothing to pay."""
    return orders.step(cast, settlement(cast, contract, "89.53"), "confirm_even", SVC)


def handing(cast: Cast, contract: Contract) -> Handover:
    """A 交楼单 that nobody was told of yet."""

    def work() -> Handover:
        with as_step(cast.session):
            paper = Handover(created_by=cast.person_ids[SVC])
            follow(paper, cast.session.get(Contract, contract.id))
            cast.session.add(paper)
            cast.session.flush()
        return paper

    with acting_as(SYSTEM):
        return write(cast.session, work)


def unit_of(cast: Cast, contract: Contract) -> Unit:
    return orders.fresh(cast, Unit, contract.unit_id)


def handed_over(cast: Cast, contract: Contract) -> Handover:
    """The whole way to 收楼."""
    even(cast, contract)
    paper = to_documents(cast, handing(cast, contract))
    orders.step(cast, paper, "settle", SVC)
    orders.step(cast, paper, "give_keys", SVC, on=orders.today(), keys=Decimal(3), water="12", power="88.5", gas="")
    return orders.step(cast, paper, "receive", SVC, on=orders.today(), receiver="王伟")


def to_documents(cast: Cast, paper: Handover) -> Handover:
    """Told, inspected, papers given."""
    orders.step(cast, paper, "notify", SVC, on=orders.today(), express_no="EMS1")
    orders.step(cast, paper, "inspect", SVC, on=orders.today(), inspection="合格")
    ticked = dict.fromkeys(("quality_book", "manual", "completion_form", "house_rules"), True)
    return orders.step(cast, paper, "document", SVC, on=orders.today(), **ticked)
