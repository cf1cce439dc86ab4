"""Handing over: customers, their rows, follow-up duties, unsigned orders — one act, one transaction (02 §2.5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.features.customers.choices import CustomerState, Grade
from app.features.customers.effects.ownership import WHOLE, How, Owner, check_owner, give_many, owner_now, team_at
from app.features.customers.effects.terms import terms_of
from app.features.customers.leavers.models import CustomerTransfer
from app.features.customers.leavers.rules import divided
from app.features.customers.models import Customer
from app.features.customers.owners.models import OwnerRule
from app.features.customers.registry import FOLLOWS, HANDED_OVER
from app.features.customers.rules import follow_due
from app.features.organisation.numbers import number_for
from app.kernel.base import now
from app.kernel.errors import RuleError
from app.kernel.many_changes import change_many, fire_many
from app.kernel.notices import notify
from app.kernel.workflow import Act

OPEN = (CustomerState.NEW, CustomerState.FOLLOWING)


def check_transfer(session: Any, transfer: CustomerTransfer) -> None:
    """Receivers sell here and are not the one who leaves; named customers are his. Raises RuleError by line."""
    for place, line in enumerate(transfer.lines):
        where = f"line-{place}-to_id"
        if line.to_id == transfer.from_id:
            raise RuleError("接手人不能是移交人本人", field=where)
        check_owner(transfer.project_id, line.to_id, now(), field=where)
        if line.customer_id is not None:
            owner = session.scalar(
                select(Customer.owner_id).where(Customer.id == line.customer_id), execution_options=WHOLE
            )
            if owner != transfer.from_id:
                raise RuleError("这位客户不在移交人名下", field=f"line-{place}-customer_id")


def within_reach(act: Act) -> None:
    """Guard: a supervisor of one team hands over that team's people only."""
    transfer: CustomerTransfer = act.document
    team = team_at(act.session, transfer.from_id, transfer.project_id, act.at)
    if act.posting is not None and act.posting.team_id not in (None, team):
        raise RuleError("移交人不在你的班组，请由全案场的主管或案场经理办理")


def execute(act: Act) -> None:
    """Step 移交: everything of the leaver goes at once; whoever has bought is never put into the 公海."""
    transfer: CustomerTransfer = act.document
    check_transfer(act.session, transfer)
    parts, rest = _parts(act, transfer)
    transfer.number = transfer.number or number_for(act.session, transfer, act.at.date())
    how = How(OwnerRule.HANDED_OVER, act.actor, transfer.occasion.label, transfer.number)
    for person, ids in parts.items():
        give_many(act.session, ids, owner_now(act.session, person, transfer.project_id), how)
        _duties(act, ids)
        if ids:
            title = f"接手 {len(ids)} 位客户，请尽快联系"
            notify(act.session, [person], title, url="/customer/list/", project_id=transfer.project_id)
    fire_many(
        act.session,
        Customer,
        rest,
        "recycle",
        act.actor,
        note=transfer.occasion.label,
        protected_until=None,
        follow_due_on=None,
    )
    give_many(act.session, rest, Owner(), how)
    transfer.shared = _end_shares(act, transfer)
    _forget_lost(act, transfer)
    transfer.orders = sum(listener(act, transfer.from_id, transfer.project_id, list(parts)) for listener in HANDED_OVER)
    transfer.given, transfer.pooled = sum(len(ids) for ids in parts.values()), len(rest)
    transfer.done_at, transfer.done_by = act.at, act.actor.person_id


def _parts(act: Act, transfer: CustomerTransfer) -> tuple[dict[int, list[int]], list[int]]:
    """(customers by receiver, customers for the 公海)."""
    query = select(Customer.id, Customer.state).where(
        Customer.project_id == transfer.project_id,
        Customer.owner_id == transfer.from_id,
        Customer.state != CustomerState.LOST,
    )
    rows = act.session.execute(query.order_by(Customer.grade, Customer.id), execution_options=WHOLE).all()
    states: dict[int, CustomerState] = dict(rows)
    parts: dict[int, list[int]] = {line.to_id: [] for line in transfer.lines}
    for line in transfer.lines:
        if line.customer_id in states:
            parts[line.to_id].append(line.customer_id)
            del states[line.customer_id]
    weights: dict[int, int] = {}
    for line in transfer.lines:
        if line.customer_id is None:
            weights[line.to_id] = weights.get(line.to_id, 0) + (line.weight or 1)
    if weights:
        for person, ids in divided(list(states), weights).items():
            parts[person] += ids
        return parts, []
    bought = [key for key, state in states.items() if state not in OPEN]
    if bought:
        raise RuleError("有 {n} 位客户已认筹、认购或签约，不能转公海，请填写接手人和份数", n=len(bought))
    return parts, list(states)


def _duties(act: Act, ids: Sequence[int]) -> None:
    """Whoever takes over calls by the duty of the grade, from today."""
    terms = terms_of(act.session, act.document.project_id)
    for grade in Grade:
        query = select(Customer.id).where(Customer.id.in_(ids), Customer.grade == grade, Customer.state.in_(OPEN))
        some = list(act.session.scalars(query, execution_options=WHOLE))
        change_many(act.session, Customer, some, {"follow_due_on": follow_due(grade, act.at.date(), None, terms)})


def _end_shares(act: Act, transfer: CustomerTransfer) -> int:
    """Customers that he shared are their owner's alone; his part of a running order stays on the order."""
    shared = (Customer.project_id == transfer.project_id, Customer.partner_id == transfer.from_id)
    ids = list(act.session.scalars(select(Customer.id).where(*shared), execution_options=WHOLE))
    change_many(act.session, Customer, ids, {"partner_id": None, "owner_share": None})
    for model in FOLLOWS:
        rows = select(model.id).where(model.project_id == transfer.project_id, model.partner_id == transfer.from_id)
        change_many(act.session, model, list(act.session.scalars(rows, execution_options=WHOLE)), {"partner_id": None})
    return len(ids)


def _forget_lost(act: Act, transfer: CustomerTransfer) -> None:
    """Lost customers keep their file; nobody owns them, so that he opens them no more."""
    lost = (Customer.project_id == transfer.project_id, Customer.owner_id == transfer.from_id)
    ids = list(act.session.scalars(select(Customer.id).where(*lost), execution_options=WHOLE))
    change_many(act.session, Customer, ids, {"owner_id": None, "team_id": None})
    for model in FOLLOWS:
        rows = select(model.id).where(model.project_id == transfer.project_id, model.owner_id == transfer.from_id)
        change_many(
            act.session,
            model,
            list(act.session.scalars(rows, execution_options=WHOLE)),
            {"owner_id": None, "team_id": None},
        )
