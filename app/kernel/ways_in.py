"""The ways in which rows of one project belong to an actor: each is a range of an index, their OR is none (04 F1)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from app.kernel.actors import Actor
from app.kernel.scope import ByOwner, reach

OWNING = ("owner_id", "partner_id", "team_id")


def ways_in(actor: Actor, model: type[Any], project_id: int) -> tuple[ColumnElement[bool] | None, ...]:
    """The actor's rows of one project as criteria of which each row fulfils exactly one: his teams', his own, those he shares.

    Only for speed: the listener cuts the statement to the scope as any other. (None,) = the whole project, or a model whose rows have no owner.
    """
    if actor.system or not issubclass(model, ByOwner) or hasattr(model, "criterion"):
        return (None,)
    far, me = reach(actor, model.audience), actor.person_id
    if project_id in far.whole:
        return (None,)
    ways: list[ColumnElement[bool]] = []
    if far.teams:
        ways += [model.team_id == team for team in far.teams]
    if project_id in far.own:
        others = [or_(model.team_id.is_(None), model.team_id.not_in(far.teams))] if far.teams else []
        ways.append(and_(model.owner_id == me, *others))
        ways.append(and_(model.partner_id == me, model.owner_id.is_distinct_from(me), *others))
    return tuple(ways) or (None,)
