"""Orders and their owner: a ruling or a leaver moves the running ones with everything that is read through them (02 §2.5.2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select

from app.features.customers.effects.ownership import How, Owner
from app.features.customers.models import Customer
from app.features.customers.owners.models import OwnerRule
from app.features.customers.registry import keeps_owner, tells_deals, when_handed_over, when_owner_moved
from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.payments.models import OrderAccount
from app.kernel.base import models_of
from app.kernel.many_changes import change_many
from app.kernel.scope import ByOwner
from app.kernel.workflow import Act

S = ReservationState
WHOLE = {"unscoped": True}
MOVING = (OwnerRule.RULED, OwnerRule.KIN)
UNSIGNED = (S.LOCKED, S.REVIEW, S.AWAITING, S.EFFECTIVE)
LIVE = (*UNSIGNED, S.SIGNED)
ORDER = Reservation.__tablename__


@keeps_owner
def has_order(customer_id: Any) -> Any:
    """A customer with a live order does not fall into the 公海, also while his flat is only locked."""
    order: Any = Reservation.__table__
    return exists().where(
        order.c.customer_id == customer_id, order.c.locked_at.is_not(None), order.c.closed_at.is_(None)
    )


@tells_deals
def deals_of(session: Any, customer_id: int) -> Sequence[tuple[date, str]]:
    """(day, sentence) of the customer's orders for the evidence of a 判客单."""
    query = select(Reservation).where(Reservation.customer_id == customer_id, Reservation.locked_at.is_not(None))
    found = session.scalars(query.order_by(Reservation.id.desc()), execution_options=WHOLE)
    return [
        (r.locked_at.date(), f"认购 {r.number or r.unit.full_name}（{r.state.label}）")
        for r in found
        if r.state is not S.CLOSED
    ]


@when_owner_moved
def orders_follow(session: Any, ids: Sequence[int], owner: Owner, how: How) -> None:
    """判客: the split and the owner of the ruling hold for the orders that run; a mere change of care leaves them."""
    if how.rule not in MOVING or owner.person_id is None:
        return
    query = select(Reservation.id).where(Reservation.customer_id.in_(ids), Reservation.state.in_(LIVE))
    orders = list(session.scalars(query, execution_options=WHOLE))
    own = {"owner_id": owner.person_id, "partner_id": owner.partner_id, "team_id": owner.team_id}
    change_many(session, Reservation, orders, {**own, "share": owner.share or Decimal(1)})
    _rows_follow(session, orders, own)


@when_handed_over
def hand_over_orders(act: Act, leaver: int, project_id: int, receivers: Sequence[int]) -> int:
    """A leaver's unsigned orders go to whoever owns the customer now; signed ones keep his name, for the commission."""
    query = select(Reservation.id, Customer.owner_id, Customer.team_id).join(
        Customer, Customer.id == Reservation.customer_id
    )
    mine = (Reservation.project_id == project_id, Reservation.owner_id == leaver, Reservation.state.in_(UNSIGNED))
    rows = act.session.execute(query.where(*mine), execution_options=WHOLE).all()
    moves: dict[tuple[int, int | None], list[int]] = {}
    for order, owner, team in rows:
        if owner is not None and owner != leaver:
            moves.setdefault((owner, team), []).append(order)
    for (owner, team), orders in moves.items():
        own = {"owner_id": owner, "team_id": team}
        change_many(act.session, Reservation, orders, own)
        _rows_follow(act.session, orders, own)
    return sum(len(orders) for orders in moves.values())


def _rows_follow(session: Any, orders: Collection[int], own: dict[str, Any]) -> None:
    """Buyers, contracts, accounts, receivables, files …: whatever names the order or its account."""
    if not orders:
        return
    named = (OrderAccount.subject == ORDER, OrderAccount.reservation_id.in_(orders))
    accounts = list(session.scalars(select(OrderAccount.id).where(*named), execution_options=WHOLE))
    change_many(session, OrderAccount, accounts, own)
    for model in models_of(ByOwner):
        if model in (Reservation, OrderAccount):
            continue
        clauses, columns = [], model.__mapper__.columns
        if "reservation_id" in columns:
            clauses.append(model.reservation_id.in_(orders))
        if "account_id" in columns:
            clauses.append(model.account_id.in_(accounts))
        if "subject_id" in columns and "subject" in columns:
            clauses.append((model.subject == ORDER) & model.subject_id.in_(orders))
        for clause in clauses:
            change_many(
                session, model, list(session.scalars(select(model.id).where(clause), execution_options=WHOLE)), own
            )
