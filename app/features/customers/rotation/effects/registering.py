"""From the log to the visit: what a registered visit keeps of the turn that led to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from app.features.customers.models import Contact
from app.features.customers.rotation.choices import ASSIGNED
from app.features.customers.rotation.models import RotationTurn
from app.kernel.actors import Actor
from app.kernel.errors import NotFound, RuleError


def turn_to_register(session: Any, actor: Actor, project_id: int, turn_id: int, *, desk: bool) -> RotationTurn:
    """The assignment that is to be registered, by the desk or by the consultant himself. Raises NotFound, RuleError."""
    turn: RotationTurn | None = session.scalars(select(RotationTurn).where(RotationTurn.id == turn_id)).first()
    if turn is None or turn.project_id != project_id or turn.why not in ASSIGNED:
        raise NotFound("rotation_turn")
    if not desk and turn.person_id != actor.person_id:
        raise NotFound("rotation_turn")
    return turn


def facts_of_turn(session: Any, turn: RotationTurn) -> dict[str, Any]:
    """Columns of the visit. Raises RuleError when the turn was taken back."""
    undone = exists().where(RotationTurn.queue_id == turn.queue_id, RotationTurn.undoes == turn.act)
    if session.scalar(select(undone)):
        raise RuleError("这一轮已经撤回，请在轮接台重新分配")
    return {"turn_id": turn.id, "turn": turn.label[:16], "place": turn.place.name}


def registered(session: Any, turn_ids: list[int]) -> set[int]:
    """Which of these assignments have their visit registered already, whoever may see it."""
    if not turn_ids:
        return set()
    query = select(Contact.turn_id).where(Contact.turn_id.in_(turn_ids))
    return set(session.scalars(query, execution_options={"unscoped": True}))
