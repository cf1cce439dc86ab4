"""A 变更申请 is filled from its order at every save, and again before it is submitted: what is asked is what holds now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.features.deals.changes.effects import buyers, endings, exchange, extension, payment
from app.features.deals.changes.effects.steps import order_of, require_alone
from app.features.deals.changes.models import ENDINGS, EXTENSIONS, ChangeKind, ChangeRequest
from app.features.deals.changes.rules import FACTS, contract_obstacle
from app.features.deals.contracts.effects import live_contract
from app.features.deals.reservations.models import Reservation
from app.features.organisation.parameters import parameters
from app.features.units.models import UnitState
from app.kernel.errors import RuleError
from app.kernel.workflow import Act

K = ChangeKind
Fill = Callable[[Session, ChangeRequest, Reservation], None]
FILL: dict[ChangeKind, Fill] = {
    **dict.fromkeys(ENDINGS, endings.fill),
    **dict.fromkeys(EXTENSIONS, extension.fill),
    K.EXCHANGE: exchange.fill,
    K.RENAME: buyers.fill,
    K.CO_BUYERS: buyers.fill,
    K.PAYMENT: payment.fill,
}
UNDOES_THE_CONTRACT = frozenset({K.CANCELLATION, K.EXCHANGE, K.RENAME})  # 02 §2.2.1: only from 签约 does a flat go back
COMPUTED = ("paid", "refundable", "old_total", "new_public_total", "new_total", "old_due_on")


def fill_from_order(session: Session, change: ChangeRequest, order: Reservation) -> None:
    """Project, people, unit and sums come from the order. Raises RuleError for a kind that the order or its contract forbids."""
    change.project_id, change.owner_id, change.partner_id = order.project_id, order.owner_id, order.partner_id
    change.team_id, change.unit_id = order.team_id, order.unit_id
    change.customer_id, change.customer_name = order.customer_id, order.customer_name
    require_alone(session, change, order)
    obstacle = obstacle_to(session, change.kind, order)
    if obstacle is not None:
        raise obstacle
    FILL[change.kind](session, change, order)


def obstacle_to(session: Session, kind: ChangeKind, order: Reservation) -> RuleError | None:
    """Why this kind of change cannot be had for the order now: its state, or its contract; None when it can."""
    needed = FACTS[kind].states
    if order.state not in needed:
        return RuleError(
            "认购书 {no} 现在是「{state}」，不能办理{kind}（{kind}要求「{needed}」）",
            field="kind", no=order, state=order.state.label, kind=kind.label,
            needed="」或「".join(state.label for state in needed),
        )  # fmt: skip
    if order.unit.state is UnitState.HAND and kind in UNDOES_THE_CONTRACT:
        return RuleError(
            "{unit}已交付，不能再办理{kind}；确需解除合同的，请填疑难单报甲方负责人",
            field="kind", unit=order.unit.full_name, kind=kind.label,
        )  # fmt: skip
    contract = live_contract(session, order.id)
    switches = parameters(session, order.project_id, ("exchange_after_filing", "rename_after_filing"))
    return contract_obstacle(kind, contract.state if contract is not None else None, **switches)


def is_current(act: Act) -> None:
    """Money, prices and dates may have moved since the paper was written: what is approved is what will be executed."""
    change: ChangeRequest = act.document
    before = _computed(change)
    fill_from_order(act.session, change, order_of(act))
    if _computed(change) != before:
        raise RuleError("收款、价格或日期有变动，请先点「修改」重新计算后再提交")
    act.session.flush()
    act.session.refresh(change)  # as it is kept: an approval covers «0.00», not «0»


def _computed(change: ChangeRequest) -> list[Any]:
    return [getattr(change, name) for name in COMPUTED]
