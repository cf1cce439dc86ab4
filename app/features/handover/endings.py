"""An order that ends another way takes its 补差, 交楼 and 办证 with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.features.handover.areas.models import AreaSettlement, AreaState
from app.features.handover.deeds.models import BEFORE_ISSUE, TitleDeed
from app.features.handover.handings.models import OPEN, Handover
from app.kernel.workflow import Act, fire

RUNNING = (
    (AreaSettlement, (AreaState.DRAFT, AreaState.BOOKED, AreaState.WITHDRAWN)), (Handover, OPEN), (TitleDeed, BEFORE_ISSUE),
)  # fmt: skip


def hear_of_end(act: Act, order: Any) -> None:
    """Listener of deals."""
    for model, states in RUNNING:
        query = select(model).where(model.reservation_id == order.id, model.state.in_(states))
        for paper in act.session.scalars(query, execution_options={"unscoped": True}).all():
            fire(act.session, paper, "end", act.actor, internal=True, note=str(order))
