"""The answers of the site: most are valid and signed by nearly everybody, one was revised, one waits for the site manager."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.demo.approvals import agree
from app.demo.archive.making import entered, step
from app.demo.world import World
from app.features.customers.scripts.effects import begin_series
from app.features.customers.scripts.models import SalesScript, ScriptKind, ScriptState, Topic

BOSS, CHIEF = "supervisor", "site_manager"
SIGNERS = ("consultant1", "consultant2", "consultant4", "assistant", "supervisor2")
A, REPLY, S = ScriptKind.ANSWER, ScriptKind.OBJECTION, ScriptKind.OPENING
ANSWERS = (  # topic, kind, question, answer, what is never promised, basis
    (Topic.PRICE, REPLY, "单价为什么比周边高", "请把得房率、精装标准和江景面一起算：得房率约 78 %，折算套内单价与周边持平；再看公开优惠后的总价。",
     "不得承诺还有额外折扣，不得说「马上涨价」", "一房一价公示、现行销售方案"),
    (Topic.LOAN, A, "首付最低要多少、月供多少", "首付比例、利率以银行审批为准；可当场用贷款计算器试算，并做一份置业计划带走。", "不得承诺一定批贷，不得代办收入证明", "合作银行告知书"),
    (Topic.DELIVERY, A, "会不会延期交房", "按合同约定的交付日交付；工程进度每月公示，可预约看工地。逾期按合同违约责任处理。", "不得承诺提前交付", "买卖合同第九条、工程进度公示"),
    (Topic.PRODUCT, A, "楼间距和采光怎么样", "按规划总图，最近楼间距 42 米；每户大寒日满窗日照已在规划审批中核定，可看日照分析图。", "不得口头保证具体日照小时数", "规划总图、日照分析报告"),
    (Topic.LOCATION, A, "地铁和商业什么时候有", "只介绍已开通和政府已公布的线路、商业，并说明公布来源；规划可能调整。", "不得把规划说成已定", "市交通局公告"),
    (Topic.SCHOOL, A, "是不是学区房", "学区由教育局每年划定，目前划片以教育局当年公告为准，项目不作承诺。", "不得承诺学区、学位", "区教育局招生公告"),
    (Topic.RIVAL, REPLY, "隔壁楼盘便宜为什么不买", "不评价别人的项目。请客户说出最看重的三点，逐点对照户型、得房率、物业费和交付标准。", "不得贬低其他楼盘", "竞品对比表（内部）"),
    (Topic.TIMING, REPLY, "想再等等看价格会不会降", "理解客户谨慎；讲清自住需求的时间成本，提醒看中的房源只有一套，保留要按规定办理。", "不得制造恐慌、不得虚构其他客户在抢", ""),
    (Topic.PROPERTY, S, "物业费和车位怎么介绍", "按前期物业服务协议介绍收费标准；车位以公示价格销售，不捆绑。", "不得承诺减免物业费", "前期物业服务协议"),
)  # fmt: skip


def load(session: Any, world: World) -> None:
    """Six weeks of answers."""
    made = [_written(session, world, 40 - place, row) for place, row in enumerate(ANSWERS)]
    for place, paper in enumerate(made):
        _through(session, world, paper, 38 - place)
        for login in SIGNERS[: 5 - place % 3]:
            step(session, world, login, world.at(33 - place, 9, 20), paper, "sign")
    first = made[0]
    step(session, world, BOSS, world.at(12, 10), first, "revise", changes="补充得房率折算和优惠后总价的讲法")
    second = session.scalars(
        select(SalesScript).where(SalesScript.origin_id == first.origin_id, SalesScript.state == ScriptState.DRAFT)
    ).one()
    _through(session, world, second, 11)
    for login in SIGNERS[:3]:
        step(session, world, login, world.at(9, 9, 30), second, "sign")
    step(session, world, CHIEF, world.at(6, 17), made[4], "withdraw", note="商业规划有调整，等开发商书面通知后再写")
    waiting = (
        Topic.LOAN,
        A,
        "公积金和商贷怎么组合",
        "按公积金中心可贷额度先算公积金部分，余额走商贷；以两家审批为准。",
        "不得承诺放款时间",
        "公积金中心公告",
    )
    step(session, world, BOSS, world.at(1, 15), _written(session, world, 1, waiting), "submit")
    _written(
        session,
        world,
        0,
        (
            Topic.DELIVERY,
            A,
            "精装用什么品牌",
            "以合同附件《装修标准》列明的品牌和型号为准，同等档次替换须书面告知。",
            "不得口头增加装修内容",
            "合同附件",
        ),
    )


def _written(session: Any, world: World, ago: int, row: tuple[Any, ...]) -> SalesScript:
    topic, kind, title, content, never, basis = row
    paper = SalesScript(
        project_id=world.projects["JPYL"].id,
        topic=topic,
        kind=kind,
        title=title,
        content=content,
        never=never,
        basis=basis,
    )
    made: SalesScript = entered(session, world, BOSS, world.at(ago, 9), paper, lambda one: begin_series(session, one))
    return made


def _through(session: Any, world: World, paper: SalesScript, ago: int) -> None:
    step(session, world, BOSS, world.at(ago, 10), paper, "submit")
    agree(session, world, paper, CHIEF, world.at(ago - 1, 10), "照此口径，全场统一")
