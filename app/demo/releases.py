"""推盘批次 in three rounds, then holds and control orders in every state; stands after the prices."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.world import World, travel
from app.features.units.expiry import expire_holds
from app.features.units.models import ControlKind, ControlOrder, Hold, ReleaseBatch, Unit
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import Document
from app.kernel.transactions import write
from app.kernel.workflow import fire

TEAMS = {
    "JPYL": ("supervisor", "site_manager", "project_manager", "developer_site"),
    "CH1": ("other_supervisor", "other_site_manager", "other_project_manager", "other_site"),
}
# project, name, days ago, what is picked: (building, first floor, last floor)
ROUNDS: tuple[tuple[str, str, int, tuple[tuple[str, int | None, int | None], ...]], ...] = (
    ("JPYL", "第 1 批推盘", 270, (("1栋", None, None), ("2栋", None, None), ("商业街", None, None))),
    ("JPYL", "第 2 批推盘", 180, (("3栋", 1, 16), ("地下车库", None, None))),
    ("JPYL", "第 3 批推盘", 90, (("5栋", None, None), ("6栋", None, None), ("7栋", None, None))),
    ("CH1", "首开推盘", 220, (("1栋", None, None), ("2栋", None, None))),
)
WAITING = ("JPYL", "3栋高区加推", 1, (("3栋", 17, 18),))


def load(session: Any, world: World) -> None:
    """Three rounds done, one waiting for 甲方; holds running, ended and asked for; orders acknowledged by some."""
    for code, name, ago, picks in ROUNDS:
        batch = _prepared(session, world, code, name, ago + 2, picks)
        for login, days, hour in zip(TEAMS[code][1:], (2, 1, 0), (14, 11, 9), strict=True):
            agree(session, world, batch, login, world.at(ago + days, hour), "同意推出")
    code, name, ago, picks = WAITING
    batch = _prepared(session, world, code, name, ago, picks)
    agree(session, world, batch, "site_manager", world.at(ago, 16), "价格与许可已核对，同意")
    _holds(session, world)
    _orders(session, world)


def _saved(session: Any, record: Document) -> Any:
    def work() -> Document:
        session.add(record)
        session.flush()
        return record

    return write(session, work)


def _prepared(
    session: Any, world: World, code: str, name: str, ago: int, picks: tuple[tuple[str, int | None, int | None], ...]
) -> ReleaseBatch:
    with world.acting(TEAMS[code][0], world.at(ago, 9, 30)) as who:
        batch = ReleaseBatch(
            project_id=world.projects[code].id, name=name, planned_on=world.day(max(ago - 2, 0)), note="按推盘计划"
        )
        _saved(session, batch)
        for building, first, last in picks:
            fire(session, batch, "put_units", who, building=building, first_floor=first, last_floor=last)
        fire(session, batch, "submit", who)
    return batch


def _unit(session: Any, world: World, name: str) -> Unit:
    return session.scalars(
        select(Unit).where(Unit.project_id == world.projects["JPYL"].id, Unit.full_name == name)
    ).one()


# home, step, for whom, hours, why, days ago, hour, who
HOLDS: tuple[tuple[str, str, str, int, str, int, int, str], ...] = (
    ("3栋2单元1202", "place", "郑先生", 24, "等配偶到场确认户型", 1, 17, "supervisor"),
    ("5栋1单元1201", "place", "冯先生", 72, "外地客户周末到访", 1, 14, "site_manager"),
    ("6栋1单元803", "place", "江城商会", 240, "甲方关系客户团购洽谈", 2, 11, "developer_site"),
    ("5栋2单元901", "submit", "沈女士", 120, "客户在国外，等授权公证", 1, 16, "supervisor"),
)


def _hold(session: Any, world: World, line: tuple[str, str, str, int, str, int, int, str]) -> None:
    name, step, held_for, hours, why, ago, hour, login = line
    with world.acting(login, world.at(ago, hour, 20)) as who:
        unit = _unit(session, world, name)
        hold = Hold(project_id=unit.project_id, unit_id=unit.id, held_for=held_for, hours=hours, reason=why)
        _saved(session, hold)
        fire(session, hold, step, who)


def _holds(session: Any, world: World) -> None:
    """One that ran out two days ago, three that run, one that waits for 甲方."""
    _hold(session, world, ("3栋1单元1604", "place", "钱女士", 24, "客户回家商量，明早答复", 4, 10, "supervisor"))
    with travel(world.at(3, 10, 20)), acting_as(SYSTEM):
        write(session, lambda: expire_holds(session))
    for line in HOLDS:
        _hold(session, world, line)


def _orders(session: Any, world: World) -> None:
    """One order carried out and half acknowledged, one waiting for 甲方."""
    moment = world.at(1, 10, 10)
    with world.acting("project_manager", moment) as who:
        unit = _unit(session, world, "3栋2单元104")
        order = ControlOrder(
            project_id=unit.project_id,
            kind=ControlKind.STOP,
            content="3栋2单元104 改作样板间，即日起停售",
            reason="甲方工程部要求",
        )
        _saved(session, order)
        fire(session, order, "put_units", who, names=unit.full_name)
        fire(session, order, "submit", who)
    agree(session, world, order, "developer_site", world.at(1, 11, 30), "同意")
    with world.acting("consultant2", world.at(1, 13, 5)) as reader:
        fire(session, order, "sign", reader)
    with world.acting("supervisor", world.at(1, 17, 50)) as who:
        unit = _unit(session, world, "7栋1单元1101")
        asked = ControlOrder(
            project_id=unit.project_id, kind=ControlKind.HOLD, content="7栋顶层 01 暂不可售，另行通知", reason="甲方拟作员工内购",
            held_for="甲方内购", hours=240,
        )  # fmt: skip
        _saved(session, asked)
        fire(session, asked, "put_units", who, names=unit.full_name)
        fire(session, asked, "submit", who)
