"""Many records changed alike at once: one UPDATE a thousand, a line of the trail for each, their marks in the search.

For what happens to thousands in one act (a leaver's customers, the nightly 公海): in the session each costs ten times as much.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import select, update

from app.kernel.actors import Actor
from app.kernel.audit import write_updated
from app.kernel.base import Document, now
from app.kernel.plain_rows import write_rows
from app.kernel.search_index import mark_anew, refresh_parts
from app.kernel.search_words import is_searched
from app.kernel.transactions import AnySession, in_write
from app.kernel.workflow import FLOWS, StateChange

CHUNK = 1000
OWNERS = ("owner_id", "partner_id")


def change_many(session: AnySession, model: type[Any], ids: Collection[int], values: dict[str, Any]) -> int:
    """Give these records the same values, inside a step; returns how many were there. Records in the session are read anew.

    Raises RuntimeError outside a step's transaction: nothing else checks whose rows they are.
    """
    _inside_a_step(session)
    return sum(len(_change(session, model, some, values)) for some in _chunks(sorted(ids)))


def fire_many(
    session: AnySession,
    model: type[Any],
    ids: Collection[int],
    name: str,
    actor: Actor,
    *,
    note: str = "",
    **values: Any,
) -> list[int]:
    """Take an internal step for many records at once: those that are still in its source states move, with their line in the
    transition log; gives their ids. values: what the step writes beside the state, the same for all.

    Raises TypeError for a step with guards, effects or a form: those look at one record.
    """
    step = FLOWS[model][name]
    if not step.internal or step.guards or step.then or step.form or step.target is None:
        raise TypeError(f"{model.__name__}.{name} is not a step for many")
    _inside_a_step(session)
    moved: list[int] = []
    for some in _chunks(sorted(ids)):
        states = _locked(session, model, some, ("state", "project_id"))
        fit = {key: (was["state"], was["project_id"]) for key, was in states.items() if was["state"] in step.source}
        _change(session, model, list(fit), {**values, "state": step.target})
        same = {
            "subject": model.__tablename__, "step": name, "label": step.label, "after": step.target.value, "at": now(), "note": note[:1000],
            "person_id": actor.person_id, "person_name": actor.name, "paper": "", "form_values": {},
        }  # fmt: skip
        lines = ((key, project, state.value) for key, (state, project) in fit.items())
        write_rows(session.connection(), StateChange.__table__, ("subject_id", "project_id", "before"), lines, same)
        moved += fit
    return moved


def _inside_a_step(session: AnySession) -> None:
    if not (in_write(session) and session.info.get("step")):
        raise RuntimeError("many records are changed inside a step only")


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield list(ids[start : start + CHUNK])


def _locked(session: AnySession, model: type[Any], ids: list[int], names: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """What the records say now, locked until the commit."""
    session.flush()
    columns = [getattr(model, name) for name in dict.fromkeys(names)]
    query = select(model.id, *columns).where(model.id.in_(ids)).order_by(model.id).with_for_update(of=model)
    rows = session.execute(query, execution_options={"unscoped": True})
    return {row[0]: dict(zip(dict.fromkeys(names), row[1:], strict=True)) for row in rows}


def _change(session: AnySession, model: type[Any], ids: list[int], values: dict[str, Any]) -> list[int]:
    before = _locked(session, model, ids, (*values, "project_id"))
    if not before:
        return []
    found = list(before)
    told = {**values, "version": model.version + 1, "updated_at": now()} if issubclass(model, Document) else values
    session.execute(
        update(model).where(model.id.in_(found)).values(**told),
        execution_options={"unscoped": True, "synchronize_session": False},
    )
    if not getattr(model, "__unaudited__", False):
        write_updated(session, model, [(key, was["project_id"], was) for key, was in before.items()], values)
    for record in session.identity_map.values():
        if isinstance(record, model):
            session.expire(record)
    if is_searched(model) and set(OWNERS) & set(values):
        mark_anew(session, model.__tablename__, found, [values[n] for n in OWNERS if values.get(n) is not None])
        refresh_parts(session, model.__tablename__, found)
    return found
