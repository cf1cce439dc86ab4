"""Every illegal (state, step, post) of the four papers is refused, and nothing is written (04 «illegal transitions»)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from app.features.deals.changes.models import ChangeKind, ChangeRequest, FaultOf
from app.features.deals.contracts.models import Contract
from app.features.deals.discounts.models import DiscountRequest
from app.features.deals.reservations.models import CloseKind, Reservation, ReservationState
from app.features.units.models import PricingBasis
from app.kernel.actors import acting_as
from app.kernel.base import now
from app.kernel.errors import Forbidden, NotFound, StaleError
from app.kernel.workflow import FLOWS, StateChange, fire
from tests.cast import MEMBERS, Cast
from tests.factories import saved
from tests.features.deals import orders as o


def paper_in(cast: Cast, model: type[Any], state: Any) -> Any:
    """A paper of the first consultant as it would stand in the state."""
    where, who, paid_by = o.unit(cast), o.customer(cast), o.scheme(cast)
    closed = state is ReservationState.CLOSED
    common = {
        "project_id": where.project_id, "unit_id": where.id, "customer_id": who.id, "customer_name": who.name, "state": state,
        "owner_id": who.owner_id, "team_id": who.team_id, "created_by": who.owner_id,
    }  # fmt: skip
    if model is DiscountRequest:
        more = {
            "scheme_id": paid_by.id, "list_total": Decimal(1145984), "public_total": Decimal(1145984), "asked_total": Decimal(1120000),
            "extra": Decimal("0.02"), "reason": "老业主", "wanted_until": o.today(3),
        }  # fmt: skip
        return saved(cast.session, DiscountRequest(**common, **more))
    own = common if model is Reservation else common | {"state": ReservationState.EFFECTIVE}
    order = saved(cast.session, Reservation(
        **own, scheme_id=paid_by.id, total=Decimal(1145984), public_total=Decimal(1145984), deposit=Decimal(20000),
        unit_price=Decimal(12800), closed_at=now() if closed else None, close_kind=CloseKind.RELEASED if closed else None,
    ))  # fmt: skip
    if model is Reservation:
        return order
    if model is ChangeRequest:
        return saved(cast.session, ChangeRequest(
            **common, reservation_id=order.id, kind=ChangeKind.WITHDRAWAL, fault=FaultOf.NOBODY, reason="客户放弃",
        ))  # fmt: skip
    return saved(cast.session, Contract(
        **common, reservation_id=order.id, scheme_id=paid_by.id, total=Decimal(1145984), unit_price=Decimal(12800),
        building_area=o.AREA, pricing_basis=PricingBasis.BUILDING_AREA,
    ))  # fmt: skip


@pytest.mark.parametrize("model", [Reservation, DiscountRequest, Contract, ChangeRequest])
def test_every_other_state_and_post_is_refused(cast: Cast, model: type[Any]) -> None:
    table = FLOWS[model]
    actors = {login: cast.actor(login) for login in MEMBERS}
    tried = 0
    for state in type(table.steps[0].source[0]):
        paper = paper_in(cast, model, state) if state is next(iter(type(state))) else _moved(cast, paper, state)  # noqa: F821
        for step in table.steps:
            for login, actor in actors.items():
                mine = actor.posting(step.by, paper.project_id, paper.team_id) is not None
                if mine and state in step.source and not step.internal:
                    continue  # legal, or refused by a guard that other tests name
                tried += 1
                with acting_as(actor), pytest.raises((Forbidden, NotFound, StaleError)):
                    fire(cast.session, paper, step.name, actor, note=f"{login} 试一下")
    assert tried > 500
    with acting_as(actors["auditor"]):
        cast.session.rollback()
        subject = StateChange.subject == model.__tablename__
        assert cast.session.scalar(select(func.count(StateChange.id)).where(subject)) == 0


def _moved(cast: Cast, paper: Any, state: Any) -> Any:
    """The same paper in the next state, put there behind the flow's back."""
    table = type(paper).__table__
    values = {"state": state}
    if state is ReservationState.CLOSED:
        values |= {"closed_at": now(), "close_kind": CloseKind.RELEASED}
    with cast.session.get_bind().begin() as connection:
        connection.execute(table.update().where(table.c.id == paper.id).values(**values))
    return o.fresh(cast, type(paper), paper.id)
