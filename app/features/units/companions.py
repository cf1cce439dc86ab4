"""A parking place or a store room that one order sells together with a home takes the steps of the home (02 §2.4 附属)."""

from __future__ import annotations

from sqlalchemy import select

from app.features.units.models import Unit
from app.kernel.workflow import Act, fire

OTHERWISE = {"unlock_to_hold": "unlock"}  # a companion was free when it was taken: it never goes back to 保留


def companions_follow(act: Act) -> None:
    """Effect: whatever else the same order has, and stood where this unit stood, goes with it.

    A step with alone=True takes one companion by itself: whoever takes it off the order, or this effect for each of them.
    """
    home = act.document
    if home.reservation_id is None or act.get("alone"):
        return
    query = (
        select(Unit)
        .where(Unit.reservation_id == home.reservation_id, Unit.id != home.id, Unit.state == act.before)
        .order_by(Unit.id)
    )
    name = OTHERWISE.get(act.step.name, act.step.name)
    for companion in act.session.scalars(query, execution_options={"unscoped": True}).all():
        fire(act.session, companion, name, act.actor, internal=True, note=act.note, **{**act.form, "alone": True})
