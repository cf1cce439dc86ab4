"""What follows when a unit moves, and the verbs by which other rooms move it (02 §2.2.1).

deals calls take · stop_timer · give_back · fire(unit, "order" …); the board hears of everything through Unit.version.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.features.organisation.parameters import parameter
from app.features.units.guards import may_read_name
from app.features.units.models import Hold, HoldState, Unit, UnitState
from app.features.units.rules import taken_already
from app.kernel.actors import Actor, directory
from app.kernel.base import now
from app.kernel.errors import NotFound, RuleError, StaleError
from app.kernel.row_locks import locked
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step, fire

AS_IT_STANDS = {"unscoped": True, "autoflush": False}

PROGRESS = frozenset({"online_signed_on", "filed_on", "loan_state", "difference_state", "handed_on", "title_state"})


# --- consequences of the steps of UNIT_FLOW -----------------------------------------------------------------------


def join_batch(act: Act) -> None:
    """The unit belongs to the batch that released it."""
    act.document.batch_id = act.get("batch_id")


def leave_batch(act: Act) -> None:
    """收盘: the unit may come in a later batch."""
    act.document.batch_id = None


def note_hold(act: Act) -> None:
    """For whom and until when; the reason stays on the 保留单."""
    unit = act.document
    unit.held_for, unit.held_for_id = act.form["held_for"], act.get("customer_id")
    unit.held_until, unit.hold_by = act.form["until"], act.actor.person_id


def clear_hold(act: Act) -> None:
    """The hold has ended."""
    _forget_hold(act.document)


def _forget_hold(unit: Unit) -> None:
    unit.held_for, unit.held_for_id, unit.held_until, unit.hold_by = "", None, None, None


def start_timer(act: Act) -> None:
    """The lock belongs to a live order and runs for its minutes (30, opening day 10)."""
    unit = act.document
    unit.reservation_id = act.get("reservation_id")
    unit.lock_by, unit.lock_team_id, unit.locked_at = act.actor.person_id, _team(act.actor, unit.project_id), act.at
    unit.lock_until, unit.lock_extended = act.at + timedelta(minutes=act.form["minutes"]), False


def _team(actor: Actor, project_id: int) -> int | None:
    return next((p.team_id for p in actor.postings if project_id in p.projects and p.team_id is not None), None)


def note_order(act: Act) -> None:
    """换房: the unit that became free in this very transaction belongs to the order that comes in its place."""
    act.document.reservation_id = act.form["reservation_id"]


def lengthen_timer(act: Act) -> None:
    """One extension (parameter lock_extension, 15 minutes)."""
    unit = act.document
    unit.lock_until += timedelta(minutes=parameter(act.session, unit.project_id, "lock_extension"))
    unit.lock_extended = True


def end_timer(act: Act) -> None:
    """The order goes on: the lock no longer expires, a hold that it came from is used up."""
    act.document.lock_until = None
    hold = running_hold(act.session, act.document)
    if hold is not None:
        fire(act.session, hold, "use", act.actor, internal=True)
    _forget_hold(act.document)


def clear_order(act: Act) -> None:
    """Nobody has the unit any more."""
    unit = act.document
    unit.reservation_id = unit.lock_by = unit.lock_team_id = unit.locked_at = unit.lock_until = None
    unit.lock_extended = False
    unit.online_signed_on = unit.filed_on = None
    unit.loan_state = unit.difference_state = ""


def note_taken_over(act: Act) -> None:
    """An order of before the site went live has the flat."""
    act.document.reservation_id = act.form["reservation_id"]


def note_handover(act: Act) -> None:
    """The day of the handover."""
    act.document.handed_on = act.at.date()


def set_stopped(act: Act) -> None:
    """停售: the main state stays."""
    act.document.stopped = True


def set_resumed(act: Act) -> None:
    """恢复销售."""
    act.document.stopped = False


def set_seized(act: Act) -> None:
    """查封 after a release: nothing more is sold until it is lifted."""
    act.document.seized = True


def set_unseized(act: Act) -> None:
    """解除查封."""
    act.document.seized = False


# --- verbs for other rooms ----------------------------------------------------------------------------------------


def locked_unit(session: Session, unit_id: int, actor: Actor) -> Unit:
    """The unit, locked and fresh. Raises NotFound for a missing or foreign one."""
    unit: Unit | None = locked(session, Unit, unit_id)
    if unit is None or not (actor.system or unit.project_id in actor.projects):
        raise NotFound("unit")
    return unit


def take(
    session: Any,
    unit_id: int,
    actor: Actor,
    customer_id: int | None,
    reservation_id: int | None,
    minutes: int | None = None,
) -> Unit:
    """销控: take a unit for an order; minutes None = lock_minutes(). Joins the open write transaction.

    Raises StaleError «3栋1102 已由何涛 10:41 销控，剩 12 分钟» for the loser (no name across teams), RuleError at the first
    guard, NotFound for a foreign unit.
    """

    def work() -> Unit:
        unit = locked_unit(session, unit_id, actor)
        if unit.state not in (UnitState.FREE, UnitState.HOLD):
            raise unavailable(unit, actor)
        length = lock_minutes(session, unit.project_id) if minutes is None else minutes
        fire(
            session,
            unit,
            "lock",
            actor,
            internal=True,
            customer_id=customer_id,
            reservation_id=reservation_id,
            minutes=length,
        )
        return unit

    return write(session, work)


def lock_minutes(session: Session, project_id: int) -> int:
    """How long a lock lasts today: 30 minutes, on the opening day 10 (parameters of the site)."""
    return _lasts(session, project_id, session.scalar(_opening(project_id), execution_options=AS_IT_STANDS))


def lock_terms(session: Session, unit: Unit) -> tuple[int, bool]:
    """lock_minutes() and whether a 车位 or 储藏间 belongs to this home, asked in one statement: the rush counts each (04 F5)."""
    beside = exists().where(Unit.attached_to_id == unit.id)
    opened_on, carries = session.execute(
        _opening(unit.project_id).add_columns(beside), execution_options=AS_IT_STANDS
    ).one()
    return _lasts(session, unit.project_id, opened_on), carries


def _opening(project_id: int) -> Select[Any]:
    return select(Project.opened_on).where(Project.id == project_id)


def _lasts(session: Session, project_id: int, opened_on: date | None) -> int:
    key = "opening_lock_minutes" if opened_on == now().date() else "lock_minutes"
    return int(parameter(session, project_id, key))


def unavailable(unit: Unit, actor: Actor) -> RuleError:
    """Why the unit cannot be taken now, in words that betray no colleague of another team."""
    if unit.state is UnitState.LOCK and unit.locked_at is not None and unit.lock_by is not None:
        by = directory().person_name(unit.lock_by) if may_read_name(actor, unit) else None
        return taken_already(unit.full_name, unit.locked_at, unit.lock_until, now(), by)
    if unit.state is UnitState.WAIT:
        return RuleError("{unit} 还没有推出", unit=unit.full_name)
    return StaleError("{unit} 已被认购，请另选房源", unit=unit.full_name)


def stop_timer(session: Any, unit: Unit) -> None:
    """The order was submitted: the lock no longer runs out by itself. Joins the caller's step."""
    with as_step(session):
        unit.lock_until = None
        session.flush()


