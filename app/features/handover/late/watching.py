"""A building whose contracts' date has passed while homes are not handed over and no batch counts them (02 §2.3.6 L6)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Select, Table, exists, func, select
from sqlalchemy.orm import Session

from app.features.deals.contracts.models import Contract
from app.features.handover.household import GONE, UNSCOPED
from app.features.handover.late.models import LateBatch, LateBatchState
from app.features.units.models import Building, Unit
from app.kernel.base import now
from app.kernel.jobs import every
from app.kernel.notices import Notice, NoticeKind, notify_posts
from app.kernel.posts import Post

UNCOUNTED = (LateBatchState.REFUSED, LateBatchState.VOID)


def late_buildings(projects: Collection[int] | None = None) -> Select[Any]:
    """(project, building, homes) of what is late and in no batch. 甲方客服 reads no contract (07) and is told of buildings only:
    the statement is of tables, so that no scope hides it; projects narrows it to those of its reader."""
    contract, unit, batch = (cast(Table, model.__table__) for model in (Contract, Unit, LateBatch))
    counted = exists().where(
        batch.c.building_id == unit.c.building_id, batch.c.state.not_in(UNCOUNTED), batch.c.until_on > contract.c.handover_on
    )  # fmt: skip
    query = (
        select(contract.c.project_id, unit.c.building_id, func.count(contract.c.id).label("homes"))
        .join_from(contract, unit, unit.c.id == contract.c.unit_id)
        .where(
            contract.c.signed_on.is_not(None), contract.c.state.not_in(GONE), contract.c.handover_on < now().date(),
            unit.c.handed_on.is_(None), ~counted,
        )
        .group_by(contract.c.project_id, unit.c.building_id)
    )  # fmt: skip
    return query if projects is None else query.where(contract.c.project_id.in_(sorted(projects)))


def how_many_buildings(projects: Collection[int]) -> Select[Any]:
    """The statement that counts them."""
    return select(func.count()).select_from(late_buildings(projects).subquery())


@every(seconds=3600, name="late_handover")
def watch_promises(session: Session) -> int:
    """Whoever makes the batch is told of each building once, on the first day; run again it tells nobody."""
    told = 0
    for project_id, building_id, homes in session.execute(late_buildings(), execution_options=UNSCOPED).all():
        url = f"/late-batch/add?building_id={building_id}"
        if session.scalar(select(Notice.id).where(Notice.url == url).limit(1)) is not None:
            continue
        building = session.get_one(Building, building_id, execution_options=UNSCOPED)
        notify_posts(
            session, [Post.DEVELOPER_SERVICE, Post.DEVELOPER_SITE], project_id, f"{building.name} 已过合同交付日，{homes} 套还没有交付",
            body="请安排交楼，并按楼栋计算逾期交付违约金", url=url, kind=NoticeKind.DUE, outside="有楼栋已过合同交付日",
        )  # fmt: skip
        told += 1
    return told
