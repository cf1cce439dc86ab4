"""Two months of calls, visits and follow-ups: some three hundred customers at 江畔云庐, a few at 翠湖壹号.

For later chapters `world.kept["customers"]` has, by login, the ids of the consultant's customers who have been here,
want to buy (A or B) and are being followed, the oldest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from app.demo import invented
from app.demo.world import World, travel
from app.features.customers.choices import (
    AgeBand,
    AreaBand,
    ConsentChannel,
    ContactKind,
    CustomerState,
    Eligibility,
    Family,
    FollowMethod,
    FollowResult,
    Gender,
    Grade,
    Housing,
    LostReason,
    Marital,
    NoPhoneReason,
    Outcome,
    Purpose,
    Register,
    Source,
    TotalBand,
    Transport,
)
from app.features.customers.effects import Arrival, NewCustomer, register, without_phone
from app.features.customers.models import Customer
from app.kernel.actors import Actor, acting_as
from app.kernel.base import now
from app.kernel.transactions import write
from app.kernel.workflow import fire

DAYS = 61
OPEN = (CustomerState.NEW, CustomerState.FOLLOWING)
AREAS = ("滨江新城", "老城中心", "高新园区", "河西片区", "东门街道", "南湖片区")
JOBS = ("企业职员", "教师", "医务人员", "个体经营", "公务员", "工程师", "自由职业", "退休")
MEDIA = {
    Source.OUTDOOR: ("滨江大道高架牌", "地铁站灯箱"),
    Source.NETWORK: ("房产门户网站", "搜索推广"),
    Source.SHORT_VIDEO: ("项目视频号", "本地探房账号"),
    Source.EVENT: ("样板房开放日", "周末亲子活动"),
    Source.CHANNEL: ("门店带看",),
    Source.PRESS: ("晚报地产版",),
}
SOURCES = [Source.PASSING] * 4 + [Source.FRIEND] * 3 + [Source.NETWORK] * 4 + [Source.SHORT_VIDEO] * 3 + [
    Source.OUTDOOR, Source.OUTDOOR, Source.REFERRAL, Source.REFERRAL, Source.EVENT, Source.WECHAT, Source.LEAFLET, Source.PRESS,
]  # fmt: skip
NEEDS = (
    "想要三房，看重朝南和得房率",
    "给父母换电梯房，楼层不要太高",
    "为孩子上学，关心学区划分",
    "首套刚需，关心首付和月供",
    "改善四房，关心江景和车位",
)
LIKED = ("江景视野开阔", "户型方正", "绿化率高", "样板房装修满意", "离地铁近")
DOUBTS = ("担心交付时间", "觉得单价偏高", "想等贷款利率下调", "对楼间距有疑问", "还在比较隔壁楼盘")
RIVALS = ("云杉府", "湖畔里、云杉府", "澜庭苑", "湖畔里", "城东新筑")
TALKS = (
    "已发最新户型图和价格表，客户表示周末再来",
    "客户在比较两个楼盘，讲解了得房率差异",
    "客户关心首付比例，已测算月供",
    "约好和家人一起看样板房",
    "客户出差，约下周联系",
    "解答了交付标准和物业费",
)
MISSED = ("响铃无人接听", "占线后未回拨", "提示已停机")


@dataclass(frozen=True)
class Site:
    """Who receives customers of a project, and about how many a day come on week days and at weekends."""

    code: str
    sellers: tuple[str, ...]
    desk: str
    supervisor: str
    week_day: int
    weekend: int


SITES = (
    Site("JPYL", ("consultant1", "consultant2", "consultant3", "consultant4"), "clerk", "supervisor", 5, 9),
    Site("CH1", ("other_consultant",), "other_clerk", "other_supervisor", 0, 2),
)
Deed = tuple[datetime, str, Callable[[Actor], Any]]  # when, who, what


def load(session: Any, world: World) -> None:
    """Day by day, in the order of the clock; what would lie ahead of the present moment is left out."""
    latest, numbers = now(), invented.phones(world.random)
    for days_ago in range(DAYS, -1, -1):
        for site in SITES:
            deeds = [
                *_follow_ups(session, world, site, days_ago),
                *_arrivals(session, world, site, days_ago, numbers),
            ]
            write(session, partial(_do, world, [deed for deed in sorted(deeds, key=_when) if deed[0] <= latest]))
    _decisions(session, world)
    world.kept["customers"] = {login: _buyers(session, world, login) for site in SITES for login in site.sellers}


def _when(deed: Deed) -> tuple[datetime, str]:
    return deed[:2]


def _do(world: World, deeds: list[Deed]) -> None:
    """The deeds of one day; posts change from day to day, so one look at them a day is enough."""
    actors: dict[str, Actor] = {}
    for moment, login, deed in deeds:
        if login not in actors:
            actors[login] = world.actor(login, moment)
        with travel(moment), acting_as(actors[login]):
            deed(actors[login])


def _moment(world: World, days_ago: int) -> datetime:
    """Some minute between nine and half past five; on the present day the early morning."""
    minute = world.random.randrange(510) if days_ago else world.random.randrange(40)
    return world.at(days_ago, 9) + timedelta(minutes=minute)


def _arrivals(session: Any, world: World, site: Site, days_ago: int, numbers: Iterator[str]) -> Iterator[Deed]:
    chance, project_id = world.random, world.projects[site.code].id
    usual = site.weekend if world.day(days_ago).weekday() >= 5 else site.week_day
    for _ in range(max(0, usual + chance.choice((-1, 0, 0, 1)))):
        seller, moment = chance.choice(site.sellers), _moment(world, days_ago)
        by_desk = chance.random() < 0.2
        arrival = _arrival(world, moment, world.people[seller].id if by_desk else None)
        who = site.desk if by_desk else seller
        if chance.random() < 0.1:
            reason = chance.choice(list(NoPhoneReason))
            yield (
                moment,
                who,
                partial(without_phone, session, project_id=project_id, data=Arrival(**arrival), reason=reason),
            )
            continue
        visitor = NewCustomer(**arrival, **guest(world), phones=(next(numbers),))
        yield moment, who, partial(register, session, project_id=project_id, data=visitor)


def _arrival(world: World, moment: datetime, receiver_id: int | None) -> dict[str, Any]:
    chance = world.random
    kind = chance.choice((ContactKind.FIRST_VISIT, ContactKind.FIRST_VISIT, ContactKind.CALL))
    source = chance.choice(SOURCES)
    noted: dict[str, Any] = {"needs": chance.choice(NEEDS), "outcome": chance.choice(list(Outcome)[:3])}
    if kind is not ContactKind.CALL:
        noted |= {
            "people": chance.choice((1, 2, 2, 3)), "transport": chance.choice(list(Transport)), "liked": chance.choice(LIKED),
            "doubts": chance.choice(DOUBTS), "stay_minutes": chance.randrange(15, 95, 5), "home_area": chance.choice(AREAS),
        }  # fmt: skip
    detail = chance.choice(MEDIA.get(source, ("",)))
    if kind is not ContactKind.CALL and moment.minute % 3 == 0:  # no further dice: the world stays as it was
        noted["rivals"] = RIVALS[moment.minute % len(RIVALS)]
    return {
        "kind": kind,
        "source": source,
        "source_detail": detail,
        "at": moment,
        "receiver_id": receiver_id,
        "noted": noted,
    }


def guest(world: World) -> dict[str, Any]:
    """Name, grade and profile of somebody invented, as register() takes them."""
    chance = world.random
    male, married = chance.random() < 0.55, chance.random() < 0.7
    grade = chance.choices(list(Grade), (12, 28, 40, 20))[0]
    profile = {
        "gender": Gender.MALE if male else Gender.FEMALE,
        "age_band": chance.choice(list(AgeBand)[1:6]),
        "register": chance.choice((Register.LOCAL, Register.LOCAL, Register.PROVINCE, Register.COUNTRY)),
        "marital": Marital.MARRIED if married else Marital.SINGLE,
        "family": chance.choice((Family.ONE_CHILD, Family.TWO_CHILDREN) if married else (Family.ALONE,)),
        "housing": chance.choice(list(Housing)[:3]),
        "home_area": chance.choice(AREAS),
        "work_area": chance.choice(AREAS),
        "occupation": chance.choice(JOBS),
        "purpose": chance.choice(list(Purpose)[:6]),
        "homes_owned": chance.choice((0, 0, 1, 1, 2)),
        "wanted_layout": chance.choice(("三房", "三房", "四房", "两房")),
        "wanted_area": chance.choice(list(AreaBand)[1:4]),
        "wanted_total": chance.choice(list(TotalBand)[1:5]),
        "down_payment": Decimal(chance.randrange(30, 81, 5) * 10_000),
        "concerns": chance.choice(LIKED),
        "resistance": chance.choice(DOUBTS),
        "eligibility": Eligibility.FIT if grade is Grade.A else Eligibility.UNCHECKED,
    }
    return {"name": invented.name(chance, male=male), "grade": grade, "profile": profile}


def _follow_ups(session: Any, world: World, site: Site, days_ago: int) -> Iterator[Deed]:
    """Most of what is due is done: calls, some come again, some are lost."""
    chance, logins = world.random, {world.people[login].id: login for login in site.sellers}
    query = select(Customer).where(
        Customer.project_id == world.projects[site.code].id,
        Customer.state.in_(OPEN),
        Customer.follow_due_on <= world.day(days_ago),
    )
    for customer in session.scalars(query.order_by(Customer.id)).all():
        if chance.random() < (0.3 if days_ago else 0.8):
            continue
        moment, login = _moment(world, days_ago), logins[customer.owner_id or 0]
        name, note, form = _next_step(world, customer)
        yield moment, login, partial(fire, session, customer, name, note=note, **form)
        if customer.consent_at is None and customer.grade in (Grade.A, Grade.B) and chance.random() < 0.5:
            paper: dict[str, Any] = {
                "version": "2026-01",
                "channel": ConsentChannel.PAPER,
                "agree_developer": customer.id % 3 > 0,
            }
            yield moment, login, partial(fire, session, customer, "note_consent", **paper)


def _next_step(world: World, customer: Customer) -> tuple[str, str, dict[str, Any]]:
    """The step, its reason, its form."""
    chance = world.random
    if chance.random() < {Grade.C: 0.05, Grade.D: 0.35}.get(customer.grade, 0):
        why = chance.choice(list(LostReason)[:6])
        elsewhere = {"lost_to": RIVALS[customer.id % 2]} if why is LostReason.BOUGHT_ELSEWHERE else {}
        return "lose", "多次联系后明确不再考虑", {"lost_reason": why, **elsewhere}
    if customer.grade in (Grade.A, Grade.B) and chance.random() < 0.2:
        source = chance.choice((Source.CALLING, Source.FRIEND, Source.EVENT))
        form = {"kind": ContactKind.REVISIT, "source": source, "people": 2, "outcome": Outcome.THINKING}
        return "note_contact", "", form
    result = chance.choices(list(FollowResult), (75, 17, 5, 3))[0]
    form = {"method": chance.choice((FollowMethod.PHONE, FollowMethod.PHONE, FollowMethod.WECHAT)), "result": result}
    if result is not FollowResult.REACHED:
        return "note_follow_up", "", form | {"method": FollowMethod.PHONE, "content": chance.choice(MISSED)}
    grades = list(Grade)
    place = min(max(grades.index(customer.grade) + chance.choice((-1, 0, 0, 0, 1)), 0), len(grades) - 1)
    return "note_follow_up", "", form | {"content": chance.choice(TALKS), "grade": grades[place]}


def _decisions(session: Any, world: World) -> None:
    """What the supervisor does: one entry after the deadline, two owners changed, three into the pool, one of them given out."""
    site, yesterday = SITES[0], world.at(1, 17, 30)
    project_id, seller = world.projects[site.code].id, world.people["consultant3"].id
    with world.acting(site.supervisor, yesterday) as actor:
        late = _arrival(world, world.at(4, 16, 40), seller) | {"late_reason": "当日停电，纸质登记后补录"}
        without_phone(session, actor, project_id, Arrival(**late), NoPhoneReason.BUSY, "周女士")
        quiet = select(Customer).where(Customer.project_id == project_id, Customer.state == CustomerState.FOLLOWING)
        for customer in session.scalars(
            quiet.where(Customer.grade == Grade.D).order_by(Customer.last_contact_at).limit(3)
        ).all():
            fire(session, customer, "pool", actor, note="三十天未到访")
        fire(session, customer, "assign", actor, owner_id=world.people["consultant4"].id)
        busy = quiet.where(Customer.owner_id == world.people["consultant1"].id, Customer.grade == Grade.C)
        for customer in session.scalars(busy.order_by(Customer.id).limit(2)).all():
            fire(session, customer, "change_owner", actor, owner_id=seller, note="原顾问客户较多，调剂跟进")


def _buyers(session: Any, world: World, login: str) -> list[int]:
    query = select(Customer.id).where(
        Customer.owner_id == world.people[login].id,
        Customer.state == CustomerState.FOLLOWING,
        Customer.grade.in_((Grade.A, Grade.B)),
        Customer.last_visit_at.is_not(None),
    )
    return list(session.scalars(query.order_by(Customer.id)))
