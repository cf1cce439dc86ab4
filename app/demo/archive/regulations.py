"""制度文件: a process in its second version that not everybody has signed, and one about which opinions are asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.archive.making import entered, step
from app.demo.world import World
from app.features.archive.regulations.effects import begin_series
from app.features.archive.regulations.models import Concerned, Regulation, RegulationKind, RegulationState

BOSS = "supervisor"
RECEPTION = """一、客户进门三十秒内由当值置业顾问起身迎接，问「您好，第一次来吗」。
二、首访客户按轮序接待，老客户交回原置业顾问；当场登记姓名、手机和途径。
三、沙盘讲解、看样板房、计价、送客依次进行，送客到门口。
四、来访信息当日十八点前录入系统，次日中午十二点前补录须写原因。"""
SIGNERS = ("consultant1", "consultant2", "clerk", "contract_officer", "site_manager")


def load(session: Any, world: World) -> None:
    """Seven months of one regulation, ten days of another."""
    first = _written(session, world, 210, "案场客户接待流程", RECEPTION)
    _through(session, world, first, 208, "大家同意，先试行")
    for login in (*SIGNERS, "consultant3", "consultant4", BOSS, "supervisor2", "assistant", "project_manager"):
        step(session, world, login, world.at(203, 9, 30), first, "sign")
    step(session, world, BOSS, world.at(26, 10), first, "revise", changes="补录时限由当晚改为次日中午，写明原因")
    second = session.scalars(
        select(Regulation).where(Regulation.series_id == first.series_id, Regulation.state == RegulationState.DRAFT)
    ).one()
    _through(session, world, second, 25, "按修改稿执行")
    for login in SIGNERS:
        step(session, world, login, world.at(20, 9, 40), second, "sign")
    text = "一、认购书、合同签署前由文员核对买受人证件。\n二、签署当日或次日归档，缺件三日内补齐。\n三、借阅须主管批准，七日内归还。"
    drafted = _written(session, world, 3, "客户资料归档和借阅办法", text, Concerned.EVERYBODY)
    step(session, world, BOSS, world.at(2, 10), drafted, "ask_opinions", until=world.day(-2))
    step(session, world, "clerk", world.at(1, 11), drafted, "give_opinion", opinion="建议写明周末由谁收资料。")
    step(session, world, "consultant1", world.at(1, 15), drafted, "give_opinion", opinion="无意见")


def _written(
    session: Any, world: World, ago: int, title: str, text: str, concerned: Concerned = Concerned.EVERYBODY
) -> Regulation:
    paper = Regulation(
        project_id=world.projects["JPYL"].id,
        title=title,
        kind=RegulationKind.PROCESS,
        concerned=concerned,
        content=text,
    )
    made: Regulation = entered(session, world, BOSS, world.at(ago, 9), paper, lambda one: begin_series(session, one))
    return made


def _through(session: Any, world: World, paper: Regulation, ago: int, conclusion: str) -> None:
    """Opinions, study, the site manager's word; four days in all."""
    step(session, world, BOSS, world.at(ago, 9, 30), paper, "ask_opinions", until=world.day(ago - 3))
    step(session, world, "consultant2", world.at(ago - 1, 10), paper, "give_opinion", opinion="轮序写得清楚，同意")
    step(session, world, BOSS, world.at(ago - 3, 16), paper, "study", on=world.day(ago - 3), conclusion=conclusion)
    step(session, world, BOSS, world.at(ago - 3, 16, 30), paper, "submit")
    agree(session, world, paper, "site_manager", world.at(ago - 4, 10))
