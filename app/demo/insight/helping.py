"""Analyses of the last five days with the supervisor's word, and requests for help: two wait now, one is going on."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app.demo.archive.making import entered, step
from app.demo.world import World
from app.features.customers.analysis import effects as analysis
from app.features.customers.analysis.models import AdviceWay, IntentAnalysis
from app.features.customers.assists import effects as assists
from app.features.customers.assists.models import AssistOutcome, AssistPlace, AssistRequest, Difficulty
from app.features.customers.choices import CustomerState, Grade
from app.features.customers.models import Customer

SELLERS, BOSS = ("consultant1", "consultant2", "consultant3", "consultant4"), "supervisor"
LOOKS = (  # situation, doubts, counter, next step
    (
        "夫妻都满意三房，首付已备好，父亲还没看过",
        "父亲觉得楼层高",
        "请父亲来看样板房，对照低区房源",
        "周末请父母来看低区样板房",
    ),
    ("看中边套，预算差五万", "觉得单价偏高", "按得房率折算套内单价，试算公积金组合", "带公积金缴存证明来算组合贷款"),
    (
        "在和隔壁楼盘比，两周内要定",
        "隔壁总价低八万",
        "逐点对照得房率、物业费和交付标准",
        "约好再来一次，做两份置业计划对照",
    ),
    ("改善客户，要先卖掉旧房", "担心旧房卖不掉", "讲清签约和付款时间，可约延期付款申请", "问旧房挂牌进度"),
)
ADVICE = (
    (AdviceWay.WORD, "主推 3 栋低区两套，先让他父亲点头，价格不急着谈"),
    (AdviceWay.TALK, "已陪谈二十分钟，客户认可得房率算法，答应周六带配偶来"),
    (AdviceWay.WORD, "不要再降价，谈月供；需要时我来"),
)
HELP = (  # days ago, minutes until somebody came (None = nobody yet), difficulty, what is asked, outcome, result
    (9, 4, Difficulty.PRICE, "客户只差两个点，说今天不给就走", AssistOutcome.APPOINTED, "讲清公开优惠，约周六带定金来"),
    (6, 16, Difficulty.RIVAL, "客户手里有隔壁楼盘的报价单", AssistOutcome.FOLLOWED, "客户回去比较，主管次日回访"),
    (4, 7, Difficulty.FAMILY, "老人不同意买高层", AssistOutcome.FAILED, "老人坚持低层，暂无合适房源"),
    (2, 3, Difficulty.LOAN, "自由职业，担心贷款批不下来", AssistOutcome.BOOKED, "请驻场银行当面预审，当场交小订"),
)


def load(session: Any, world: World) -> None:
    """The customers are those who want to buy today, the youngest first, a few of each consultant."""
    waiting = {login: _intending(session, world, login) for login in SELLERS}
    turn = 0
    for days in (4, 3, 2, 1, 0):
        for login in SELLERS[: 3 if days else 4]:
            if waiting[login]:
                _look(session, world, login, waiting[login].pop(), days, turn)
                turn += 1
    _help(session, world, waiting)


def _intending(session: Any, world: World, login: str) -> list[Customer]:
    query = select(Customer).where(
        Customer.owner_id == world.people[login].id, Customer.grade.in_((Grade.A, Grade.B)),
        Customer.state == CustomerState.FOLLOWING, Customer.first_at < world.at(9),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Customer.first_at.desc(), Customer.id).limit(12)))


def _look(session: Any, world: World, login: str, customer: Customer, days: int, turn: int) -> None:
    situation, doubts, counter, next_step = LOOKS[turn % len(LOOKS)]
    paper = IntentAnalysis(
        customer_id=customer.id, situation=situation, doubts=doubts, counter=counter, next_step=next_step,
        next_on=world.day(days - 2), wants_talk=turn % 3 == 1,
    )  # fmt: skip
    analysis.follow_customer(session, paper)
    moment = world.at(days, 8 if not days else 17, 5 + turn)
    paper = entered(session, world, login, moment, paper, partial(_begin, session, customer))
    if days == 0 and turn % 2:
        return  # waits for advice this morning
    way, advice = ADVICE[turn % len(ADVICE)]
    step(session, world, BOSS, moment + timedelta(minutes=25), paper, "advise", way=way, advice=advice)
    if days > 1 and turn % 4 != 3:
        step(session, world, login, moment + timedelta(days=1), paper, "done", outcome="已按建议联系，客户答应再来")


def _begin(session: Any, customer: Customer, paper: IntentAnalysis) -> None:
    analysis.begin(session, paper, customer)


def _help(session: Any, world: World, waiting: dict[str, list[Customer]]) -> None:
    for place, (days, minutes, difficulty, question, outcome, result) in enumerate(HELP):
        login = SELLERS[place % len(SELLERS)]
        paper = _asked(session, world, login, waiting[login].pop(), days, difficulty, question)
        came = world.at(days, 14, 10 + minutes)
        step(session, world, BOSS, came, paper, "join")
        step(session, world, login, came + timedelta(minutes=35), paper, "finish", outcome=outcome, result=result)
    called = _asked(
        session, world, "consultant2", waiting["consultant2"].pop(), 3, Difficulty.TERMS, "客户要改违约条款"
    )
    step(session, world, "consultant2", world.at(3, 14, 15), called, "cancel", note="客户临时有事离开")
    going = _asked(
        session, world, "consultant3", waiting["consultant3"].pop(), 0, Difficulty.TRUST, "客户听说别的项目停工，不放心"
    )
    step(session, world, BOSS, world.at(0, 9, 25), going, "join")
    for login, difficulty in (("consultant1", Difficulty.PRODUCT), ("consultant4", Difficulty.PRICE)):
        _asked(session, world, login, waiting[login].pop(), 0, difficulty, "客户在两套之间拿不定主意，请主管帮着收一收")


def _asked(
    session: Any, world: World, login: str, customer: Customer, days: int, difficulty: Difficulty, question: str
) -> AssistRequest:
    paper = AssistRequest(customer_id=customer.id, difficulty=difficulty, place=AssistPlace.TABLE, question=question)
    analysis.follow_customer(session, paper)
    moment = world.at(days, 14, 10) if days else world.at(0, 9, 20)
    made: AssistRequest = entered(session, world, login, moment, paper, partial(assists.begin, session))
    return made
