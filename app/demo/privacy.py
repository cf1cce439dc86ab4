"""个人信息: requests in every state, leaks with their clocks, lists of old visitors, looks at numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.demo.world import World, travel
from app.features.customers.choices import ContactKind, CustomerState, Grade, Source
from app.features.customers.effects import NewCustomer, register
from app.features.customers.models import Customer, CustomerPhone
from app.features.privacy.breaches.effects import begin as begin_breach
from app.features.privacy.breaches.models import Breach, BreachKind, Harm
from app.features.privacy.kept_by_law import bound
from app.features.privacy.purge.effects import prepare, work_off
from app.features.privacy.purge.models import PurgeRun
from app.features.privacy.requests.effects import begin
from app.features.privacy.requests.models import AskedBy, AskedHow, PersonRequest, RequestKind
from app.kernel.actors import SYSTEM, acting_as
from app.kernel.base import now
from app.kernel.privacy import reveal
from app.kernel.transactions import write
from app.kernel.workflow import fire

A, B = "JPYL", "CH1"
SHOWN = "核对身份证原件"


def load(session: Any, world: World) -> None:
    """The chapter: each act on its day by whoever does it."""
    _requests(session, world)
    _breaches(session, world)
    _purges(session, world)
    _looks(session, world)


def _requests(session: Any, world: World) -> None:
    with acting_as(SYSTEM):
        visitors = _some(session, world, (CustomerState.FOLLOWING,), 6, ~bound(Customer.id))
        buyer = _some(session, world, (CustomerState.RESERVED, CustomerState.SIGNED), 1)[0]
    _asked(session, world, visitors[0], RequestKind.ACCESS, 0)
    _asked(session, world, visitors[1], RequestKind.CORRECT, 34)  # late
    _verified(session, world, visitors[2], RequestKind.COPY, 3)
    answered = _verified(session, world, visitors[3], RequestKind.ACCESS, 15)
    with world.acting("supervisor", world.at(13, 15)) as who:
        fire(session, answered, "answer", who, answer="已当面提供清单一份，客户签收")
    erased = _verified(session, world, visitors[4], RequestKind.ERASE, 12)
    with world.acting("sales_admin", world.at(10, 10)) as who:
        fire(session, erased, "erase", who)
    refused = _verified(session, world, buyer, RequestKind.ERASE, 18)
    with world.acting("supervisor", world.at(16, 11)) as who:
        fire(session, refused, "refuse", who, note="您的认购、付款资料依法须保存，保存期满后删除；我们已停止营销联系。")
    withdrawn = _verified(session, world, visitors[5], RequestKind.WITHDRAW, 7)
    with world.acting("supervisor", world.at(7, 16)) as who:
        fire(session, withdrawn, "withdraw", who)
    twice = _asked(session, world, visitors[0], RequestKind.ACCESS, 1)
    with world.acting("supervisor", world.at(1, 17)) as who:
        fire(session, twice, "void", who, note="同一请求登记了两次")


def _some(session: Any, world: World, states: tuple[CustomerState, ...], count: int, *kept: Any) -> list[Customer]:
    query = select(Customer).where(Customer.project_id == world.projects[A].id, Customer.state.in_(states), *kept)
    return list(session.scalars(query.order_by(Customer.id.desc()).limit(count)))


def _asked(session: Any, world: World, customer: Customer, kind: RequestKind, days: int) -> PersonRequest:
    with world.acting("clerk", world.at(days, 8, 40)) as who:

        def work() -> PersonRequest:
            paper = PersonRequest(
                customer_id=customer.id, kind=kind, asked_by=AskedBy.HIMSELF, asked_how=AskedHow.SITE, asked_on=world.day(days),
                content=f"客户要求{kind.label}本人的信息",
            )  # fmt: skip
            begin(session, paper, who)
            session.add(paper)
            session.flush()
            return paper

        return write(session, work)


def _verified(session: Any, world: World, customer: Customer, kind: RequestKind, days: int) -> PersonRequest:
    paper = _asked(session, world, customer, kind, days)
    with world.acting("clerk", world.at(days, 8, 50)) as who:
        fire(session, paper, "verify", who, proof=SHOWN)
    return paper


def _breaches(session: Any, world: World) -> None:
    told = (
        (
            BreachKind.MISSENT,
            1,
            "把 12 位客户的回访名单误发到外部微信群，两分钟后撤回",
            "姓名、手机号码",
            12,
            Harm.SOME,
        ),
        (BreachKind.LOST, 2, "外展点登记本遗失一天，已在保安室找回", "姓名、手机号码", 31, Harm.SOME),
        (BreachKind.BEYOND, 9, "离职顾问手机里留有客户号码截图", "姓名、手机号码", 8, Harm.SOME),
        (BreachKind.OTHER, 40, "打印室遗留一份认购书复印件", "姓名、证件号码", 1, Harm.LOW),
        (BreachKind.OTHER, 3, "误登记：只是测试名单", "无", 0, Harm.LOW),
    )
    for number, (kind, days, what, data, persons, harm) in enumerate(told):
        with world.acting("supervisor", world.at(days, 16)) as who:
            paper = _breach(session, world, kind=kind, what=what, data_kinds=data, persons=persons, harm=harm)
            if number in (1, 2, 3):
                fire(session, paper, "contain", who, measures="已追回并书面确认没有留存，相关账号已停用")
        with world.acting("site_manager", world.at(days, 18)) as who:
            if number in (2, 3):
                fire(
                    session,
                    paper,
                    "report",
                    who,
                    authority="危害轻微，经评估不需要报告，评估记录附后",
                    told_persons="已逐一电话告知",
                )
            if number == 3:
                fire(session, paper, "close", who, cause="打印后未取走；已改为刷卡取件，并在早会提醒")
            if number == 4:
                fire(session, paper, "void", who, note="测试名单，没有真实客户")


def _breach(session: Any, world: World, **values: Any) -> Breach:
    def work() -> Breach:
        paper = Breach(project_id=world.projects[A].id, found_at=now() - timedelta(hours=1), **values)
        begin_breach(session, paper)
        session.add(paper)
        session.flush()
        return paper

    return write(session, work)


def _purges(session: Any, world: World) -> None:
    """One list is worked off, one waits for 销管部, one was not wanted; their visitors came long ago."""
    _visitors(session, world, A, "consultant1", 820, ("褚先生", "卫女士"), 100)
    done = _listed(session, world, A, 12)
    with world.acting("sales_admin", world.at(11, 10)) as who:
        fire(session, done, "confirm", who)
    with world.acting("sales_admin", world.at(11, 10, 5)), acting_as(SYSTEM):
        write(session, lambda: work_off(session, session.get_one(PurgeRun, done.id), SYSTEM))
    _visitors(session, world, A, "consultant2", 780, ("蒋先生", "沈女士", "韩先生"), 110)
    _listed(session, world, A, 0)
    _visitors(session, world, B, "other_consultant", 760, ("杨女士",), 120)
    not_now = _listed(session, world, B, 5)
    with world.acting("sales_admin", world.at(4, 10)) as who:
        fire(session, not_now, "void", who, note="翠湖壹号二期开盘前再清理")


def _visitors(
    session: Any, world: World, code: str, seller: str, days: int, names: tuple[str, ...], first: int
) -> None:
    for number, name in enumerate(names, first):
        with world.acting(seller, world.at(days - number % 10, 15)) as who:
            visit = NewCustomer(
                kind=ContactKind.FIRST_VISIT,
                source=Source.PASSING,
                name=name,
                phones=(f"10099000{number}",),
                grade=Grade.D,
            )
            register(session, who, world.projects[code].id, visit)


def _listed(session: Any, world: World, code: str, days: int) -> PurgeRun:
    with travel(world.at(days, 3)), acting_as(SYSTEM):
        run = write(session, lambda: prepare(session, world.projects[code].id))
    if run is None:
        raise LookupError(f"{code}: nobody to purge")
    return run


def _looks(session: Any, world: World) -> None:
    """The site manager looked at three numbers for a reason; the auditor asks about them."""
    for minute, why in enumerate(("客户投诉回访", "核对撞单", "客户来电核实"), 5):
        with world.acting("site_manager", world.at(2, 10, minute)) as who:
            query = select(CustomerPhone).where(CustomerPhone.project_id == world.projects[A].id, CustomerPhone.live)
            phone = session.scalars(query.order_by(CustomerPhone.id).offset(minute)).first()
            if phone is not None:
                write(session, lambda phone=phone, why=why: reveal(session, who, phone, "number", why))  # type: ignore[misc]
