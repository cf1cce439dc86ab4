"""What follows when a 销控指令 is issued: its units are held, released, stopped or resumed; consultants acknowledge."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.features.organisation.parameters import parameter
from app.features.units.effects import locked_unit
from app.features.units.holds.effects import release_running
from app.features.units.models import ControlKind, ControlLine, ControlOrder, Hold
from app.features.units.picking import picked_units
from app.features.units.rules import hold_authority
from app.kernel.actors import SYSTEM, directory
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.numbering import next_number
from app.kernel.posts import Post
from app.kernel.readings import ask_to_read
from app.kernel.workflow import Act, fire

AUTHORS = frozenset({Post.PROJECT_MANAGER, Post.SUPERVISOR})


def control_need(session: Session, order: ControlOrder) -> Need:
    """直达 by the hours of a hold; stop and resume have no end and go to JFS; the rest is SUP's (07 «销控指令»)."""
    summary = f"{order.kind.label} {len(order.lines)} 套。{order.content}"[:500]
    if order.kind is ControlKind.HOLD:
        limits = [parameter(session, order.project_id, f"hold_hours_{who}") for who in ("supervisor", "site_manager")]
        return Need(at_least=hold_authority(order.hours or 0, *limits), summary=summary)
    if order.kind in (ControlKind.STOP, ControlKind.RESUME):
        return Need(at_least=Post.DEVELOPER_SITE, summary=summary)
    return Need(at_least=Post.SUPERVISOR, summary=summary)


def order_is_complete(act: Act) -> None:
    """Guard: units are named; a hold says for whom, how long and why."""
    order = act.document
    if order.kind is not ControlKind.NOTICE and not order.lines:
        raise RuleError("指令里还没有房源，请先选入房源")
    if order.kind is ControlKind.HOLD and not (order.hours and order.hours > 0 and order.held_for and order.reason):
        raise RuleError("保留指令必须写明为谁保留、保留几小时和原因")


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    order = act.document
    if order.number is None:
        code = act.session.get_one(Project, order.project_id, execution_options={"unscoped": True}).code
        order.number = next_number(act.session, order.__number__, code, act.at.date())


def carry_out(act: Act) -> None:
    """Every unit of the order moves, in the order of ids; one refusal stops the whole order."""
    order = act.document
    order.issued_at = act.at
    for line in order.lines:
        _carry_out_on(act, order, line.unit_id)


def _carry_out_on(act: Act, order: ControlOrder, unit_id: int) -> None:
    session, actor = act.session, act.actor
    if order.kind is ControlKind.HOLD:
        hold = Hold(
            project_id=order.project_id, unit_id=unit_id, held_for=order.held_for, hours=order.hours, reason=order.reason,
            instruction_id=order.id, created_by=actor.person_id,
        )  # fmt: skip
        session.add(hold)
        session.flush()
        fire(session, hold, "place_by_order", actor, internal=True)
    elif order.kind is ControlKind.RELEASE:
        if not release_running(session, unit_id, actor, f"销控指令 {order.number}"):
            raise RuleError("{unit} 没有保留，不需要释放", unit=locked_unit(session, unit_id, SYSTEM).full_name)
    else:
        name = "stop" if order.kind is ControlKind.STOP else "resume"
        unit = locked_unit(session, unit_id, SYSTEM)
        fire(session, unit, name, actor, internal=True, note=f"销控指令 {order.number}")


def ask_for_receipts(act: Act) -> None:
    """Every consultant of the project today is asked to sign that he read it."""
    order = act.document
    people = directory().holders(Post.CONSULTANT, order.project_id, None, act.at)
    ask_to_read(
        act.session, order, {h.person_id: h.name for h in people}, f"销控指令：{order.kind.label}",
        body=order.content, outside="有销控指令待签收",
    )  # fmt: skip


def put_units(act: Act) -> None:
    """Name the picked units in the order; those named already stay."""
    order = act.document
    inside = {line.unit_id for line in order.lines}
    for unit in picked_units(act.session, order.project_id, act.form):
        if unit.id not in inside:
            order.lines.append(
                ControlLine(project_id=order.project_id, unit_id=unit.id, created_by=act.actor.person_id)
            )


def drop_units(act: Act) -> None:
    """Take the picked units out of the order."""
    order, session = act.document, act.session
    picked = {unit.id for unit in picked_units(session, order.project_id, act.form)}
    leaving = [line for line in order.lines if line.unit_id in picked]
    if not leaving:
        raise RuleError("选中的房源都不在这份指令里")
    for line in leaving:
        session.delete(line)
    session.flush()
    session.expire(order, ["lines"])
