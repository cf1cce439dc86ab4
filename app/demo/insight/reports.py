"""潜客统计上报 of two months: read week by week, one given back and sent again, last week's waits, a month's came back,
this month's is being written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.demo.approvals import agree, answer
from app.demo.archive.making import entered, step
from app.demo.world import World
from app.features.customers.statistics.rules import month_start, week_of
from app.features.customers.statistics_reports.effects import count_figures, set_period
from app.features.customers.statistics_reports.models import ReportKind, StatisticsReport

A, BOSS, MANAGER, LEADER = "JPYL", "supervisor", "site_manager", "project_manager"
WEEKS = (  # the newest first
    ("网络来电增加，到访跟不上：来电转来访比上周低三个点，周末两天接待不过来", "周末增加一名顾问接来电；网络来电当天约访"),
    ("三房 89 平方米的需求最多，总价 110 万以内的占一半；未购原因以通勤为主", "答客问补充地铁开通时间；推荐低总价楼层"),
    ("渠道带访占来访三成，成交只有一组，带访质量不高", "渠道报备从严判定，月底与两家渠道商谈佣金条件"),
    ("老带新来访七组成交两组，转化最好；户外广告来访少", "老带新奖励续期一个月，户外换画面"),
    ("改善客户增加，多数要先卖旧房；家庭意见不一致的难单三起", "联系两家中介帮客户挂牌，主管陪谈改善客户"),
    ("来访较上周少一成，受连续阴雨影响；复访增加", "整理未成交 B 级客户逐一回访"),
    ("新推楼栋带来来电高峰，来电转来访偏低", "统一接听说辞，来电当场约时间"),
)  # fmt: skip
BACK = "请补充竞品客户去向，再报一次"


def load(session: Any, world: World) -> None:
    """The oldest week first."""
    for ago in range(len(WEEKS), 0, -1):
        _week(session, world, ago)
    _given_back(session, world)
    last_month = month_start(world.today, 1)
    month = _entered(
        session, world, ReportKind.MONTH, last_month, _since(world, month_start(world.today, 0)), *WEEKS[3]
    )
    _sent(session, world, month, _since(world, month_start(world.today, 0)))
    _read(session, world, month, max(_since(world, month_start(world.today, 0)) - 1, 0))
    early = min(1, _since(world, month_start(world.today, 0)))
    wrong = _entered(session, world, ReportKind.MONTH, world.today, early, "重复新增", "")
    step(session, world, BOSS, world.at(early, 9, 30), wrong, "void", note="本月还没到月底，先不报")
    _entered(session, world, ReportKind.MONTH, world.today, 0, "本月来访比上月多，转化持平；结论月底补齐", "")


def _given_back(session: Any, world: World) -> None:
    """The month before last waits for its compiler: 项目经理 wants it checked."""
    days = _since(world, month_start(world.today, 1))
    paper = _entered(session, world, ReportKind.MONTH, month_start(world.today, 2), days, *WEEKS[5])
    _sent(session, world, paper, days)
    agree(session, world, paper, MANAGER, world.at(days, 15))
    answer(
        session, world, paper, LEADER, world.at(days - 1, 10), "return", "渠道带访和渠道报备的数字对不上，请核对后再报"
    )


def _week(session: Any, world: World, ago: int) -> None:
    """Reported on the Monday after it, read on that day and the next; last week's waits for 项目经理."""
    days = _since(world, week_of(world.today).first - timedelta(days=7 * (ago - 1)))
    paper = _entered(session, world, ReportKind.WEEK, world.today - timedelta(days=7 * ago), days, *WEEKS[ago - 1])
    _sent(session, world, paper, days)
    if ago == 2:
        answer(session, world, paper, MANAGER, world.at(days, 15), "return", BACK)
        step(session, world, BOSS, world.at(days, 16), paper, "submit")
    agree(session, world, paper, MANAGER, world.at(days, 17))
    if ago > 1:
        agree(session, world, paper, LEADER, world.at(days - 1, 10), "知道了，按建议办")


def _entered(
    session: Any, world: World, kind: ReportKind, day: date, days: int, conclusion: str, advice: str
) -> StatisticsReport:
    project_id = world.projects[A].id
    paper = StatisticsReport(project_id=project_id, kind=kind, day=day, conclusion=conclusion, advice=advice)
    found = count_figures(session, project_id, set_period(paper))
    for name, number in found.headlines.items():
        setattr(paper, name, number)
    made: StatisticsReport = entered(session, world, BOSS, world.at(days, 9, 20), paper)
    return made


def _sent(session: Any, world: World, paper: StatisticsReport, days: int) -> None:
    step(session, world, BOSS, world.at(days, 9, 40), paper, "submit")


def _read(session: Any, world: World, paper: StatisticsReport, days: int) -> None:
    agree(session, world, paper, MANAGER, world.at(days, 17, 10))
    agree(session, world, paper, LEADER, world.at(days, 17, 30), "同意")


def _since(world: World, day: date) -> int:
    return (world.today - day).days
