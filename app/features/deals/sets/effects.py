"""What a contract set needs before it counts as ready."""

from __future__ import annotations

from app.features.deals.reservations.models import Reservation, ReservationState
from app.features.deals.sets.models import ContractSet, Presence, SetItem
from app.kernel.errors import RuleError
from app.kernel.workflow import Act

USUAL = (
    ("商品房买卖合同", 4),
    ("补充协议", 4),
    ("签约须知", 1),
    ("签约流转单", 1),
    ("前期物业服务协议", 2),
    ("按揭资料清单", 1),
)
OPEN = (ReservationState.AWAITING, ReservationState.EFFECTIVE)
SCOPE = ("project_id", "owner_id", "partner_id", "team_id")


def fill_from_order(kit: ContractSet, order: Reservation) -> None:
    """Flat and customer come from the order; without a list the usual one is laid out."""
    if order.state not in OPEN:
        raise RuleError(
            "认购书 {no} 现在是「{state}」，不需要备合同", field="reservation_id", no=order, state=order.state.label
        )
    for name in (*SCOPE, "unit_id", "customer_name"):
        setattr(kit, name, getattr(order, name))
    if not kit.items:
        kit.items = [SetItem(name=name, copies=copies, presence=Presence.LACKING) for name, copies in USUAL]
    for item in kit.items:
        for name in SCOPE:
            setattr(item, name, getattr(order, name))
        if item.copies < 1:
            raise RuleError("「{name}」的份数应至少为 1", name=item.name)


def everything_is_there(act: Act) -> None:
    """Ready means that nothing of the list is lacking."""
    lacking = [item.name for item in act.document.items if item.presence is Presence.LACKING]
    if lacking:
        raise RuleError("还差：{what}", what="、".join(lacking))


def note_ready(act: Act) -> None:
    """Since when it lies ready."""
    act.document.ready_on = act.at.date()


def note_unready(act: Act) -> None:
    """Something was taken out again."""
    act.document.ready_on = None
