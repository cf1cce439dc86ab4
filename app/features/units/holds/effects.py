"""What follows when a 保留单 moves: the unit is kept or goes back on sale (02 §2.2.1 «可售→保留», «保留→可售»)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.features.organisation.parameters import parameter
from app.features.units.effects import end_hold, locked_unit
from app.features.units.models import Hold, HoldState
from app.features.units.rules import hold_authority, may_hold_himself
from app.kernel.actors import SYSTEM, Actor
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.numbering import next_number
from app.kernel.workflow import Act, fire


def _limits(session: Session, project_id: int) -> tuple[int, int]:
    return (
        parameter(session, project_id, "hold_hours_supervisor"),
        parameter(session, project_id, "hold_hours_site_manager"),
    )


def hold_need(session: Session, hold: Hold) -> Need:
    """The post whose authority covers the asked hours decides; those below are informed (直达)."""
    at_least = hold_authority(hold.hours, *_limits(session, hold.project_id))
    return Need(at_least=at_least, summary=f"{hold.unit.full_name}　{hold.hours} 小时　{hold.reason}")


def within_own_authority(act: Act) -> None:
    """Guard: whoever holds without asking has the authority for these hours."""
    posts = {p.post for p in act.actor.postings if act.document.project_id in p.projects}
    if not act.actor.system and not may_hold_himself(
        posts, _asked(act), *_limits(act.session, act.document.project_id)
    ):
        raise RuleError("保留 {hours} 小时超出你的权限，请提交审批", hours=_asked(act))


def _asked(act: Act) -> int:
    return int(act.get("hours") or act.document.hours)


def not_renewed_yet(act: Act) -> None:
    """Guard: a hold is renewed once."""
    if act.document.renewed_at is not None:
        raise RuleError("{number} 已续期一次，不能再续；需要继续保留请另开保留单", number=str(act.document))


def give_number(act: Act) -> None:
    """The number comes with the first submit and stays (07 §7.1)."""
    hold = act.document
    if hold.number is None:
        code = act.session.get_one(Project, hold.project_id, execution_options={"unscoped": True}).code
        hold.number = next_number(act.session, hold.__number__, code, act.at.date())


def keep_unit(act: Act) -> None:
    """The unit is kept from now for the hours; refused when it is not on sale any more or holds are too many."""
    hold, session = act.document, act.session
    hold.started_at, hold.until = act.at, act.at + timedelta(hours=hold.hours)
    session.flush()
    unit = locked_unit(session, hold.unit_id, SYSTEM)
    fire(
        session, unit, "hold", act.actor, internal=True, paper=hold.number or "",
        held_for=hold.held_for, customer_id=hold.customer_id, until=hold.until,
    )  # fmt: skip


def renew(act: Act) -> None:
    """The hold counts anew from now; the unit shows the new hour."""
    hold = act.document
    hold.hours, hold.until, hold.renewed_at = (
        int(act.form["hours"]),
        act.at + timedelta(hours=int(act.form["hours"])),
        act.at,
    )
    locked_unit(act.session, hold.unit_id, SYSTEM).held_until = hold.until


def name_customer(act: Act) -> None:
    """Only this customer may take the unit out of the hold (02 §2.2.1 «from 保留 only for its customer»)."""
    hold = act.document
    hold.customer_id = act.form["customer"]
    if hold.state is HoldState.ACTIVE:
        locked_unit(act.session, hold.unit_id, SYSTEM).held_for_id = hold.customer_id


def free_unit(act: Act) -> None:
    """The hold ended; the unit is on sale again unless its own customer's lock has it."""
    end_hold(act.session, locked_unit(act.session, act.document.unit_id, SYSTEM), act.actor)


def release_running(session: Session, unit_id: int, actor: Actor, note: str) -> bool:
    """Release the hold that runs on a unit; False when none does."""
    hold = live_hold(session, unit_id)
    if hold is None:
        return False
    fire(session, hold, "release_by_order", actor, internal=True, note=note)
    return True


def live_hold(session: Session, unit_id: int) -> Hold | None:
    """The active hold paper of a unit."""

    return session.scalars(
        select(Hold).where(Hold.unit_id == unit_id, Hold.state == HoldState.ACTIVE),
        execution_options={"unscoped": True},
    ).first()
