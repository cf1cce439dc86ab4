"""What follows when a 推盘批次 moves: its units are checked together and go on sale together (02 §2.2.1, §2.5.10)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.features.units.effects import locked_unit
from app.features.units.models import ReleaseBatch, ReleaseLine, UnitState
from app.features.units.picking import picked_units
from app.features.units.states import UNIT_FLOW
from app.kernel.actors import SYSTEM
from app.kernel.approval.kinds import Need
from app.kernel.errors import RuleError
from app.kernel.notices import notify_posts
from app.kernel.numbering import next_number
from app.kernel.posts import Post
from app.kernel.workflow import Act, fire

SHOWN_REFUSALS = 20


def release_need(session: Session, batch: ReleaseBatch) -> Need:
    """SM, then PM, then JFS, whatever the size."""
    return Need(summary=f"{batch.name}，{len(batch.lines)} 套，计划 {batch.planned_on} 推出")


def refusals(session: Session, batch: ReleaseBatch, act: Act) -> list[RuleError]:
    """Every reason why a unit of the batch may not be released now, all at once."""
    found: list[RuleError] = []
    step = UNIT_FLOW["release"]
    for line in batch.lines:
        unit = line.unit
        if unit.state is not UnitState.WAIT:
            found.append(
                RuleError("{unit} 现在是「{state}」，不在未推房源里", unit=unit.full_name, state=unit.state.label)
            )
            continue
        probe = Act(session, unit, act.actor, step, {}, "", act.at)
        for guard in step.guards:
            try:
                guard(probe)
            except RuleError as why:
                found.append(why)
    return found


def every_unit_may_be_released(act: Act) -> None:
    """Guard of submit and approval: names all units that stand in the way, not only the first."""
    batch = act.document
    if not batch.lines:
        raise RuleError("批次里还没有房源，请先选入房源")
    found = refusals(act.session, batch, act)
    if found:
        shown = "；".join(str(why) for why in found[:SHOWN_REFUSALS])
        more = f"……等共 {len(found)} 处" if len(found) > SHOWN_REFUSALS else ""
        raise RuleError("有 {count} 处不符合推出条件：{shown}{more}", count=len(found), shown=shown, more=more)


def give_number(act: Act) -> None:
    """The number comes with the first submit."""
    batch = act.document
    if batch.number is None:
        code = act.session.get_one(Project, batch.project_id, execution_options={"unscoped": True}).code
        batch.number = next_number(act.session, batch.__number__, code, act.at.date())


def release_units(act: Act) -> None:
    """All units of the batch go on sale in one transaction, in the order of their ids (lock order, 04 §2.2)."""
    batch = act.document
    batch.released_on = act.at.date()
    for line in batch.lines:
        unit = locked_unit(act.session, line.unit_id, SYSTEM)
        fire(act.session, unit, "release", act.actor, internal=True, paper=batch.number or "", batch_id=batch.id)


def tell_site(act: Act) -> None:
    """Everybody who sells hears of it."""
    batch = act.document
    notify_posts(
        act.session,
        (Post.CONSULTANT, Post.SUPERVISOR, Post.CLERK),
        batch.project_id,
        f"{batch.name} 已推出 {len(batch.lines)} 套",
        url="/board",
        outside=f"{batch.name} 已推出 {len(batch.lines)} 套",
    )


def put_units(act: Act) -> None:
    """Put the picked units into the batch; those inside stay. Raises RuleError for a unit that is not 未推."""
    batch, session = act.document, act.session
    inside = {line.unit_id for line in batch.lines}
    for unit in picked_units(session, batch.project_id, act.form):
        if unit.id in inside:
            continue
        if unit.state is not UnitState.WAIT:
            raise RuleError(
                "{unit} 现在是「{state}」，只有未推房源能进批次", unit=unit.full_name, state=unit.state.label
            )
        batch.lines.append(ReleaseLine(project_id=batch.project_id, unit_id=unit.id, created_by=act.actor.person_id))


def drop_units(act: Act) -> None:
    """Take the picked units out of the batch."""
    batch, session = act.document, act.session
    picked = {unit.id for unit in picked_units(session, batch.project_id, act.form)}
    leaving = [line for line in batch.lines if line.unit_id in picked]
    if not leaving:
        raise RuleError("选中的房源都不在这个批次里")
    for line in leaving:
        session.delete(line)
    session.flush()
    session.expire(batch, ["lines"])
