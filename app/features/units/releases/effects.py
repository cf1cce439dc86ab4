"""What follows when a 推盘批次 moves: its units are checked together and go on sale together (02 §2.2.1, §2.5.10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.organisation.models import Project
from app.features.units.effects import locked_unit
from app.features.units.models import Unit, UnitState
from app.features.units.releases.models import ReleaseBatch, ReleaseLine, ReleaseState
from app.features.units.states import UNIT_FLOW
from app.kernel.actors import SYSTEM, Actor
from app.kernel.approval.kinds import Need
from app.kernel.errors import NotFound, RuleError
from app.kernel.notices import notify_posts
from app.kernel.numbering import next_number
from app.kernel.posts import Post
from app.kernel.transactions import write
from app.kernel.workflow import Act, as_step, fire

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
            found.append(RuleError("{unit} 现在是「{state}」，不在未推房源里", unit=unit.full_name, state=unit.state.label))
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
    )


def put_units(session: Any, batch_id: int, unit_ids: Iterable[int], actor: Actor) -> int:
    """Put units into a draft batch; returns how many were new to it. Raises RuleError for a unit that is not 未推."""

    def work() -> int:
        batch = session.scalars(select(ReleaseBatch).where(ReleaseBatch.id == batch_id).with_for_update(of=ReleaseBatch)).first()
        if batch is None or not actor.holds((Post.SUPERVISOR,), batch.project_id):
            raise NotFound("release_batch")
        if batch.state is not ReleaseState.DRAFT:
            raise RuleError("{batch} 已提交，不能再改房源", batch=batch.name)
        inside = {line.unit_id for line in batch.lines}
        wanted = sorted(set(unit_ids) - inside)
        units = session.scalars(select(Unit).where(Unit.id.in_(wanted), Unit.project_id == batch.project_id)).all()
        if len(units) != len(wanted):
            raise NotFound("unit")
        with as_step(session):
            for unit in units:
                if unit.state is not UnitState.WAIT:
                    raise RuleError("{unit} 现在是「{state}」，只有未推房源能进批次", unit=unit.full_name, state=unit.state.label)
                session.add(ReleaseLine(project_id=batch.project_id, batch=batch, unit_id=unit.id, created_by=actor.person_id))
            session.flush()
        return len(wanted)

    return write(session, work)