def running_hold(session: Session, unit: Unit) -> Hold | None:
    """The hold that runs on the unit now, also behind a lock that came from it."""
    return session.scalars(
        select(Hold).where(Hold.unit_id == unit.id, Hold.state == HoldState.ACTIVE, Hold.until > now()),
        execution_options={"unscoped": True},
    ).first()


def give_back(session: Any, unit: Unit, actor: Actor, note: str = "") -> None:
    """End a lock: back to 保留 if it came from there and the hold still runs, else to 可售."""

    def work() -> None:
        name = "unlock_to_hold" if running_hold(session, unit) is not None else "unlock"
        fire(session, unit, name, actor, internal=True, note=note)

    write(session, work)


def end_hold(session: Any, unit: Unit, actor: Actor) -> None:
    """The hold paper ended: the unit goes back on sale, unless a lock that came from the hold has it by now."""
    if unit.state is UnitState.HOLD:
        fire(session, unit, "unhold", actor, internal=True)
    else:
        with as_step(session):
            _forget_hold(unit)
            session.flush()


def touch(session: Any, unit_ids: Iterable[int]) -> None:
    """Papers that the board shows beside these units changed (owner, partner): every open board redraws them."""
    with as_step(session):
        query = select(Unit).where(Unit.id.in_(sorted(unit_ids))).order_by(Unit.id).with_for_update(of=Unit)
        for unit in session.scalars(query, execution_options={"populate_existing": True, "unscoped": True}):
            unit.board_version += 1
        session.flush()


def wish(session: Any, unit_id: int, change: int, actor: Actor) -> None:
    """One queue paper (认筹) more or fewer wishes the unit: the badge «意 5»."""
    with as_step(session):
        unit = locked_unit(session, unit_id, actor)
        if unit.wishes + change < 0:
            raise ValueError(f"{unit.full_name}: more wishes withdrawn than made")
        unit.wishes += change
        session.flush()


def note_progress(session: Any, unit: Unit, **facts: Any) -> None:
    """Process fields beside the main state (网签 备案 按揭 补差 办证); facts are named in PROGRESS."""
    unknown = facts.keys() - PROGRESS
    if unknown:
        raise ValueError(f"no process fields of a unit: {sorted(unknown)}")
    with as_step(session):
        for name, value in facts.items():
            setattr(unit, name, value)
        session.flush()
