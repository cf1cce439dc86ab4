"""Short makers of accounts and money; orders are stand-ins, because this room does not know them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from app.features.customers.choices import ContactKind, Grade, Source
from app.features.customers.models import Customer
from app.features.payments.effects import enter_receipt, open_account
from app.features.payments.models import FundKind, Method, OrderAccount, Receipt, Receivable
from app.features.payments.rules import PlanRow, Scheme, payment_plan
from app.features.units.models import Building, Unit
from app.kernel.actors import SYSTEM, Actor, acting_as
from app.kernel.base import now
from app.kernel.workflow import fire
from tests.cast import Cast
from tests.factories import saved

TOTAL = Decimal("1106834.00")
MORTGAGE = payment_plan(Scheme.MORTGAGE, TOTAL, Decimal(20000))


def today(days: int = 0) -> date:
    return now().date() + timedelta(days=days)


def order(
    cast: Cast, number: int = 1, *, login: str = "consultant1", total: Decimal = TOTAL, project: str = "a"
) -> Any:
    """What payments need to know of a 认购书 of 王伟 on 3栋110<number>."""
    project_id = cast.project_ids[project]
    building = saved(cast.session, Building(project_id=project_id, name=f"{number}栋", floors=18, sections=1))
    areas = {"building_area": Decimal("89.53"), "inner_area": Decimal("70.12")}
    unit = saved(
        cast.session,
        Unit(
            project_id=project_id, building_id=building.id, floor=11, room="1102", full_name=f"{number}栋1102", **areas
        ),
    )
    owner = {"owner_id": cast.person_ids[login], "team_id": cast.team_ids["b1" if project == "b" else "a1"]}
    first = {"grade": Grade.A, "source": next(iter(Source)), "first_kind": next(iter(ContactKind)), "first_at": now()}
    customer = saved(
        cast.session, Customer(project_id=project_id, name="王伟", last_contact_at=now(), **first, **owner)
    )
    buyers = [SimpleNamespace(name="王伟"), SimpleNamespace(name="李娜")]
    return SimpleNamespace(
        id=number, project_id=project_id, unit=unit, unit_id=unit.id, customer=customer, customer_id=customer.id,
        partner_id=None, number=f"RG-{number}", total=total, buyers=buyers, **owner,
    )  # fmt: skip


def account(cast: Cast, number: int = 1, *, plan: Sequence[PlanRow] = MORTGAGE, **more: Any) -> OrderAccount:
    """An account opened today, its contract signed today."""
    total = sum((row.amount for row in plan), Decimal(0))
    with acting_as(SYSTEM):
        made = order(cast, number, total=total, **more)
        return open_account(cast.session, SYSTEM, order=made, plan=plan, reserved_on=today(), signed_on=today())


def entered(cast: Cast, of: OrderAccount, amount: Any, kind: FundKind = FundKind.DEPOSIT, **more: Any) -> Receipt:
    """A receipt entered by the clerk, 待确认."""
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        return enter_receipt(
            cast.session, clerk, of, kind=kind, amount=Decimal(amount), **({"method": Method.CASH} | more)
        )


def confirm(cast: Cast, receipt: Receipt, login: str = "developer_finance") -> Receipt:
    return act(cast, receipt, "confirm", login, arrived_on=today())


def received(cast: Cast, of: OrderAccount, amount: Any, kind: FundKind = FundKind.DEPOSIT, **more: Any) -> Receipt:
    """A confirmed receipt."""
    return confirm(cast, entered(cast, of, amount, kind, **more))


def act(cast: Cast, paper: Any, step: str, login: str, **form: Any) -> Any:
    """The person takes a step of the paper; gives the paper back as it is then."""
    who: Actor = cast.actor(login)
    with acting_as(who):
        fire(cast.session, paper, step, who, **form)
    return paper


def rows(cast: Cast, of: OrderAccount) -> list[Receivable]:
    """The receivables of an account as they are now."""
    with acting_as(SYSTEM):
        cast.session.rollback()
        return cast.session.query(Receivable).filter_by(account_id=of.id).order_by(Receivable.id).all()
