"""投诉建议 of the demo world: every paper in every state, one clock that ran over, a month with its corrective actions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.demo.aftercare.walking import Walk, walk
from app.demo.approvals import answer
from app.demo.archive.making import entered
from app.demo.world import World
from app.features.complaints.actions.effects import check_action
from app.features.complaints.actions.effects import register as order_action
from app.features.complaints.actions.models import ActionKind, CorrectiveAction
from app.features.complaints.cases import effects as cases
from app.features.complaints.cases.models import CaseAbout, CaseSource, Complaint, Level, Satisfaction
from app.features.complaints.incidents import effects as events
from app.features.complaints.incidents.models import Dispute, DisputeKind, EventLevel, Incident, IncidentKind
from app.features.complaints.internal import effects as internal
from app.features.complaints.internal.models import InternalAbout, InternalComplaint
from app.features.complaints.suggestions import effects as suggestions
from app.features.complaints.suggestions.models import Proposer, Suggestion, SuggestionAbout
from app.features.deals.reservations.models import Reservation, ReservationState
from app.kernel.base import now

A = "JPYL"
SUP, PM, JFL = "supervisor", "project_manager", "developer_lead"
UP = (PM, JFL)
# days ago, who took it in, source, about, level, who is named, facts, demand, how far it went
CASES = (
    (33, "clerk", CaseSource.PHONE, CaseAbout.SERVICE, Level.MINOR, "", "来电三次无人接听", "希望有人回电", "closed"),
    (27, "consultant1", CaseSource.SITE, CaseAbout.PRODUCT, Level.COMMON, "", "样板间与宣传册的阳台宽度不一致", "要求书面说明", "closed"),
    (19, "developer_service", CaseSource.HOTLINE, CaseAbout.CONTRACT, Level.MAJOR, "", "称补充协议条款签前没有解释", "要求补偿并书面道歉", "closed_up"),
    (12, "clerk", CaseSource.SITE, CaseAbout.STAFF, Level.COMMON, "consultant2", "顾问答应的优惠没有兑现", "要求兑现或道歉", "reopened"),
    (8, "clerk", CaseSource.LETTER, CaseAbout.STAFF, Level.COMMON, SUP, "主管当众训斥顾问，客户觉得不被尊重", "要求道歉", "answered"),
    (5, "consultant1", CaseSource.SITE, CaseAbout.PRODUCT, Level.MAJOR, "", "看房通道没有防护，客户的孩子险些摔倒", "要求整改并说明", "decided"),
    (3, "developer_service", CaseSource.ONLINE, CaseAbout.CONTRACT, Level.MAJOR, "", "网上发帖称交付标准缩水", "要求公开回应", "raised"),
    (2, "clerk", CaseSource.PHONE, CaseAbout.SERVICE, Level.COMMON, "", "预约看房当天没有人接待", "要求重新安排", "handling"),
    (1, "consultant2", CaseSource.SITE, CaseAbout.OTHER, Level.MINOR, "", "停车场收费与告知的不一样", "退还停车费", "graded"),
    (1, "clerk", CaseSource.PHONE, CaseAbout.SERVICE, None, "", "客户说置业计划算错了首付", "请重新核算", "new"),
    (10, "clerk", CaseSource.PHONE, CaseAbout.OTHER, None, "", "同一客户重复来电", "", "void"),
)  # fmt: skip


def load(session: Any, world: World) -> None:
    """After the orders, of which some complain."""
    for number, row in enumerate(CASES):
        _case(session, world, number, row)
    _internal(session, world)
    _suggestions(session, world)
    _events(session, world)
    _actions(session, world)


def _case(session: Any, world: World, number: int, row: Any) -> None:
    ago, login, source, about, level, named, facts, demand, far = row
    at = world.at(ago, 9, 40)
    paper = Complaint(
        project_id=world.projects[A].id, source=source, about=about, facts=facts, demand=demand, customer_name=f"客户{number + 1:02}",
        owner_id=world.people[login].id, against_id=world.people[named].id if named else None,
    )  # fmt: skip
    _of_order(session, world, number, paper)
    entered(session, world, login, at, paper, lambda case: cases.register(session, case, at))
    if far == "void":
        walk(session, world, paper, [(SUP, world.at(ago, 10), "void", {"note": "与前一件重复"})])
    elif level is not None:
        _story(session, world, paper, ago, "site_manager" if named == SUP else SUP, level, named, far)


def _of_order(session: Any, world: World, number: int, paper: Complaint) -> None:
    """Most customers who complain have bought."""
    query = select(Reservation).where(
        Reservation.project_id == world.projects[A].id,
        Reservation.state.in_((ReservationState.EFFECTIVE, ReservationState.SIGNED)),
    )
    order = session.scalars(query.order_by(Reservation.id).offset(number).limit(1)).first()
    if order is not None and number % 3 != 1:
        paper.reservation_id, paper.unit_id, paper.customer_id = order.id, order.unit_id, order.customer_id
        paper.customer_name = order.customer_name


def _story(
    session: Any, world: World, paper: Complaint, ago: int, who: str, level: Level, named: str, far: str
) -> None:
    against = world.people[named].id if named else None
    steps: list[Walk] = [
        (who, world.at(ago, 10), "first_reply", {"reply": "已记录，今天内给您答复"}),
        (who, world.at(ago, 10, 10), "grade", {"level": level, "against": against}),
    ]
    if level is Level.MAJOR:
        steps.append((who, world.at(ago, 10, 30), "raise_up", {}))
    if far != "graded":
        steps.append(
            (who, world.at(ago, 11), "handle", {"proposal": "核实情况，向客户说明并致歉", "compensation": None})
        )
    walk(session, world, paper, steps)
    if far in ("raised", "decided", "closed_up"):
        money = Decimal(2000) if far == "closed_up" else None
        walk(
            session,
            world,
            paper,
            [(who, world.at(ago, 14), "report", {"proposal": "书面说明，上门致歉", "compensation": money})],
        )
        for hour, login in enumerate(UP if far != "raised" else UP[:1], 15):
            answer(session, world, paper, login, world.at(ago, hour), "approve", "同意，抓紧落实")
    _ending(session, world, paper, ago, who, far)


def _ending(session: Any, world: World, paper: Complaint, ago: int, who: str, far: str) -> None:
    """Answered, asked about, perhaps opened again."""
    if far in ("closed", "closed_up", "reopened", "answered"):
        walk(
            session,
            world,
            paper,
            [(who, world.at(ago, 17, 20), "answer", {"answer": "已核实并向您致歉，处理结果已告知"})],
        )
    if far in ("closed", "closed_up", "reopened"):
        word = Satisfaction.SO_SO if far == "closed_up" else Satisfaction.YES
        walk(
            session,
            world,
            paper,
            [("clerk", world.at(ago - 1, 10), "close", {"satisfaction": word, "revisit": "电话回访，客户接受"})],
        )
    if far == "reopened":
        walk(session, world, paper, [("clerk", world.at(ago - 3, 10), "reopen", {"note": "客户又来电，说没有兑现"})])


def _internal(session: Any, world: World) -> None:
    """One light and closed, one on its way up, one about the supervisor, one just written."""
    rows = (
        (15, "consultant1", "consultant2", InternalAbout.TURNS, "轮到我接待时被抢接", "closed"),
        (6, "consultant2", "consultant1", InternalAbout.CUSTOMERS, "我的老客户被登记到别人名下", "raised"),
        (4, "consultant1", SUP, InternalAbout.MANAGEMENT, "排班总把周末排给同一个人", "open"),
        (1, "clerk", "consultant2", InternalAbout.CONDUCT, "领资料时态度不好", "open"),
    )
    for ago, login, named, about, facts, far in rows:
        at = world.at(ago, 10)
        paper = InternalComplaint(
            project_id=world.projects[A].id, about=about, facts=facts, demand="请主管处理", owner_id=world.people[login].id,
            against_id=world.people[named].id,
        )  # fmt: skip
        actor = world.actor(login, at)
        entered(
            session,
            world,
            login,
            at,
            paper,
            lambda case, who=actor, when=at: internal.register(session, case, who, when),
        )
        if far == "closed":
            walk(session, world, paper, [
                (SUP, world.at(ago, 11), "first_reply", {"reply": "今天找双方了解"}),
                (SUP, world.at(ago, 16), "settle", {"answer": "已批评并补一次接待"}),
                (login, world.at(ago - 1, 9, 30), "close", {"satisfaction": Satisfaction.YES}),
            ])  # fmt: skip
        elif far == "raised":
            walk(session, world, paper, [(SUP, world.at(ago, 11), "report", {"proposal": "按登记记录判定归属"})])


def _suggestions(session: Any, world: World) -> None:
    """In every state; one is late."""
    rows = (
        (21, "consultant1", Proposer.CUSTOMER, "赵先生", SuggestionAbout.SITE, "洽谈区加儿童活动角", "answered"),
        (14, "clerk", Proposer.STAFF, "", SuggestionAbout.PROCESS, "签约资料清单提前一天发给客户", "adopted"),
        (9, "consultant2", Proposer.CUSTOMER, "钱女士", SuggestionAbout.PRODUCT, "入户柜预留鞋柜插座", "declined"),
        (6, "consultant2", Proposer.STAFF, "", SuggestionAbout.MANAGEMENT, "早会改为一周三次", "late"),
        (2, "clerk", Proposer.DEVELOPER, "甲方客服", SuggestionAbout.SERVICE, "交楼前统一发送验房提示", "reported"),
        (0, "consultant1", Proposer.CUSTOMER, "孙先生", SuggestionAbout.PROMOTION, "老业主活动增加亲子场", "new"),
    )
    for ago, login, who, proposer, about, content, far in rows:
        at = world.at(ago, 9, 20)
        if at > now():
            continue
        paper = Suggestion(
            project_id=world.projects[A].id,
            who=who,
            proposer=proposer,
            about=about,
            content=content,
            owner_id=world.people[login].id,
        )
        entered(session, world, login, at, paper, lambda made, when=at: suggestions.register(session, made, when))
        if far not in ("new", "late"):
            walk(session, world, paper, [(SUP, world.at(ago - 1, 10), "report", {"summary": "可行，费用不大"})])
        if far in ("answered", "adopted", "declined"):
            word = ("refuse", "今年已定稿，下期考虑") if far == "declined" else ("approve", "同意")
            answer(session, world, paper, "site_manager", world.at(ago - 1, 15), *word)
        if far == "answered":
            walk(session, world, paper, [
                (SUP, world.at(ago - 4, 11), "handle", {"result": "已添置并开放"}), (SUP, world.at(ago - 4, 12), "answer", {"answer": "已采纳，谢谢"}),
            ])  # fmt: skip


def _events(session: Any, world: World) -> None:
    """Incidents and disputes from just reported to closed."""
    place = {"project_id": world.projects[A].id}
    for ago, login, paper, level, far in (
        (24, "clerk", Incident(kind=IncidentKind.EQUIPMENT, place="接待大厅", facts="沙盘灯箱短路冒烟", people="无人受伤"), EventLevel.COMMON, "closed"),
        (11, "consultant1", Incident(kind=IncidentKind.INJURY, place="样板间", facts="客户在样板间台阶绊倒", people="客户一人，轻微擦伤"), EventLevel.MAJOR, "decided"),
        (1, "consultant2", Incident(kind=IncidentKind.CROWD, place="接待大厅", facts="十余名业主来访要求答复交付标准", people="业主十余人"), EventLevel.LARGE, "raised"),
        (16, SUP, Dispute(kind=DisputeKind.OWNERSHIP, facts="两名顾问都称客户先由自己接待", people="两名顾问", demand="都要求归自己"), EventLevel.COMMON, "closed"),
        (3, SUP, Dispute(kind=DisputeKind.CUSTOMER, facts="客户称顾问口头承诺车位优惠", people="客户、顾问", demand="要求兑现"), EventLevel.LARGE, "handling"),
        (2, "clerk", Dispute(kind=DisputeKind.OTHER, facts="两组为使用接待台起争执", people="两组顾问", demand="要求分时使用"), EventLevel.COMMON, "new"),
    ):  # fmt: skip
        at = world.at(ago, 15)
        paper.project_id, paper.happened_at, paper.level = place["project_id"], at, level
        paper.owner_id = world.people[login].id
        entered(session, world, login, at, paper, lambda made, when=at: events.register(session, made, when))
        if far == "new":
            continue
        parties = (
            {"against": world.people["consultant1"].id, "also_against": world.people["consultant2"].id}
            if isinstance(paper, Dispute)
            else {}
        )
        walk(
            session,
            world,
            paper,
            [(SUP, world.at(ago, 15, 30), "accept", {"level": level, "measures": "先安抚，分开了解情况", **parties})],
        )
        if far in ("raised", "decided"):
            walk(session, world, paper, [(SUP, world.at(ago, 16), "report", {"proposal": "书面回应，专人对接"})])
        if far == "decided":
            for hour, decider in enumerate(UP, 16):
                answer(session, world, paper, decider, world.at(ago, hour, 30), "approve", "同意，注意安全")
        if far == "closed":
            walk(
                session,
                world,
                paper,
                [(SUP, world.at(ago - 1, 11), "close", {"result": "已处理，双方接受", "lessons": "登记和巡检要及时"})],
            )


def _actions(session: Any, world: World) -> None:
    """One done and checked, one to be checked, one running, one late."""
    rows = (
        (26, "clerk", ActionKind.CORRECTIVE, "来电漏接", "总机设呼叫转移，下班有人值守", 18, "passed"),
        (18, "consultant1", ActionKind.CORRECTIVE, "样板间与资料不一致", "核对全部宣传资料并张贴说明", 4, "done"),
        (9, "consultant2", ActionKind.PREVENTIVE, "优惠口头承诺", "所有优惠以书面为准，早会宣讲", -5, "open"),
        (15, "contract_officer", ActionKind.PREVENTIVE, "补充协议签前没有解释", "签前逐条讲解并请客户签字", 3, "open"),
    )
    for ago, login, kind, problem, measure, due_ago, far in rows:
        at = world.at(ago, 17)
        paper = CorrectiveAction(
            project_id=world.projects[A].id, month=f"{at:%Y-%m}", kind=kind, problem=problem, cause="流程没有写清", measure=measure,
            responsible_id=world.people[login].id, due_on=world.day(due_ago),
        )  # fmt: skip

        def begin(made: Any, when: Any = at) -> None:
            order_action(session, made, when)

        check_action(session, paper, at)
        entered(session, world, SUP, at, paper, begin)
        if far != "open":
            walk(session, world, paper, [(login, at + timedelta(days=3), "finish", {"outcome": "已落实"})])
        if far == "passed":
            walk(
                session,
                world,
                paper,
                [(SUP, at + timedelta(days=4), "pass_check", {"conclusion": "抽查三次均有人接听"})],
            )
